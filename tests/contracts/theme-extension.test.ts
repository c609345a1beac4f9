/** What the theme extension promises whoever opens a page of the shop: how little it brings, and in each language all of its texts. */
import { globSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";

const EXTENSION = path.resolve("extensions/storefront");
const read = (...names: string[]) => readFileSync(path.join(EXTENSION, ...names), "utf8");
const filesIn = (folder: string) => readdirSync(path.join(EXTENSION, folder)).toSorted();
const gzipped = (text: string) => gzipSync(text, { level: 9 }).length;

describe("what it weighs", () => {
  test("one script of at most 10 kB and one stylesheet of at most 6 kB, compressed", () => {
    expect(filesIn("assets")).toEqual(["perennial.css", "perennial.js"]);
    expect(gzipped(read("assets", "perennial.js"))).toBeLessThanOrEqual(10_000);
    expect(gzipped(read("assets", "perennial.css"))).toBeLessThanOrEqual(6_000);
  });

  test("the script is no page's: no block links it, and what stands inline is less than 1 kB", () => {
    const sources = ["blocks", "snippets"].flatMap((folder) =>
      filesIn(folder).map((file) => read(folder, file)),
    );
    const inline = sources.flatMap((source) => [...source.matchAll(/<script[^>]*>(.*?)<\/script>/gs)]);
    // What follows a variant or the cart, and what looks whether somebody came by a member’s link.
    expect(inline).toHaveLength(2);
    for (const [script] of inline) expect(script.length).toBeLessThan(1_400);
    for (const [script] of inline) expect(withoutIndent(script).length).toBeLessThan(1_024);
    for (const source of sources) expect(source).not.toMatch(/"javascript"|<script[^>]+src|<link/);
  });

  test("nothing is placed left or right, and no colour is fixed", () => {
    const css = read("assets", "perennial.css");
    expect(css).not.toMatch(/(^|[\s-])(left|right)\b/m);
    expect(css).not.toMatch(/#[0-9a-f]{3,8}\b|\brgba?\(|\bhsl/i);
  });
});

function withoutIndent(script: string): string {
  return script.replace(/^\s+/gm, "");
}

type Texts = { [key: string]: string | Texts };
const FORMS = new Set(["zero", "one", "two", "few", "many", "other"]);
const LANGUAGES = ["en", "ja", "lv", "pl", "ru", "th"];

function localeFile(language: string, schema = ""): Texts {
  const file = `${language}${language === "en" ? ".default" : ""}${schema}.json`;
  return JSON.parse(read("locales", file)) as Texts;
}

/** A text that takes forms by a count stands as one key with its forms. */
function entries(texts: Texts, prefix = ""): [string, Record<string, string>][] {
  return Object.entries(texts).flatMap(([key, value]): [string, Record<string, string>][] => {
    if (typeof value === "string") return [[prefix + key, { "": value }]];
    const isPlural = Object.keys(value).every((form) => FORMS.has(form));
    return isPlural ? [[prefix + key, value as Record<string, string>]] : entries(value, `${prefix}${key}.`);
  });
}

const variables = (text: string) => [...text.matchAll(/\{\{ (\w+) \}\}/g)].map(([, name]) => name).toSorted();

describe.each(LANGUAGES)("texts: %s", (language) => {
  const english = new Map(entries(localeFile("en")));
  const own = new Map(entries(localeFile(language)));

  test("all keys, each with the forms that the language has", () => {
    expect([...own.keys()].toSorted()).toEqual([...english.keys()].toSorted());
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    for (const [key, texts] of own) {
      const isPlural = !("" in (english.get(key) ?? {}));
      expect(Object.keys(texts).toSorted(), key).toEqual(isPlural ? forms : [""]);
    }
  });

  test("every form says all that English does", () => {
    for (const [key, texts] of own) {
      const expected = variables(english.get(key)?.["other"] ?? english.get(key)?.[""] ?? "");
      for (const text of Object.values(texts)) {
        expect(variables(text), key).toEqual(expected);
        expect(text, key).not.toBe("");
      }
    }
  });

  test("a count's form is named by the language's own rules; there are twelve months", () => {
    const plural = own.get("plural") ?? {};
    for (const [form, text] of Object.entries(plural)) expect(text).toBe(form);
    expect(own.get("profile.months")?.[""]?.split(",")).toHaveLength(12);
  });

  test("the theme editor's texts", () => {
    const keys = (texts: Texts) => entries(texts).map(([key]) => key);
    expect(keys(localeFile(language, ".schema"))).toEqual(keys(localeFile("en", ".schema")));
  });
});

test("every text that a block or snippet asks for is there, and none that nobody asks for", () => {
  const asked = new Set(
    ["blocks", "snippets"].flatMap((folder) =>
      filesIn(folder).flatMap((file) =>
        [...read(folder, file).matchAll(/['"]([a-z]+\.[a-z_]+)['"]/g)].map(([, key]) => key),
      ),
    ),
  );
  // Made of what is known only when the page is.
  const made = /^(earn|cart)\.(exact|at_least|up_to|about)$|^recommendations\.\w+$|^plural$/;
  const keys = entries(localeFile("en")).map(([key]) => key);
  expect(keys.filter((key) => !asked.has(key) && !made.test(key))).toEqual([]);
  const texts = [...asked].filter((key) => !key?.startsWith("perennial."));
  expect(texts.filter((key) => !keys.includes(key ?? ""))).toEqual([]);
});

test("every extension has an id of its own, by which Shopify knows it again when its folder or handle changes", () => {
  const folder = path.dirname(EXTENSION);
  const declared = globSync("*/shopify.extension.toml", { cwd: folder }).flatMap((file) => {
    const toml = parse(readFileSync(path.join(folder, file), "utf8")) as { extensions?: { uid?: string }[] };
    return (toml.extensions ?? [toml as { uid?: string }]).map(({ uid }) => uid);
  });
  expect(declared.length).toBeGreaterThan(4);
  for (const uid of declared) expect(uid).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  expect(new Set(declared).size).toBe(declared.length);
});
