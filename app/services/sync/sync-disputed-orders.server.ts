/**
 * Fetches orders again whose disputes may have changed: an order tells of them whenever it is fetched, but a dispute changes nothing of it
 * that a sweep could see. Those with an open one here are asked about always; those with a new one where the merchant lets us read disputes.
 */
import { openDisputes } from "../../db/stores/order-accruals.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { canReadDisputes, disputedOrders } from "../../shopify/fetch-disputes.server.ts";
import { syncOrders } from "./sync-orders.server.ts";

export async function syncDisputedOrders(
  db: Database,
  shop: { id: number; scopes: string },
  client: AdminClient,
  sinceMs: number,
): Promise<void> {
  const orderIds = new Set(await openDisputes(db, shop.id));
  if (canReadDisputes(shop)) {
    failpoint("sync-disputed-orders:before-fetch");
    for await (const ids of disputedOrders(client, sinceMs)) for (const id of ids) orderIds.add(id);
    failpoint("sync-disputed-orders:after-fetch");
  }
  await syncOrders(db, shop.id, orderIds);
}
