/** Every text is there in every language, with the placeholders of the English one and the forms that the language has. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { textsIn, type Texts } from "../../../devstore/extension-host/declared.ts";

const FOLDER = path.resolve(import.meta.dirname, "..");
const { byLanguage } = textsIn(FOLDER);
const FORMS = new Set(["zero", "one", "two", "few", "many", "other"]);

const isPlural = (each: string | Texts): each is Texts =>
  typeof each === "object" && Object.keys(each).every((key) => FORMS.has(key));

function flat(texts: Texts, prefix = ""): [string, string | Texts][] {
  return Object.entries(texts).flatMap(([key, each]): [string, string | Texts][] =>
    typeof each === "string" || isPlural(each) ? [[prefix + key, each]] : flat(each, `${prefix}${key}.`),
  );
}

/** English ones end with "other", as every language's may. */
const formsOf = (text: string | Texts | undefined): string[] =>
  (typeof text === "object" ? Object.values(text) : [text]).filter((form) => typeof form === "string");

const placeholders = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();
const english = new Map(flat(byLanguage["en"] ?? {}));

describe.each(Object.entries(byLanguage))("%s", (language, texts) => {
  it("has every text, with what is put into it", () => {
    const own = new Map(flat(texts));
    expect([...own.keys()]).toEqual([...english.keys()]);
    for (const [key, text] of own) {
      const expected = placeholders(formsOf(english.get(key)).at(-1) ?? "");
      for (const form of formsOf(text)) expect(placeholders(form), key).toEqual(expected);
    }
  });

  it("has the plural forms of its language and no others", () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    for (const [key, text] of flat(texts))
      if (isPlural(text)) expect(Object.keys(text).sort(), key).toEqual([...pluralCategories].sort());
  });
});

it("is in the six languages, and every text that a module names is there", () => {
  expect(Object.keys(byLanguage).sort()).toEqual(["en", "ja", "lv", "pl", "ru", "th"]);
  const src = path.join(FOLDER, "src");
  const source = readdirSync(src)
    .map((name) => readFileSync(path.join(src, name), "utf8"))
    .join("\n");
  const named = [...source.matchAll(/translate\(\s*"([\w.-]+)"/g)].map(([, key]) => key ?? "");
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((key) => !english.has(key))).toEqual([]);
});
