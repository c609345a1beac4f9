/** The page's words: texts, numbers, days and amounts as the shopper reads them. */

type Values = Readonly<Record<string, string | number>>;

export function translate(key: string, values: Values = {}): string {
  return shopify.i18n.translate(key, values);
}

/** A text that depends on how many points; `{{points}}` stands for them as they are written. */
export function withPoints(key: string, points: number, values: Values = {}): string {
  return translate(key, { ...values, count: points, points: shopify.i18n.formatNumber(points) });
}

export function numberOf(value: number): string {
  return shopify.i18n.formatNumber(value);
}

/** `+120`, `-30`. */
export function signed(points: number): string {
  return shopify.i18n.formatNumber(points, { signDisplay: "exceptZero" });
}

/** A moment, or a day of the shop's (`2027-05-31`), which is the same everywhere. */
export function dayOf(time: string): string {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(time);
  return shopify.i18n.formatDate(new Date(time), { dateStyle: "medium", ...(isDay && { timeZone: "UTC" }) });
}

/** An hour of today, as the shopper's clock shows it. */
export function hourOf(time: string): string {
  return shopify.i18n.formatDate(new Date(time), { timeStyle: "short" });
}

export function moneyOf({ amount, currencyCode }: { amount: string; currencyCode: string }): string {
  return shopify.i18n.formatCurrency(Number(amount), { currency: currencyCode });
}

/** What Perennial says of an answer; where it says nothing, that it could not be done now. */
export function sentenceOf(
  answer: { ok: boolean; message?: string } | { ok: false; reason: string },
): string {
  return ("message" in answer ? answer.message : undefined) ?? translate("silent.action");
}

/** What stands in a field that has changed. */
export function valueOf({ currentTarget }: { currentTarget: unknown }): string {
  const { value } = currentTarget as { value?: string | null };
  return value ?? "";
}
