/**
 * Brings unit costs that changed: an event names the inventory item, and the products that are sold from it are fetched with their
 * costs. Both need no more than read_products.
 */
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { productsOfChangedItems, productsOfItems } from "../../shopify/fetch-inventory.server.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { inChunks } from "./chunks.ts";
import { syncProducts } from "./sync-products.server.ts";

const ITEMS_AT_ONCE = 200;

export async function syncCosts(
  db: Database,
  shopId: number,
  itemIds: Iterable<number>,
  also?: (tx: Transaction, itemIds: readonly number[]) => Promise<void>,
): Promise<void> {
  for (const ids of inChunks(new Set(itemIds), ITEMS_AT_ONCE)) {
    if (!(await activeShop(db, shopId))) return;
    const client = await adminFor(db, shopId);
    failpoint("sync-costs:before-fetch");
    const productIds = await productsOfItems(client, ids);
    failpoint("sync-costs:after-fetch");
    await syncProducts(db, shopId, productIds);
    await db.write(async (tx) => {
      await also?.(tx, ids);
      failpoint("sync-costs:before-commit");
    });
    failpoint("sync-costs:after-commit");
  }
}

/** Costs whose events were lost. `false`, and nothing done, where more than `atMost` products have changed ones. */
export async function syncChangedCosts(
  db: Database,
  shopId: number,
  client: AdminClient,
  sinceMs: number,
  atMost: number,
): Promise<boolean> {
  const changed = new Set<number>();
  for await (const productIds of productsOfChangedItems(client, sinceMs)) {
    for (const id of productIds) changed.add(id);
    if (changed.size > atMost) return false;
  }
  await syncProducts(db, shopId, changed);
  return true;
}
