/**
 * Begins a shop's first sync: notes where sweeps will begin, starts the history, and brings the newest orders beside it, so
 * that a page can show something early. Beside, because pages of long orders cost a small plan's bucket minutes, while the
 * history's bulk operations cost it nothing.
 */
import { enqueue } from "../../db/stores/jobs.server.ts";
import { changeSyncState, loadSyncState } from "../../db/stores/sync-state.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { inChunks } from "./chunks.ts";
import { DEFAULT_SETTINGS, type SyncSettings } from "./settings.ts";
import { lastChange, newestStamps } from "./shopify-history.server.ts";
import { syncOrders } from "./sync-orders.server.ts";

const ORDERS_AT_ONCE = 25;

export async function startSync(
  db: Database,
  shopId: number,
  installGeneration: number,
  settings: SyncSettings = DEFAULT_SETTINGS,
): Promise<void> {
  if (!(await activeShop(db, shopId, installGeneration))) return;
  const state = await loadSyncState(db, shopId);
  const isNew = state?.phase === "waiting";
  if (!isNew && state?.recentAt !== null) return;
  const client = await adminFor(db, shopId);
  if (isNew) await markStart(db, shopId, installGeneration, client);

  await bringNewest(db, shopId, client, settings.recentOrders);
  await db.write(async (tx) => {
    if (!(await activeShop(tx, shopId, installGeneration))) return;
    const { recentAt } = (await loadSyncState(tx, shopId)) ?? {};
    if (recentAt === null) await changeSyncState(tx, shopId, { recentAt: Date.now() });
    failpoint("start-sync:before-commit");
  });
  failpoint("start-sync:after-commit");
}

/** Stops once the history has overtaken it. */
async function bringNewest(db: Database, shopId: number, client: AdminClient, count: number): Promise<void> {
  const newest = await newestStamps(client, "orders", count);
  for (const some of inChunks(newest, ORDERS_AT_ONCE)) {
    const state = await loadSyncState(db, shopId);
    if (state?.phase === "complete") return;
    await syncOrders(
      db,
      shopId,
      some.map(({ id }) => id),
    );
  }
}

/**
 * The first sweep after the history covers everything that changed since this moment, so a change that happens while the history
 * is fetched cannot fall between the two.
 */
async function markStart(
  db: Database,
  shopId: number,
  installGeneration: number,
  client: AdminClient,
): Promise<void> {
  const ordersCursor = await lastChange(client, "orders");
  const customersCursor = await lastChange(client, "customers");
  const productsCursor = await lastChange(client, "products");
  const checkoutsCursor = await lastChange(client, "checkouts");
  await db.write(async (tx) => {
    await changeSyncState(tx, shopId, {
      phase: "recent",
      startedAt: Date.now(),
      recentAt: null,
      ordersCursor,
      customersCursor,
      productsCursor,
      checkoutsCursor,
    });
    await enqueue(tx, {
      shopId,
      kind: "plan-backfill",
      payload: { installGeneration },
      key: "plan-backfill",
    });
    failpoint("start-sync:before-start-commit");
  });
  failpoint("start-sync:after-start-commit");
}
