/** Themes and their JSON files, as the merchant has left them in the editor. */
import { themeNamed, THEMES, type Theme } from "../../storefront/theme.ts";
import type { ShopState } from "../../state/model.ts";
import { listConnection } from "../connection.ts";
import type { Arguments, Context } from "../context.ts";
import { notSimulated } from "../errors.ts";
import { gid } from "../ids.ts";
import { fields } from "./fields.ts";

interface ThemeSource {
  __typename: "OnlineStoreTheme";
  shop: ShopState;
  theme: Theme;
}

interface FileSource {
  __typename: "OnlineStoreThemeFile";
  filename: string;
  content: string;
}

export function themes(_source: unknown, args: Arguments, { shop }: Context) {
  if (args["names"]) throw notSimulated("Argument themes.names");
  const roles = args["roles"] as readonly string[] | null | undefined;
  const sources = THEMES.map((name): ThemeSource => {
    return { __typename: "OnlineStoreTheme", shop, theme: themeNamed(name) };
  });
  return listConnection(
    sources.filter((source) => !roles || roles.includes(roleOf(source))),
    args,
  );
}

function roleOf({ shop, theme }: ThemeSource): string {
  return shop.onlineStore.theme === theme.name ? "MAIN" : "UNPUBLISHED";
}

function filesOf({ shop, theme }: ThemeSource, args: Arguments) {
  const patterns = args["filenames"] as readonly string[] | null | undefined;
  const wanted = patterns?.map(matcher);
  const files = [...theme.files].map(([filename, text]): FileSource => {
    const changed = shop.onlineStore.files[`${theme.name}/${filename}`];
    const content = changed === undefined ? text : JSON.stringify(changed, null, 2);
    return { __typename: "OnlineStoreThemeFile", filename, content };
  });
  return listConnection(
    files.filter(({ filename }) => !wanted || wanted.some((each) => each.test(filename))),
    args,
  );
}

/** `*` stands for anything. */
function matcher(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

export const themeTypes = {
  OnlineStoreTheme: fields<ThemeSource>({
    id: ({ theme }) => gid("OnlineStoreTheme", theme.id),
    name: ({ theme }) => theme.name,
    role: roleOf,
    files: filesOf,
  }),
  OnlineStoreThemeFile: fields<FileSource>({
    filename: ({ filename }) => filename,
    body: ({ content }) => ({ __typename: "OnlineStoreThemeFileBodyText", content }),
  }),
  OnlineStoreThemeFileBodyText: fields<{ content: string }>({ content: ({ content }) => content }),
};
