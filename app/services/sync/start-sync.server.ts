/**
 * Begins a shop's first sync: notes where sweeps will begin, brings the newest orders so that a page can show something
 * within seconds, and hands over to the history.
 */
import { enqueue } from "../../db/stores/jobs.server.ts";
import { changeSyncState, loadSyncState } from "../../db/stores/sync-state.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { DEFAULT_SETTINGS, type SyncSettings } from "./settings.ts";
import { lastChange, newestStamps } from "./shopify-history.server.ts";
import { syncOrders } from "./sync-orders.server.ts";

export async function startSync(
  db: Database,
  shopId: number,
  installGeneration: number,
  settings: SyncSettings = DEFAULT_SETTINGS,
): Promise<void> {
  if (!(await activeShop(db, shopId, installGeneration))) return;
  const state = await loadSyncState(db, shopId);
  if (state?.phase !== "waiting" && state?.phase !== "recent") return;
  const client = await adminFor(db, shopId);
  if (state.phase === "waiting") await markStart(db, shopId, client);

  const newest = await newestStamps(client, "orders", settings.recentOrders);
  await syncOrders(
    db,
    shopId,
    newest.map(({ id }) => id),
  );

  await db.write(async (tx) => {
    if (!(await activeShop(tx, shopId, installGeneration))) return;
    await changeSyncState(tx, shopId, { phase: "history", recentAt: Date.now() });
    await enqueue(tx, {
      shopId,
      kind: "plan-backfill",
      payload: { installGeneration },
      key: "plan-backfill",
    });
    failpoint("start-sync:before-commit");
  });
  failpoint("start-sync:after-commit");
}

/**
 * The first sweep after the history covers everything that changed since this moment, so a change that happens while the history
 * is fetched cannot fall between the two.
 */
async function markStart(db: Database, shopId: number, client: AdminClient): Promise<void> {
  const ordersCursor = await lastChange(client, "orders");
  const customersCursor = await lastChange(client, "customers");
  const productsCursor = await lastChange(client, "products");
  const checkoutsCursor = await lastChange(client, "checkouts");
  await db.write(async (tx) => {
    await changeSyncState(tx, shopId, {
      phase: "recent",
      startedAt: Date.now(),
      ordersCursor,
      customersCursor,
      productsCursor,
      checkoutsCursor,
    });
    failpoint("start-sync:before-start-commit");
  });
  failpoint("start-sync:after-start-commit");
}
