/** The one door in for customers known by their ids: what Shopify knows is saved, who is gone leaves with their link to orders. */
import { checkoutsOfCustomers, ordersOfCustomers } from "../../db/queries/customer-orders.server.ts";
import { customersSince } from "../../db/queries/record-stamps.server.ts";
import { deleteCustomer, saveCustomers } from "../../db/stores/customers.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import { settleUnreadable } from "../../db/stores/unreadable-records.server.ts";
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
import { mapReadable } from "./map-readable.ts";
import { syncCheckouts } from "./sync-checkouts.server.ts";
import { syncOrders } from "./sync-orders.server.ts";

const CUSTOMERS_AT_ONCE = 100;

type Also = (tx: Transaction, customerIds: readonly number[]) => Promise<void>;

interface SyncedCustomers {
  applied: number;
  deleted: number;
}

export async function syncCustomers(
  db: Database,
  shopId: number,
  customerIds: Iterable<number>,
  also?: Also,
): Promise<SyncedCustomers> {
  const synced = { applied: 0, deleted: 0 };
  for (const ids of inChunks(new Set(customerIds), CUSTOMERS_AT_ONCE)) {
    for (let left = ids; left.length > 0;) {
      const round = await fetchAndSave(db, shopId, left, also);
      synced.applied += round.applied;
      synced.deleted += round.deleted;
      left = round.overtaken;
    }
  }
  return synced;
}

/** A customer that someone else saved since our question is asked for again, as orders are (sync-orders.server.ts). */
async function fetchAndSave(
  db: Database,
  shopId: number,
  ids: readonly number[],
  also: Also | undefined,
): Promise<SyncedCustomers & { overtaken: number[] }> {
  const shop = await activeShop(db, shopId);
  if (!shop) return { applied: 0, deleted: 0, overtaken: [] };
  const client = await adminFor(db, shopId);
  failpoint("sync-customers:before-fetch");
  const nodes = await fetchCustomers(client, ids);
  failpoint("sync-customers:after-fetch");
  const customers = mapReadable([...nodes.values()], customerMapper(shop), shopId);
  const gone = ids.filter((id) => !nodes.has(id));
  // A merge whose webhook was lost looks like a deletion, and moves what the customer had without a new time of change.
  await syncOrders(db, shopId, await ordersOfCustomers(db, shopId, gone));
  await syncCheckouts(db, shopId, await checkoutsOfCustomers(db, shopId, gone));

  const saved = await db.write(async (tx) => {
    const { tagsVersion } = await lockShop(tx, shopId);
    // Tags to exclude by that changed since are another reason to look again.
    const overtaken =
      tagsVersion === shop.tagsVersion
        ? await customersSince(tx, shopId, ids, shop.dataVersion)
        : new Set(ids);
    const { applied } = await saveCustomers(
      tx,
      shopId,
      customers.mapped.filter(({ id }) => !overtaken.has(id)),
    );
    for (const id of gone) await deleteCustomer(tx, shopId, id);
    const done = ids.filter((id) => !overtaken.has(id) || !nodes.has(id));
    const unreadable = customers.unreadable.filter(({ id }) => !overtaken.has(id));
    await settleUnreadable(tx, shopId, "customers", { ids: done }, unreadable);
    await also?.(tx, done);
    failpoint("sync-customers:before-commit");
    return { applied, deleted: gone.length, overtaken: ids.filter((id) => !done.includes(id)) };
  });
  failpoint("sync-customers:after-commit");
  return saved;
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
