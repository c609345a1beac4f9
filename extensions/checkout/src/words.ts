/** Counts, amounts and days in the shopper's language. */
import { currencyDecimals } from "../../../app/core/money.ts";
import type { RewardFacts } from "../../shared/facts.ts";

/** Of `shopify.i18n`. */
export interface I18n {
  translate: (key: string, options?: Record<string, string | number>) => string;
  formatNumber: (number: number) => string;
  formatCurrency: (amount: number, options?: Intl.NumberFormatOptions) => string;
  formatDate: (date: Date, options?: Intl.DateTimeFormatOptions) => string;
}

/** “3 points”, in the form that goes with the count. */
export function pointsIn({ translate, formatNumber }: I18n, count: number): string {
  return translate("points", { count, points: formatNumber(count) });
}

export function moneyIn({ formatCurrency }: I18n, minor: number, currency: string): string {
  return formatCurrency(minor / 10 ** currencyDecimals(currency), { currency });
}

/** A moment, as the shopper's own clock has it. */
export function momentIn({ formatDate }: I18n, iso: string, options: Intl.DateTimeFormatOptions): string {
  return formatDate(new Date(iso), options);
}

/** Amounts are in money of the shop's, unless the merchant has named one of the checkout's; Shopify converts the others by its rate. */
export function worthIn(i18n: I18n, reward: RewardFacts, currency: string, shopCurrency: string): string {
  const { kind, valueMinor, amounts, percent } = reward;
  if (kind === "percentage" && percent !== null)
    return i18n.translate("worth.percent", { percent: i18n.formatNumber(percent) });
  if (kind === "free-shipping") return i18n.translate("worth.shipping");
  if (kind === "free-product") return i18n.translate("worth.product");
  const own = amounts?.[currency];
  if (own !== undefined) return i18n.translate("worth.amount", { amount: moneyIn(i18n, own, currency) });
  const amount = moneyIn(i18n, valueMinor ?? 0, shopCurrency);
  return i18n.translate(currency === shopCurrency ? "worth.amount" : "worth.converted", { amount });
}
