/** What the theme editor does with blocks of apps: finds their place in a template or group, and turns embeds on. */
import type { ShopState, World } from "../state/model.ts";
import { changeThemeFile } from "../state/online-store.ts";
import { fail, succeed, type Result } from "../state/result.ts";
import type { Extension } from "./extension.ts";
import { allowedAt } from "./liquid/schema.ts";
import { sectionsData, settingsData, themeNamed, type SectionData, type Theme } from "./theme.ts";

export interface BlockPlace {
  /** `product`, `index`, `customers/account`, ... */
  template: string;
  /** As in Shopify's deep links: `newAppsSection`, `mainSection`, `sectionGroup:header`, `sectionId:main`. */
  target: string;
}

/** Adds an app's block where a deep link says, and returns the file that it is in. */
export function addAppBlock(
  world: World,
  shop: ShopState,
  extension: Extension,
  handle: string,
  place: BlockPlace,
  settings: Record<string, unknown> = {},
): Result<string> {
  const block = extension.blocks.get(handle);
  if (!block) return fail("not-found", `The app has no block ${handle}.`, ["addAppBlockId"]);
  if ((block.schema.target ?? "section") !== "section")
    return fail("invalid", `${handle} is an app embed: it is turned on, not added.`, ["addAppBlockId"]);
  const theme = themeNamed(shop.onlineStore.theme);
  const group = /^sectionGroup:([\w-]+)$/.exec(place.target)?.[1] ?? null;
  if (!allowedAt(block.schema, { template: place.template, group }))
    return fail("invalid", `${handle} is not for ${group ?? place.template}.`, ["template"]);
  const file = group === null ? `templates/${place.template}.json` : `sections/${group}-group.json`;
  if (!theme.files.has(file)) return fail("not-found", `The theme has no ${file}.`, ["template"]);
  const data = sectionsData(shop, theme, file);
  const section = sectionFor(theme, data, place.target, group !== null);
  if (!section) return fail("not-found", `No section there takes blocks of apps.`, ["target"]);
  section.blocks ??= {};
  const order = (section.block_order ??= Object.keys(section.blocks));
  const id = freeName(`${extension.app.handle}_${handle}`.replace(/-/g, "_"), section.blocks);
  const filled = Object.fromEntries(
    block.schema.settings.flatMap(({ id: name, type, autofill }) =>
      autofill === true && name !== undefined ? [[name, `{{ ${type} }}`]] : [],
    ),
  );
  section.blocks[id] = { type: referenceTo(extension, handle), settings: { ...filled, ...settings } };
  order.push(id);
  const changed = changeThemeFile(world, shop, { theme: theme.name, file, content: data });
  return changed.ok ? succeed(file) : changed;
}

function sectionFor(
  theme: Theme,
  data: ReturnType<typeof sectionsData>,
  target: string,
  isGroup: boolean,
): SectionData | undefined {
  const takesApps = (section: SectionData) =>
    theme.sections.get(section.type)?.schema.blocks.some(({ type }) => type === "@app") === true;
  if (target === "newAppsSection") {
    const key = freeName("apps", data.sections);
    const section: SectionData = { type: "apps", blocks: {}, block_order: [], settings: {} };
    data.sections[key] = section;
    data.order.push(key);
    return section;
  }
  const named = /^sectionId:(.+)$/.exec(target)?.[1];
  const all = data.order.flatMap((key) => data.sections[key] ?? []);
  const chosen =
    named !== undefined
      ? data.sections[named]
      : isGroup
        ? all.find(takesApps)
        : all.find(({ type }) => type.startsWith("main-"));
  return chosen && takesApps(chosen) ? chosen : undefined;
}

function freeName(wanted: string, taken: Readonly<Record<string, unknown>>): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted}_${count}`;
    if (!Object.hasOwn(taken, name)) return name;
  }
}

/** Turns an app embed on, or changes its settings. */
export function activateEmbed(
  world: World,
  shop: ShopState,
  extension: Extension,
  handle: string,
  settings: Record<string, unknown> = {},
): Result<string> {
  const block = extension.blocks.get(handle);
  if (!block) return fail("not-found", `The app has no block ${handle}.`, ["activateAppId"]);
  if ((block.schema.target ?? "section") === "section")
    return fail("invalid", `${handle} is a block of sections: it is added, not turned on.`, [
      "activateAppId",
    ]);
  const theme = themeNamed(shop.onlineStore.theme);
  const data = settingsData(shop, theme);
  const type = referenceTo(extension, handle);
  const blocks = (data.current.blocks ??= {});
  const present = Object.keys(blocks).find((id) => blocks[id]?.type === type);
  blocks[present ?? freeName("embed", blocks)] = { type, disabled: false, settings };
  const file = "config/settings_data.json";
  const changed = changeThemeFile(world, shop, { theme: theme.name, file, content: data });
  return changed.ok ? succeed(file) : changed;
}

function referenceTo({ app, uuid }: Extension, handle: string): string {
  return `shopify://apps/${app.handle}/blocks/${handle}/${uuid}`;
}
