import { readFileSync, globSync } from "node:fs";
import { expect, it } from "vitest";
import { textsIn, type Texts } from "../../../devstore/extension-host/declared.ts";
import { FOLDER } from "./account-world.ts";

const { byLanguage } = textsIn(FOLDER);

/** Plural forms of a text are one text. */
function keysOf(texts: Texts, prefix = ""): string[] {
  return Object.entries(texts).flatMap(([key, text]) =>
    typeof text === "string" || Object.hasOwn(text, "other")
      ? [prefix + key]
      : keysOf(text, `${prefix}${key}.`),
  );
}

function at(texts: Texts, key: string): string | Texts | undefined {
  return key
    .split(".")
    .reduce<string | Texts | undefined>(
      (each, part) => (typeof each === "object" ? each[part] : undefined),
      texts,
    );
}

/** All that one text may read as. */
function formsOf(text: string | Texts | undefined): string[] {
  if (typeof text !== "object") return text === undefined ? [] : [text];
  return Object.values(text).filter((form) => typeof form === "string");
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

it("has the same texts in six languages, with each language's own plural forms and the same placeholders", () => {
  const english = byLanguage["en"] ?? {};
  expect(Object.keys(byLanguage).sort()).toEqual(["en", "ja", "lv", "pl", "ru", "th"]);
  for (const [language, texts] of Object.entries(byLanguage)) {
    expect(keysOf(texts).sort()).toEqual(keysOf(english).sort());
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const key of keysOf(texts)) {
      const [text, original] = [at(texts, key), at(english, key)];
      if (typeof text === "object") expect(Object.keys(text).sort(), key).toEqual([...forms].sort());
      const wanted = formsOf(original)[0] ?? "";
      for (const each of formsOf(text))
        expect(placeholders(each), `${language} ${key}`).toEqual(placeholders(wanted));
    }
  }
});

it("needs every text that it has, and has every text that it names", () => {
  const source = globSync(`${FOLDER}/src/**/*.{ts,tsx}`)
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  const english = byLanguage["en"] ?? {};
  const named = [...source.matchAll(/(?:translate|withPoints)\("([\w.-]+)"/g)].map(([, key]) => key ?? "");
  const made = [...source.matchAll(/translate\(`([\w.-]+)\.\$/g)].map(([, prefix]) => prefix ?? "");
  for (const key of named) expect(at(english, key), key).toBeDefined();
  const unused = keysOf(english).filter(
    (key) => !named.includes(key) && !made.some((prefix) => key.startsWith(`${prefix}.`)),
  );
  expect(unused).toEqual([]);
});
