/** Sends ids of any resource through that resource's one door. */
import type { SyncResource } from "../../core/job.ts";
import type { Database } from "../../db/types.ts";
import { syncCheckouts } from "./sync-checkouts.server.ts";
import { syncCustomers } from "./sync-customers.server.ts";
import { syncOrders } from "./sync-orders.server.ts";
import { syncProducts } from "./sync-products.server.ts";

export async function syncRecords(
  db: Database,
  shopId: number,
  resource: SyncResource,
  ids: readonly number[],
): Promise<void> {
  switch (resource) {
    case "orders":
      await syncOrders(db, shopId, ids);
      return;
    case "customers":
      await syncCustomers(db, shopId, ids);
      return;
    case "products":
      await syncProducts(db, shopId, ids);
      return;
    case "checkouts":
      await syncCheckouts(db, shopId, ids);
  }
}
