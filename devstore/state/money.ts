/** Money of the local Shopify: integer minor units to Shopify's decimal strings, and between two currencies. */

/** Currencies whose minor unit is not a hundredth (ISO 4217:2015, list one). */
const DECIMALS: Readonly<Record<string, number>> = {
  BHD: 3, BIF: 0, CLP: 0, DJF: 0, GNF: 0, IQD: 3, ISK: 0, JOD: 3, JPY: 0, KMF: 0, KRW: 0, KWD: 3, LYD: 3, OMR: 3,
  PYG: 0, RWF: 0, TND: 3, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
}; // prettier-ignore

export function currencyDecimals(currency: string): number {
  return DECIMALS[currency] ?? 2;
}

/** `"12.50"` of 1250 US cents; `"1250"` of 1250 yen. */
export function decimalAmount(minor: number, currency: string): string {
  const decimals = currencyDecimals(currency);
  const digits = Math.abs(minor)
    .toString()
    .padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const sign = minor < 0 ? "-" : "";
  return decimals === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-decimals)}`;
}

/** Minor units of the presentment currency for minor units of the shop's, rounded half away from zero. */
export function presentmentMinor(
  minor: number,
  shopCurrency: string,
  presentmentCurrency: string,
  rate: number,
): number {
  if (shopCurrency === presentmentCurrency) return minor;
  const scale = 10 ** (currencyDecimals(presentmentCurrency) - currencyDecimals(shopCurrency));
  const converted = Math.round(Math.abs(minor) * rate * scale);
  return minor < 0 && converted !== 0 ? -converted : converted;
}

/** Part of an amount for `count` of `of` units, rounded half away from zero; all of it for all units. */
export function shareMinor(minor: number, count: number, of: number): number {
  if (count === of) return minor;
  if (of === 0) return 0;
  const share = Math.round((Math.abs(minor) * count) / of);
  return minor < 0 && share !== 0 ? -share : share;
}
