/** The texts that the theme app extension brings, by language: read once from its locale files. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { SHOPPER_LANGUAGES } from "../../core/storefront/shopper-messages.ts";
import { textsOf, type Texts } from "../../core/storefront/texts.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../../extensions/storefront/locales");

let read: ReadonlyMap<string, Texts> | undefined;

export function usualTexts(): ReadonlyMap<string, Texts> {
  read ??= new Map(SHOPPER_LANGUAGES.map((language) => [language, textsIn(language)]));
  return read;
}

/** The extension's own language is named `en.default.json`. */
function textsIn(language: string): Texts {
  const [file] = globSync(`${language}{,.default}.json`, { cwd: FOLDER });
  if (file === undefined) throw new Error(`the storefront has no texts in ${language}`);
  return textsOf(JSON.parse(readFileSync(path.join(FOLDER, file), "utf8")));
}
