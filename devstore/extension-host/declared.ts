/** An app's UI extensions as they lie in its folder: what each `shopify.extension.toml` declares, and its texts. */
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";

const metafield = z.strictObject({ namespace: z.string(), key: z.string() });

const target = z.strictObject({
  target: z.string(),
  module: z.string(),
  metafields: z.array(metafield).optional(),
});

const setting = z.looseObject({ key: z.string(), type: z.string() });

const uiExtension = z.strictObject({
  type: z.literal("ui_extension"),
  name: z.string(),
  handle: z.string().regex(/^[a-z0-9-]{1,30}$/),
  uid: z.string().optional(),
  description: z.string().optional(),
  api_version: z.string().optional(),
  targeting: z.array(target).min(1),
  metafields: z.array(metafield).default([]),
  capabilities: z
    .strictObject({ api_access: z.boolean(), network_access: z.boolean(), block_progress: z.boolean() })
    .partial()
    .default({}),
  settings: z.strictObject({ fields: z.array(setting) }).default({ fields: [] }),
});

const file = z.object({
  api_version: z.string().optional(),
  extensions: z.array(z.looseObject({ type: z.string() })).default([]),
});

export interface UiTarget {
  /** As Shopify names it: `purchase.thank-you.block.render`. */
  target: string;
  /** From the extension's folder: `./src/thank-you.tsx`. */
  module: string;
  /** Metafields that `shopify.appMetafields` has there. */
  metafields: readonly { namespace: string; key: string }[];
}

export interface UiExtension {
  /** Absolute. */
  folder: string;
  handle: string;
  name: string;
  apiVersion: string;
  targets: readonly UiTarget[];
  capabilities: readonly ("api_access" | "network_access" | "block_progress")[];
  settingKeys: readonly string[];
}

/** Every UI extension in `extensions/` of an app's folder; what Shopify's command line would refuse of a toml throws. */
export function uiExtensionsIn(appFolder: string): UiExtension[] {
  const root = path.resolve(appFolder, "extensions");
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .map((name) => path.join(root, name))
    .filter((folder) => existsSync(path.join(folder, "shopify.extension.toml")))
    .flatMap(extensionsIn);
}

function extensionsIn(folder: string): UiExtension[] {
  const toml = file.parse(parse(readFileSync(path.join(folder, "shopify.extension.toml"), "utf8")));
  return toml.extensions
    .filter(({ type }) => type === "ui_extension")
    .map((declared) => {
      const read = uiExtension.safeParse(declared);
      if (!read.success) throw new Error(`${folder}/shopify.extension.toml: ${z.prettifyError(read.error)}`);
      const { name, handle, targeting, metafields, capabilities, settings } = read.data;
      const apiVersion = read.data.api_version ?? toml.api_version;
      if (apiVersion === undefined)
        throw new Error(`${folder}/shopify.extension.toml: api_version is missing`);
      return {
        folder,
        name,
        handle,
        apiVersion,
        targets: targeting.map((each) => ({ ...each, metafields: each.metafields ?? metafields })),
        capabilities: (["api_access", "network_access", "block_progress"] as const).filter(
          (capability) => capabilities[capability] === true,
        ),
        settingKeys: settings.fields.map(({ key }) => key),
      };
    });
}

/** A tree of texts, with plural forms as objects: `{"balance": {"one": "…", "other": "…"}}`. */
export interface Texts {
  readonly [key: string]: string | Texts;
}

export interface ExtensionTexts {
  defaultLanguage: string;
  byLanguage: Readonly<Record<string, Texts>>;
}

/** `locales/en.default.json`, `locales/pl.json`: exactly one is the default. */
export function textsIn(folder: string): ExtensionTexts {
  const byLanguage: Record<string, Texts> = {};
  const defaults: string[] = [];
  for (const name of globSync("locales/*.json", { cwd: folder }).toSorted()) {
    const [language = "", mark] = path.basename(name, ".json").split(".");
    if (mark === "default") defaults.push(language);
    byLanguage[language] = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as Texts;
  }
  const [defaultLanguage, ...more] = defaults;
  if (defaultLanguage === undefined || more.length > 0)
    throw new Error(`${folder}/locales: exactly one language is the default (en.default.json)`);
  return { defaultLanguage, byLanguage };
}
