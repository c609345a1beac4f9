/** Where a shop sells: countries with their currency, rate and languages. */
import type { MarketState, ShopState } from "../state/model.ts";

/** The first is the shop's own; a shop that names none has only that. */
export function marketsOf({
  markets,
  countryCode,
  currency,
  locale,
}: ShopState): readonly [MarketState, ...MarketState[]] {
  const [first, ...others] = markets;
  if (first) return [first, ...others];
  return [{ country: countryCode, currency, rate: 1, languages: [languageOf(locale)] }];
}

/** All that the shop is published in, its primary language first. */
export function languagesOf(shop: ShopState): string[] {
  return [...new Set(marketsOf(shop).flatMap(({ languages }) => languages))];
}

export function languageOf(locale: string): string {
  return locale.split("-")[0] ?? locale;
}

/** `/pl/products/tea` is the Polish page of `/products/tea`; the primary language has no prefix. */
export function splitLanguage(
  shop: ShopState,
  pathname: string,
): { locale: string; rootUrl: string; path: string } {
  const [primary = "en", ...others] = languagesOf(shop);
  const first = pathname.split("/")[1] ?? "";
  if (!others.includes(first)) return { locale: primary, rootUrl: "/", path: pathname };
  return { locale: first, rootUrl: `/${first}`, path: pathname.slice(first.length + 1) || "/" };
}
