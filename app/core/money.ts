/** Money as integer minor units of an ISO 4217 currency: parsing, writing and splitting without floating point. */

/** Currencies whose minor unit is not a hundredth (ISO 4217:2015, list one). */
const DECIMALS: Readonly<Record<string, number>> = {
  BHD: 3, BIF: 0, CLP: 0, DJF: 0, GNF: 0, IQD: 3, ISK: 0, JOD: 3, JPY: 0, KMF: 0, KRW: 0, KWD: 3, LYD: 3, OMR: 3,
  PYG: 0, RWF: 0, TND: 3, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
}; // prettier-ignore

/** Number of decimals of a currency's minor unit: 0, 2 or 3. */
export function currencyDecimals(currency: string): number {
  return DECIMALS[currency] ?? 2;
}

/** One unit of the currency; a hundred of one that has no smaller part, whose units are small. */
export function usualUnit(currency: string): number {
  return 10 ** (currencyDecimals(currency) || 2);
}

const AMOUNT = /^(-?)(\d+)(?:\.(\d*))?$/;

/**
 * Parses a decimal amount such as Shopify's `"12.5"` to minor units, rounding half away from zero where it has more
 * decimals than the currency. Throws on anything that is not a plain decimal or does not fit an exact integer.
 */
export function parseMinor(amount: string, currency: string): number {
  const match = AMOUNT.exec(amount);
  if (!match) throw new Error(`not an amount: ${JSON.stringify(amount)}`);
  const [, sign, whole = "", fraction = ""] = match;
  const decimals = currencyDecimals(currency);
  const kept = fraction.slice(0, decimals).padEnd(decimals, "0");
  const roundUp = (fraction[decimals] ?? "0") >= "5" ? 1 : 0;
  const minor = Number(whole + kept) + roundUp;
  if (!Number.isSafeInteger(minor)) throw new Error(`amount is out of range: ${amount}`);
  return sign && minor !== 0 ? -minor : minor;
}

/** Writes minor units as a decimal string with the currency's own number of decimals, as Shopify takes it. */
export function formatMinor(minor: number, currency: string): string {
  const decimals = currencyDecimals(currency);
  const digits = Math.abs(minor)
    .toString()
    .padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const sign = minor < 0 ? "-" : "";
  return decimals === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-decimals)}`;
}

/**
 * Splits an amount in proportion to integer weights; parts are rounded towards zero and the last part with a weight takes
 * the rest, so that the parts always add up. Exact for any safe integers.
 */
export function splitMinor(totalMinor: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n);
  const parts = weights.map((weight) =>
    sum === 0n ? 0 : Number((BigInt(totalMinor) * BigInt(weight)) / sum),
  );
  const last = weights.findLastIndex((weight) => weight !== 0);
  const taker = last === -1 ? parts.length - 1 : last;
  if (taker >= 0) parts[taker] = (parts[taker] ?? 0) + totalMinor - parts.reduce((a, b) => a + b, 0);
  return parts;
}
