/** Figures as people read them. */
import { formatMinor } from "../../core/money.ts";

const LOCALE = "en";

/** An amount in the currency's own decimals. Exact: digits come from the minor units and never from a division. */
export function showMoney(minor: number, currency: string): string {
  const parts = new Intl.NumberFormat(LOCALE, { style: "currency", currency }).formatToParts(0);
  const symbol = parts.find(({ type }) => type === "currency")?.value ?? currency;
  const [whole = "0", fraction] = formatMinor(Math.abs(minor), currency).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const space = /[A-Z]$/.test(symbol) ? " " : "";
  return `${minor < 0 ? "-" : ""}${symbol}${space}${grouped}${fraction ? `.${fraction}` : ""}`;
}

export function showCount(count: number): string {
  return count.toLocaleString(LOCALE);
}

/** A dash says that there is nothing to count it from. */
export function showShare(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(1)}%`;
}

export function showNumber(value: number | null, decimals: number): string {
  return value === null ? "–" : value.toFixed(decimals);
}

export function showTime(timeMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat(LOCALE, { timeZone, dateStyle: "medium", timeStyle: "short" }).format(
    timeMs,
  );
}
