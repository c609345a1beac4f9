/** Locale files of a theme or an extension: `en.default.json` is what others fall back to. */
import { StorefrontError } from "./liquid/thing.ts";

export interface Locales {
  /** A text, or the plural forms of one; `undefined` where neither the language nor the default has it. */
  find: (key: string, locale: string) => unknown;
  /** The merchant's texts, for names in schemas: `t:blocks.points.name`. */
  schemaText: (key: string) => string;
}

/** By file name in the folder `locales`. */
export function readLocales(owner: string, files: ReadonlyMap<string, string>): Locales {
  const parsed = new Map(
    [...files].map(([file, text]) => {
      try {
        return [file, JSON.parse(text) as unknown];
      } catch (error) {
        throw new StorefrontError(`${owner}, locales/${file}: ${String(error)}`);
      }
    }),
  );
  const standard = (end: string) =>
    [...parsed].find(
      ([file]) => file.endsWith(`.default${end}`) && /\.schema\./.test(file) === /schema/.test(end),
    )?.[1];
  return {
    find(key, locale) {
      const [language = locale] = locale.split("-");
      for (const file of [`${locale}.json`, `${language}.json`, `${locale}.default.json`]) {
        const found = valueAt(parsed.get(file), key);
        if (found !== undefined) return found;
      }
      return valueAt(standard(".json"), key);
    },
    schemaText(key) {
      const found = valueAt(standard(".schema.json"), key.replace(/^t:/, ""));
      if (typeof found !== "string") throw new StorefrontError(`${owner} has no text ${key} for its schemas`);
      return found;
    },
  };
}

function valueAt(tree: unknown, key: string): unknown {
  let value = tree;
  for (const part of key.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}
