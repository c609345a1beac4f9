/**
 * Gives lines their unit cost that were saved before it was known: an order may arrive before its product, and a merchant may give
 * costs long after the sale. The orders are fetched again, because only Shopify's journal says which refund gave which units back.
 */
import { uncostedOrders } from "../../db/bulk/uncosted-orders.ts";
import { loadSyncState } from "../../db/stores/sync-state.server.ts";
import type { Database } from "../../db/types.ts";
import { activeShop } from "./active-shop.server.ts";
import { restartSync } from "./restart-sync.server.ts";
import { DEFAULT_SETTINGS, type SyncSettings } from "./settings.ts";
import { syncOrders } from "./sync-orders.server.ts";

export async function recostOrders(
  db: Database,
  shopId: number,
  settings: SyncSettings = DEFAULT_SETTINGS,
): Promise<void> {
  const shop = await activeShop(db, shopId);
  // While the history is coming its orders are fetched after the products anyway.
  if (!shop || (await loadSyncState(db, shopId))?.phase !== "complete") return;
  const ids = await uncostedOrders(db, shopId, settings.sweepAtMost + 1);
  if (ids.length > settings.sweepAtMost) {
    await db.write((tx) => restartSync(tx, shopId, shop.installGeneration));
    return;
  }
  await syncOrders(db, shopId, ids);
}
