/** How far back Shopify lets the app read orders: 60 days, unless the merchant granted read_all_orders. */
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { creationBounds } from "./shopify-history.server.ts";

const READABLE_MS = 60 * 86_400_000;

export function canReadAllOrders({ scopes }: { scopes: string }): boolean {
  return scopes.split(",").some((scope) => scope.trim() === "read_all_orders");
}

/** Creation time of the oldest order that Shopify lists; `null` where it lists none. Asked, because its clock decides. */
export async function oldestListedOrder(client: AdminClient): Promise<number | null> {
  return (await creationBounds(client, "orders"))?.oldest ?? null;
}

/** First readable moment of a shop without read_all_orders, `null` where nothing is hidden. */
export function readableFrom(shop: { scopes: string }, shopCreatedAt: number, now: number): number | null {
  const limit = now - READABLE_MS;
  return canReadAllOrders(shop) || shopCreatedAt >= limit ? null : limit;
}
