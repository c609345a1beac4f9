/** The `t` filter: texts of a locale file, with variables, and plurals by the language's own rules. */
import type { CodeSpace } from "./code-space.ts";
import { escapedHtml, text } from "./text.ts";
import { StorefrontError } from "./thing.ts";

/** A key that neither the language's nor the default file has is an error: Shopify would show it to shoppers. */
export function translated(
  space: CodeSpace,
  key: string,
  locale: string,
  variables: Readonly<Record<string, unknown>>,
): string {
  const found = space.translate(key, locale);
  const chosen =
    typeof found === "object" && found !== null ? plural(found, locale, variables["count"]) : found;
  if (typeof chosen !== "string") throw new StorefrontError(`${space.name} has no text ${key} (${locale})`);
  // Values are escaped unless the key says that it is HTML.
  const shown = /(^|[._])html$/.test(key) ? text : escapedHtml;
  return chosen.replace(/\{\{\s*(\w+)\s*\}\}/g, (_all, name: string) => {
    if (!Object.hasOwn(variables, name))
      throw new StorefrontError(`${space.name}: the text ${key} needs ${name} (${locale})`);
    return shown(variables[name]);
  });
}

function plural(forms: object, locale: string, count: unknown): unknown {
  if (count === undefined || count === null) return undefined;
  const category = new Intl.PluralRules(locale).select(Number(count));
  const given = forms as Record<string, unknown>;
  return given[category] ?? given["other"];
}
