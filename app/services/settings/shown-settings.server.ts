/** The settings as their page shows them, out of the shop's row. */
import type { Shop } from "../../db/stores/shops.server.ts";
import { excludedTagsOf } from "../sync/customer-mapper.ts";

export function shownSettings(shop: Shop) {
  return {
    version: shop.settingsVersion,
    countsTax: shop.countsTax,
    countsShipping: shop.countsShipping,
    countsGiftCards: shop.countsGiftCards,
    refundBasis: shop.refundBasis,
    flatMarginBasisPoints: shop.flatMarginBasisPoints,
    excludedTags: excludedTagsOf(shop),
  };
}
