/** Which of the storefront's blocks stand in the theme that shoppers see, as Shopify tells at this moment. */
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { log } from "../../observability/log.server.ts";
import { MAIN_THEME_FILES } from "../../shopify/operations/theme.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { blocksIn } from "../../shopify/theme-blocks.ts";
import { adminFor } from "../access/admin-access.server.ts";

const SCOPE = "read_themes";
/** As shopify.app.toml names the app; the theme's files name it so. */
const APP_HANDLE = "perennial";
const FILES = ["templates/*.json", "sections/*.json", "config/settings_data.json"];

export function canReadThemes({ scopes }: Pick<Shop, "scopes">): boolean {
  return scopes.split(",").some((scope) => scope.trim() === SCOPE);
}

/** `null`: Shopify could not be asked. */
export async function placedBlocks(db: Database, shop: Pick<Shop, "id">): Promise<string[] | null> {
  try {
    const client = await adminFor(db, shop.id, { priority: "interactive" });
    const { themes } = await client.request(MAIN_THEME_FILES, { filenames: FILES });
    const files = themes?.nodes.flatMap(({ files: ofTheme }) => ofTheme?.nodes ?? []) ?? [];
    const contents = files.flatMap(({ body }) => ("content" in body ? [body.content] : []));
    return [...blocksIn(contents, APP_HANDLE)];
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
    log.warn({ shopId: shop.id, kind: error.kind }, "the theme could not be read");
    return null;
  }
}
