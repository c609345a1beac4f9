/** The one door in for customers known by their ids: what Shopify knows is saved, who is gone leaves with their link to orders. */
import { checkoutsOfCustomers, ordersOfCustomers } from "../../db/queries/customer-orders.server.ts";
import { deleteCustomer, saveCustomers } from "../../db/stores/customers.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { gidOf, idOf } from "../../shopify/gid.ts";
import { CUSTOMERS_BY_ID } from "../../shopify/operations/customers.ts";
import type { CustomerNode } from "../../shopify/mapping.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { inChunks } from "./chunks.ts";
import { customerMapper } from "./customer-mapper.ts";
import { syncCheckouts } from "./sync-checkouts.server.ts";
import { syncOrders } from "./sync-orders.server.ts";

const CUSTOMERS_AT_ONCE = 100;

export async function syncCustomers(
  db: Database,
  shopId: number,
  customerIds: Iterable<number>,
  also?: (tx: Transaction, customerIds: readonly number[]) => Promise<void>,
): Promise<{ applied: number; deleted: number }> {
  const synced = { applied: 0, deleted: 0 };
  for (const ids of inChunks(new Set(customerIds), CUSTOMERS_AT_ONCE)) {
    const shop = await activeShop(db, shopId);
    if (!shop) return synced;
    const client = await adminFor(db, shopId);
    failpoint("sync-customers:before-fetch");
    const nodes = await fetchCustomers(client, ids);
    failpoint("sync-customers:after-fetch");
    const customers = [...nodes.values()].map(customerMapper(shop));
    const gone = ids.filter((id) => !nodes.has(id));
    // A merge whose webhook was lost looks like a deletion, and moves what the customer had without a new time of change.
    await syncOrders(db, shopId, await ordersOfCustomers(db, shopId, gone));
    await syncCheckouts(db, shopId, await checkoutsOfCustomers(db, shopId, gone));

    const applied = await db.write(async (tx) => {
      const saved = await saveCustomers(tx, shopId, customers);
      for (const id of gone) await deleteCustomer(tx, shopId, id, Date.now());
      await also?.(tx, ids);
      failpoint("sync-customers:before-commit");
      return saved.applied;
    });
    failpoint("sync-customers:after-commit");
    synced.applied += applied;
    synced.deleted += gone.length;
  }
  return synced;
}

async function fetchCustomers(
  client: AdminClient,
  ids: readonly number[],
): Promise<Map<number, CustomerNode>> {
  const { nodes } = await client.request(CUSTOMERS_BY_ID, { ids: ids.map((id) => gidOf("Customer", id)) });
  const found = new Map<number, CustomerNode>();
  for (const node of nodes) if (node && "id" in node) found.set(idOf(node.id), node);
  return found;
}
