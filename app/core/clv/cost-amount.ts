/** An amount as people and their tools write it, in the shop's currency: `1234.5`, `1,234.50`, `1.234,50`, `€ 1 234,50`. What can be read in two ways is refused. */
import { currencyDecimals, parseMinor } from "../money.ts";

export type ReadAmount = { ok: true; minor: number } | { ok: false; reason: string };

/** More would no longer add up exactly over all months. */
const MOST_MINOR = 10_000_000_000_000;

const SPACES = /[\s\u00a0\u2009\u202f'’]/g;

export function readCostAmount(text: string, currency: string): ReadAmount {
  const named = /[A-Za-z]{3}/.exec(text)?.[0].toUpperCase();
  const symbol = /\p{Sc}/u.exec(text)?.[0];
  if ((named && named !== currency) || (symbol && !symbolsOf(currency).includes(symbol))) {
    return refused(`is not in ${currency}, the currency of your shop`);
  }
  const digits = text
    .replace(/[A-Za-z]{3}/, "")
    .replace(/\p{Sc}/u, "")
    .replace(SPACES, "");
  if (/^[-−(]/.test(digits)) return refused("is below 0");
  if (!/^\d[\d.,]*$/.test(digits)) return refused("is not an amount");
  return readDigits(digits, currency);
}

function readDigits(digits: string, currency: string): ReadAmount {
  const decimals = currencyDecimals(currency);
  const marks = [...digits.replace(/\d/g, "")];
  const last = marks.at(-1);
  if (last === undefined) return minorOf(digits, "", currency);
  const at = digits.lastIndexOf(last);
  const [whole, fraction] = [digits.slice(0, at), digits.slice(at + 1)];
  const isOnlyOne = marks.filter((mark) => mark === last).length === 1;
  // 1.234.567 and 1,234,567: the same mark twice is never a decimal one.
  if (!isOnlyOne) {
    return marks.every((mark) => mark === last) && isGrouped(digits, last)
      ? minorOf(digits.replaceAll(last, ""), "", currency)
      : refused("is not an amount");
  }
  const other = marks.find((mark) => mark !== last);
  if (other !== undefined) {
    return isGrouped(whole, other)
      ? minorOf(whole.replaceAll(other, ""), fraction, currency)
      : refused("is not an amount");
  }
  // One mark alone before three digits may part thousands.
  if (fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole)) {
    if (decimals === 0 || (decimals === 2 && last === ",")) return minorOf(whole + fraction, "", currency);
    // With a point, three decimals are as our own files write them.
    if (decimals === 3 && last === ".") return minorOf(whole, fraction, currency);
    return refused(
      `can be read in two ways: write ${whole}${fraction} or ${whole}.${fraction.slice(0, decimals)}`,
    );
  }
  return minorOf(whole, fraction, currency);
}

/** Groups of three digits but for the first. */
function isGrouped(text: string, mark: string): boolean {
  const [first = "", ...rest] = text.split(mark);
  return /^\d{1,3}$/.test(first) && rest.every((group) => /^\d{3}$/.test(group));
}

function minorOf(whole: string, fraction: string, currency: string): ReadAmount {
  const decimals = currencyDecimals(currency);
  const kept = fraction.replace(/0+$/, "");
  if (kept.length > decimals) {
    return refused(
      decimals === 0 ? `has decimals, and ${currency} has none` : `has more than ${decimals} decimals`,
    );
  }
  // Sixteen digits and more are no exact number.
  if (whole.replace(/^0+/, "").length + decimals > 15) return refused("is too large");
  const minor = parseMinor(kept === "" ? whole : `${whole}.${kept}`, currency);
  return minor > MOST_MINOR ? refused("is too large") : { ok: true, minor };
}

function symbolsOf(currency: string): string[] {
  return (["symbol", "narrowSymbol"] as const).flatMap((currencyDisplay) => [
    ...new Intl.NumberFormat("en", { style: "currency", currency, currencyDisplay }).format(0),
  ]);
}

const refused = (reason: string): ReadAmount => ({ ok: false, reason });
