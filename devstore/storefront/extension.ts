/** An app's theme extension as it lies in the app's folder: blocks, snippets, assets and texts. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import type { AppSettings } from "../auth/app-settings.ts";
import { readFolder, versionOf, type Files } from "./files.ts";
import type { CodeSpace } from "./liquid/code-space.ts";
import { readSchema, type Schema } from "./liquid/schema.ts";
import { StorefrontError } from "./liquid/thing.ts";
import { readLocales, type Locales } from "./locales.ts";

export interface Extension {
  app: AppSettings;
  /** What themes name it by, in `shopify://apps/perennial/blocks/points/<uuid>`. */
  uuid: string;
  version: string;
  blocks: ReadonlyMap<string, { source: string; schema: Schema }>;
  assets: ReadonlyMap<string, string>;
  locales: Locales;
  space: CodeSpace;
}

const cached = new Map<string, { version: string; extension: Extension }>();

/** The theme extensions of an app: folders of `extensions/` beside its shopify.app.toml. */
export function extensionsOf(app: AppSettings): Extension[] {
  const root = path.join(path.dirname(path.resolve(app.tomlPath)), "extensions");
  if (!existsSync(root)) return [];
  return readdirSync(root).flatMap((name) => {
    const folder = path.join(root, name);
    if (!isThemeExtension(folder)) return [];
    const key = `${app.clientId} ${folder}`;
    const version = versionOf(folder);
    const known = cached.get(key);
    if (known?.version === version) return [known.extension];
    const extension = readExtension(app, name, readFolder(folder));
    cached.set(key, { version, extension });
    return [extension];
  });
}

interface ExtensionToml {
  type?: string;
  uid?: string;
  extensions?: { type?: string; uid?: string }[];
}

function isThemeExtension(folder: string): boolean {
  const file = path.join(folder, "shopify.extension.toml");
  if (!existsSync(file)) return false;
  return declared(readFileSync(file, "utf8")).type === "theme";
}

function declared(text: string): { type?: string; uid?: string } {
  const toml = parse(text) as ExtensionToml;
  return toml.extensions?.[0] ?? toml;
}

function readExtension(app: AppSettings, name: string, { texts }: Files): Extension {
  const toml = declared(texts.get("shopify.extension.toml") ?? "");
  const uuid = toml.uid ?? uuidOf(`${app.handle}/${name}`);
  const inFolder = (folder: string, end: string) =>
    [...texts].flatMap(([file, text]) =>
      file.startsWith(`${folder}/`) && file.endsWith(end)
        ? [[file.slice(folder.length + 1, file.length - end.length), text] as const]
        : [],
    );
  const assets = new Map(inFolder("assets", ""));
  const version = createHash("sha256")
    .update(JSON.stringify([...texts]))
    .digest("hex")
    .slice(0, 12);
  const assetUrl = (file: string) => {
    if (!assets.has(file)) throw new StorefrontError(`extensions/${name} has no asset ${file}`);
    return `/extensions/${uuid}/${version}/assets/${file}`;
  };
  const blocks = new Map(
    inFolder("blocks", ".liquid").map(([handle, source]) => {
      const schema = readSchema(`blocks/${handle}.liquid`, source, "app-block");
      if (!schema) throw new StorefrontError(`blocks/${handle}.liquid has no schema`);
      for (const file of [schema.stylesheet, schema.javascript]) if (file !== undefined) assetUrl(file);
      return [handle, { source, schema }];
    }),
  );
  const locales = readLocales(`extensions/${name}`, new Map(inFolder("locales", "")));
  return {
    app,
    uuid,
    version,
    blocks,
    assets,
    locales,
    space: {
      kind: "app",
      name: `extensions/${name}`,
      snippets: new Map(inFolder("snippets", ".liquid")),
      assetUrl,
      translate: locales.find,
    },
  };
}

/** Always the same for the same name. */
function uuidOf(name: string): string {
  const digits = createHash("sha256").update(name).digest("hex");
  const version = `4${digits.slice(13, 16)}`;
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    version,
    `a${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join("-");
}
