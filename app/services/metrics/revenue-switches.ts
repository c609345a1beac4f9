/** What a shop counts as revenue, as its row holds it. */
import type { Included, RefundBasis } from "../../core/metrics/amounts.ts";
import type { Shop } from "../../db/stores/shops.server.ts";

export type SwitchColumns = Pick<Shop, "countsTax" | "countsShipping" | "countsGiftCards" | "refundBasis">;

export function revenueSwitches(shop: SwitchColumns): { included: Included; basis: RefundBasis } {
  return {
    included: { tax: shop.countsTax, shipping: shop.countsShipping, giftCards: shop.countsGiftCards },
    basis: shop.refundBasis === "refund date" ? "refund date" : "order date",
  };
}
