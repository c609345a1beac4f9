/** Asks Shopify for what Perennial keeps of a shop itself. */
import type { ShopFacts } from "../../db/stores/shops.server.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { SHOP_FACTS } from "../../shopify/operations/shop.ts";

export interface FetchedFacts {
  /** What is kept. */
  facts: Required<ShopFacts>;
  /** When the shop itself was opened. */
  openedAt: number;
}

export async function fetchShopFacts(client: AdminClient): Promise<FetchedFacts> {
  const { shop, currentAppInstallation } = await client.request(SHOP_FACTS, {});
  const facts = {
    timeZone: shop.ianaTimezone,
    currency: shop.currencyCode,
    planName: shop.plan.publicDisplayName,
    appPlan: currentAppInstallation.activeSubscriptions[0]?.name ?? "",
    countryCode: shop.shopAddress.countryCodeV2 ?? null,
    scopes: currentAppInstallation.accessScopes.map(({ handle }) => handle).join(","),
  };
  return { facts, openedAt: Date.parse(shop.createdAt) };
}
