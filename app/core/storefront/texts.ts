/**
 * The storefront's texts as a merchant may change them: by language and key, the forms of a count apart. What is written keeps the
 * variables that the usual text has, and holds nothing that a page would take for HTML or Liquid.
 */

/** One text: its one form has no name, those of a count are named as CLDR names them (`one`, `few`, `other`). */
export type TextForms = Readonly<Record<string, string>>;

/** By key, such as `points.amount`. */
export type Texts = Readonly<Record<string, TextForms>>;

export const ONLY_FORM = "";
export const LONGEST_TEXT = 300;

/** What the language itself says, not the shop. */
const OF_THE_LANGUAGE = ["plural", "number"];
const FORM_NAMES = new Set(["zero", "one", "two", "few", "many", "other"]);

/** From an extension's locale file. */
export function textsOf(file: unknown): Texts {
  const texts: Record<string, TextForms> = {};
  const visit = (node: unknown, path: readonly string[]) => {
    const key = path.join(".");
    if (typeof node === "string") texts[key] = { [ONLY_FORM]: node };
    if (typeof node !== "object" || node === null) return;
    const entries = Object.entries(node);
    if (entries.every(([name, text]) => FORM_NAMES.has(name) && typeof text === "string"))
      texts[key] = Object.fromEntries(entries);
    else for (const [name, child] of entries) visit(child, [...path, name]);
  };
  for (const [name, child] of Object.entries(file as object))
    if (!OF_THE_LANGUAGE.includes(name)) visit(child, [name]);
  return texts;
}

const VARIABLE = /\{\{ ?(\w+) ?\}\}/g;

export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map(([, name = ""]) => name))].sort();
}

/** As the theme looks for them: `{{ points }}`, with one space on either side. */
export function tidyText(text: string): string {
  return text.normalize("NFC").trim().replace(VARIABLE, "{{ $1 }}");
}

export type TextFault =
  | { is: "empty" }
  | { is: "too-long" }
  /** `<`, `>`, `{%`, or braces that name no variable. */
  | { is: "markup" }
  | { is: "line-break" }
  | { is: "variable-missing" | "variable-unknown"; name: string }
  /** A list whose parts are counted. */
  | { is: "parts"; count: number };

/** `usual`: the text that stands there where the merchant has written none. */
export function faultOfText(text: string, usual: string): TextFault | null {
  if (text.trim() === "") return { is: "empty" };
  if (text.length > LONGEST_TEXT) return { is: "too-long" };
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\u0000-\u001f\u007f\u2028\u2029]/.test(text)) return { is: "line-break" };
  if (/[<>]|[{}]/.test(text.replace(VARIABLE, ""))) return { is: "markup" };
  const [written, wanted] = [variablesOf(text), variablesOf(usual)];
  const unknown = written.find((name) => !wanted.includes(name));
  if (unknown !== undefined) return { is: "variable-unknown", name: unknown };
  const missing = wanted.find((name) => !written.includes(name));
  if (missing !== undefined) return { is: "variable-missing", name: missing };
  const count = usual.split(",").length;
  // The twelve months.
  if (count === 12 && text.split(",").length !== count) return { is: "parts", count };
  return null;
}

/** What is amiss with each form that is. */
export function faultsOfForms(forms: TextForms, usual: TextForms): Record<string, TextFault> {
  const faults: Record<string, TextFault> = {};
  for (const [form, text] of Object.entries(usual)) {
    const fault = faultOfText(forms[form] ?? "", text);
    if (fault) faults[form] = fault;
  }
  return faults;
}

export type Samples = Readonly<Record<string, string>>;

/** As a shopper may see it. */
export function filled(text: string, samples: Samples): string {
  return text.replace(VARIABLE, (variable, name: string) => samples[name] ?? variable);
}

/** Of the numbers that take a form in a language, some small ones: 1, 21, 31 for Russian's `one`. */
export function numbersOfForm(language: string, form: string, most = 3): number[] {
  const rules = new Intl.PluralRules(language);
  const numbers: number[] = [];
  for (let number = 1; number <= 200 && numbers.length < most; number++)
    if (rules.select(number) === form) numbers.push(number);
  return numbers;
}

/** What the theme finds in app data: the language's texts by key, the form of a count after a point. */
export function publishedTexts(own: Texts): Record<string, string> {
  const published: Record<string, string> = {};
  for (const [key, forms] of Object.entries(own))
    for (const [form, text] of Object.entries(forms))
      published[form === ONLY_FORM ? key : `${key}.${form}`] = text;
  return published;
}
