/** `shopify.i18n` of UI extensions: texts with placeholders and plural forms, numbers, money and dates. */
import type { ExtensionTexts, Texts } from "./declared.ts";

interface InExtensionLocale {
  inExtensionLocale?: boolean;
}

export interface I18n {
  translate(key: string, options?: Readonly<Record<string, unknown>>): unknown;
  formatNumber(number: number | bigint, options?: Intl.NumberFormatOptions & InExtensionLocale): string;
  formatCurrency(amount: number | bigint, options?: Intl.NumberFormatOptions & InExtensionLocale): string;
  formatDate(date: Date, options?: Intl.DateTimeFormatOptions & InExtensionLocale): string;
}

/** The shopper's language where the extension has it, else that of the same tongue, else its default. */
export function extensionLanguage(texts: ExtensionTexts, language: string): string {
  const known = (each: string) => Object.hasOwn(texts.byLanguage, each);
  const tongue = language.split("-")[0] ?? language;
  return known(language) ? language : known(tongue) ? tongue : texts.defaultLanguage;
}

/**
 * A key without a text and a placeholder without a value throw, so that the mistake is seen where it is made. What is put in for a
 * placeholder may be an element: then the answer is a list of the parts.
 */
export function createI18n(texts: ExtensionTexts, language: string, currency: string): I18n {
  const own = extensionLanguage(texts, language);
  const localeOf = ({ inExtensionLocale = false }: InExtensionLocale) => (inExtensionLocale ? own : language);
  return {
    translate(key, options = {}) {
      for (const each of new Set([own, texts.defaultLanguage])) {
        const found = textOf(texts.byLanguage[each], key, options["count"], each);
        if (found !== null) return filled(found, options);
      }
      throw new Error(`Missing translation: ${key} is in none of the extension's locales`);
    },
    formatNumber: (number, { inExtensionLocale, ...options } = {}) =>
      new Intl.NumberFormat(localeOf({ inExtensionLocale }), options).format(number),
    formatCurrency: (amount, { inExtensionLocale, ...options } = {}) =>
      new Intl.NumberFormat(localeOf({ inExtensionLocale }), {
        currency,
        ...options,
        style: "currency",
      }).format(amount),
    formatDate: (date, { inExtensionLocale, ...options } = {}) =>
      new Intl.DateTimeFormat(localeOf({ inExtensionLocale }), options).format(date),
  };
}

function textOf(texts: Texts | undefined, key: string, count: unknown, language: string): string | null {
  let each: string | Texts | undefined = texts;
  for (const part of key.split("."))
    each = typeof each === "object" && Object.hasOwn(each, part) ? each[part] : undefined;
  if (typeof each === "object" && typeof count === "number") {
    const form = new Intl.PluralRules(language).select(count);
    each = each[form] ?? each["other"];
  }
  return typeof each === "string" ? each : null;
}

function filled(text: string, options: Readonly<Record<string, unknown>>): unknown {
  const parts = text.split(/\{\{\s*([\w.-]+)\s*\}\}/).map((part, index) => {
    if (index % 2 === 0) return part;
    if (!Object.hasOwn(options, part)) throw new Error(`The text “${text}” needs ${part}`);
    return options[part];
  });
  const isPlain = parts.every((part) => typeof part === "string" || typeof part === "number");
  return isPlain ? parts.join("") : parts.filter((part) => part !== "");
}
