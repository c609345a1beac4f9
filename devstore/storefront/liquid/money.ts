/** Amounts as Shopify's money filters write them: the format belongs to the currency, not to the language. */
import { currencyDecimals } from "../../state/money.ts";
import { arithmetic } from "./number.ts";

export type MoneyStyle = "plain" | "with-currency" | "without-currency" | "without-trailing-zeros";

/** `{{amount}}` and its variants are Shopify's names for how the number is written. */
const FORMATS: Readonly<Record<string, string>> = {
  AUD: "${{amount}}",
  CAD: "${{amount}}",
  CHF: "CHF {{amount}}",
  CZK: "{{amount_with_comma_separator}} Kč",
  DKK: "{{amount_with_comma_separator}} kr",
  EUR: "€{{amount_with_comma_separator}}",
  GBP: "£{{amount}}",
  JPY: "¥{{amount_no_decimals}}",
  KRW: "₩{{amount_no_decimals}}",
  KWD: "{{amount}} KD",
  NZD: "${{amount}}",
  PLN: "{{amount_with_comma_separator}} zł",
  SEK: "{{amount_with_comma_separator}} kr",
  THB: "{{amount}} ฿",
  USD: "${{amount}}",
};

export function moneyFormat(currency: string): string {
  return FORMATS[currency] ?? `{{amount}} ${currency}`;
}

export function moneyWithCurrencyFormat(currency: string): string {
  const format = moneyFormat(currency);
  return format.endsWith(` ${currency}`) || format.startsWith(`${currency} `)
    ? format
    : `${format} ${currency}`;
}

/** Liquid holds amounts of every currency in hundredths, whatever its subunits are. */
export function liquidAmount(minor: number, currency: string): number {
  return Math.round((minor * 100) / 10 ** currencyDecimals(currency));
}

export function formatMoney(value: unknown, currency: string, style: MoneyStyle): string {
  // What is not there, or no number, is nothing.
  if (value === null || value === undefined || value === "") return "";
  const subunits = 2;
  const amount = arithmetic.round(arithmetic.times(value, 1));
  const digits = String(Math.abs(Number(amount))).padStart(subunits + 1, "0");
  const whole = digits.slice(0, -subunits);
  const fraction = digits.slice(-subunits);
  const sign = Number(amount) < 0 ? "-" : "";
  const format = style === "with-currency" ? moneyWithCurrencyFormat(currency) : moneyFormat(currency);
  const hasNoFraction = format.includes("amount_no_decimals");
  const trims = style === "without-trailing-zeros" && /^0+$/.test(fraction);
  const comma = format.includes("comma_separator");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, comma ? "." : ",");
  const rounded = hasNoFraction
    ? String(Math.round(Math.abs(Number(amount)) / 10 ** subunits)).replace(/\B(?=(\d{3})+$)/g, ",")
    : trims
      ? grouped
      : `${grouped}${comma ? "," : "."}${fraction}`;
  if (style === "without-currency") return sign + rounded;
  return sign + format.replace(/\{\{\s*\w+\s*\}\}/, rounded);
}
