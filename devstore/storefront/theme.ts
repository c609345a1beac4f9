/** A theme as it lies in devstore/themes: what it lacks it has of the light one; and what the merchant changed in its JSON files. */
import { createHash } from "node:crypto";
import path from "node:path";
import type { ShopState } from "../state/model.ts";
import { readFolder, versionOf } from "./files.ts";
import type { CodeSpace } from "./liquid/code-space.ts";
import { readSchema, type Schema, type Setting } from "./liquid/schema.ts";
import { StorefrontError } from "./liquid/thing.ts";
import { readLocales } from "./locales.ts";

const FOLDER = path.resolve(import.meta.dirname, "..", "themes");
/** Whose files the others share. */
const BASE = "light";
export const THEMES = ["light", "dark"] as const;

export interface Theme {
  name: string;
  /** As Shopify counts themes. */
  id: number;
  files: ReadonlyMap<string, string>;
  sections: ReadonlyMap<string, { source: string; schema: Schema }>;
  settings: readonly Setting[];
  space: CodeSpace;
}

const cached = new Map<string, { version: string; theme: Theme }>();

export function themeNamed(name: string): Theme {
  const index = THEMES.findIndex((each) => each === name);
  if (index < 0) throw new StorefrontError(`there is no theme ${name}`);
  const version = versionOf(path.join(FOLDER, BASE)) + versionOf(path.join(FOLDER, name));
  const known = cached.get(name);
  if (known?.version === version) return known.theme;
  const theme = readTheme(name, index + 1);
  cached.set(name, { version, theme });
  return theme;
}

function readTheme(name: string, id: number): Theme {
  const files = new Map([
    ...readFolder(path.join(FOLDER, BASE)).texts,
    ...readFolder(path.join(FOLDER, name)).texts,
  ]);
  const inFolder = (folder: string, end: string) =>
    [...files].flatMap(([file, text]) =>
      file.startsWith(`${folder}/`) && file.endsWith(end)
        ? [[file.slice(folder.length + 1, file.length - end.length), text] as const]
        : [],
    );
  const sections = new Map(
    inFolder("sections", ".liquid").map(([handle, source]) => {
      const schema = readSchema(`sections/${handle}.liquid`, source, "section");
      return [handle, { source, schema: schema ?? { name: handle, settings: [], blocks: [] } }];
    }),
  );
  const groups = JSON.parse(files.get("config/settings_schema.json") ?? "[]") as { settings?: Setting[] }[];
  return {
    name,
    id,
    files,
    sections,
    settings: groups.flatMap(({ settings = [] }) => settings),
    space: {
      kind: "theme",
      name: `themes/${name}`,
      snippets: new Map(inFolder("snippets", ".liquid")),
      assetUrl(file) {
        const text = files.get(`assets/${file}`);
        if (text === undefined) throw new StorefrontError(`themes/${name} has no asset ${file}`);
        const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
        return `/cdn/shop/t/${id}/assets/${file}?v=${hash}`;
      },
      translate: readLocales(`themes/${name}`, new Map(inFolder("locales", ""))).find,
    },
  };
}

export interface BlockData {
  type: string;
  disabled?: boolean;
  settings?: Record<string, unknown>;
}

export interface SectionData {
  type: string;
  disabled?: boolean;
  settings?: Record<string, unknown>;
  blocks?: Record<string, BlockData>;
  block_order?: string[];
}

/** A template or a group of sections. */
export interface SectionsData {
  type?: string;
  name?: string;
  sections: Record<string, SectionData>;
  order: string[];
}

export interface SettingsData {
  current: {
    [setting: string]: unknown;
    sections?: Record<string, SectionData>;
    /** App embeds. */
    blocks?: Record<string, BlockData>;
  };
}

/** A JSON file of the theme, as the merchant left it; `undefined` where there is none. */
function themeJson(shop: ShopState, theme: Theme, file: string): unknown {
  const changed = shop.onlineStore.files[`${theme.name}/${file}`];
  if (changed !== undefined) return structuredClone(changed);
  const text = theme.files.get(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new StorefrontError(`themes/${theme.name}, ${file}: ${String(error)}`);
  }
}

export function sectionsData(shop: ShopState, theme: Theme, file: string): SectionsData {
  const data = themeJson(shop, theme, file) as SectionsData | undefined;
  if (!data) throw new StorefrontError(`themes/${theme.name} has no file ${file}`);
  return data;
}

export function settingsData(shop: ShopState, theme: Theme): SettingsData {
  const data = themeJson(shop, theme, "config/settings_data.json") as SettingsData | undefined;
  return data ?? { current: {} };
}
