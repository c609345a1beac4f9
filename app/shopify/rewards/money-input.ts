/** Money as Shopify takes it. */
import { formatMinor } from "../../core/money.ts";
import type { CurrencyCode } from "../generated/admin.types.d.ts";

export function moneyInput(minor: number, currency: string): { amount: string; currencyCode: CurrencyCode } {
  // The shop's own currency, which Shopify itself has told.
  return { amount: formatMinor(minor, currency), currencyCode: currency as CurrencyCode };
}
