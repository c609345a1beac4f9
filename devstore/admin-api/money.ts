/** Money as the Admin API writes it: decimals without trailing zeros, in the shop's and in the shopper's currency. */
import type { OrderState } from "../state/model.ts";
import { currencyDecimals, decimalAmount, presentmentMinor } from "../state/money.ts";

/** The Decimal scalar: `12.5`, `10.0`, `-0.99`; Shopify keeps one decimal and drops further zeros. */
export function decimal(minor: number, currency: string): string {
  const text = decimalAmount(minor, currency);
  if (!text.includes(".")) return `${text}.0`;
  const trimmed = text.replace(/0+$/, "");
  return trimmed.endsWith(".") ? `${trimmed}0` : trimmed;
}

/** Reads a Decimal or Money input to minor units; `null` where it is no amount of that currency. */
export function parseDecimal(text: string, currency: string): number | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const [, sign, whole = "", fraction = ""] = match;
  const decimals = currencyDecimals(currency);
  if (/[1-9]/.test(fraction.slice(decimals))) return null;
  const minor = Number(whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
  return sign === "-" && minor !== 0 ? -minor : minor;
}

export interface Money {
  minor: number;
  currency: string;
}

export interface MoneyBag extends Money {
  presentmentCurrency: string;
  presentmentRate: number;
}

/** An amount of an order in both of its currencies. */
export function bag(minor: number, currency: string, order: OrderState): MoneyBag {
  const { presentmentCurrency, presentmentRate } = order;
  return { minor, currency, presentmentCurrency, presentmentRate };
}

/** An amount that exists in the shop's currency only. */
export function shopBag(minor: number, currency: string): MoneyBag {
  return { minor, currency, presentmentCurrency: currency, presentmentRate: 1 };
}

/** What the shopper saw. */
export function presentment({ minor, currency, presentmentCurrency, presentmentRate }: MoneyBag): Money {
  return {
    minor: presentmentMinor(minor, currency, presentmentCurrency, presentmentRate),
    currency: presentmentCurrency,
  };
}
