/** Reads amounts as people write them into files, exactly, as integer minor units. */

/** Currencies whose minor unit is not a hundredth (ISO 4217:2015, list one). */
const DECIMALS: Readonly<Record<string, number>> = {
  BHD: 3, BIF: 0, CLP: 0, DJF: 0, GNF: 0, IQD: 3, ISK: 0, JOD: 3, JPY: 0, KMF: 0, KRW: 0, KWD: 3, LYD: 3, OMR: 3,
  PYG: 0, RWF: 0, TND: 3, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
}; // prettier-ignore

const PLAIN = /^(-?)(\d*)(?:\.(\d*))?$/;
const WITH_THOUSANDS = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/;
const DECIMAL_COMMA = /^-?(\d+|\d{1,3}(\.\d{3})+),\d{1,2}$/;

/**
 * `12.5`, `1,234.50`, `12,50` and `1.234,50`, with or without a currency sign, rounded half away from zero to the
 * currency's minor unit; `null` for anything else.
 */
export function readMinor(text: string, currency: string): number | null {
  const bare = text.replace(/[\s\u00a0$€£¥]/g, "");
  const decimal = WITH_THOUSANDS.test(bare)
    ? bare.replaceAll(",", "")
    : DECIMAL_COMMA.test(bare)
      ? bare.replaceAll(".", "").replace(",", ".")
      : bare;
  const match = PLAIN.exec(decimal);
  if (!match || !/\d/.test(decimal)) return null;
  const [, sign, whole = "", fraction = ""] = match;
  const decimals = DECIMALS[currency] ?? 2;
  const kept = fraction.slice(0, decimals).padEnd(decimals, "0");
  const roundUp = (fraction[decimals] ?? "0") >= "5" ? 1 : 0;
  const minor = Number(`${whole}${kept}` || "0") + roundUp;
  if (!Number.isSafeInteger(minor)) return null;
  return sign && minor !== 0 ? -minor : minor;
}

/** A whole number such as `6`, `-3` or `2.0`; `null` for anything else. */
export function readWhole(text: string): number | null {
  const [, digits] = /^\s*(-?\d{1,9})(?:\.0*)?\s*$/.exec(text) ?? [];
  return digits === undefined ? null : Number(digits) || 0;
}
