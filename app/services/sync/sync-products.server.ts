/** The one door in for products known by their ids; with them comes what their units cost today. */
import { deleteProduct, saveProducts } from "../../db/stores/products.server.ts";
import { settleUnreadable } from "../../db/stores/unreadable-records.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { productsById } from "../../shopify/fetch-products.server.ts";
import { mapProduct } from "../../shopify/mapping.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { inChunks } from "./chunks.ts";
import { mapReadable } from "./map-readable.ts";
import { recostAfter } from "./recost-after.server.ts";

const PRODUCTS_AT_ONCE = 20;

export async function syncProducts(
  db: Database,
  shopId: number,
  productIds: Iterable<number>,
  also?: (tx: Transaction, productIds: readonly number[]) => Promise<void>,
): Promise<{ applied: number; deleted: number }> {
  const synced = { applied: 0, deleted: 0 };
  for (const ids of inChunks(new Set(productIds), PRODUCTS_AT_ONCE)) {
    const shop = await activeShop(db, shopId);
    if (!shop) return synced;
    const client = await adminFor(db, shopId);
    failpoint("sync-products:before-fetch");
    const { products: nodes, missing } = await productsById(client, ids);
    failpoint("sync-products:after-fetch");
    const products = mapReadable(nodes, (node) => mapProduct(node, shop.currency), shopId);
    const { applied } = await db.write(async (tx) => {
      const saved = await saveProducts(tx, shopId, products.mapped, Date.now());
      await recostAfter(tx, shopId, saved);
      for (const id of missing) await deleteProduct(tx, shopId, id);
      await settleUnreadable(tx, shopId, "products", { ids }, products.unreadable);
      await also?.(tx, ids);
      failpoint("sync-products:before-commit");
      return saved;
    });
    failpoint("sync-products:after-commit");
    synced.applied += applied;
    synced.deleted += missing.length;
  }
  return synced;
}
