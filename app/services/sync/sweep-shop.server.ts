/**
 * Catches what webhooks lost: fetches everything that changed since the last sweep, and a little before it, because searches lag
 * and Shopify's times are whole seconds. What it finds missing or stale is the drift, a figure whose target is 0.
 */
import { randomUUID } from "node:crypto";
import type { SyncResource } from "../../core/job.ts";
import { recordStamps } from "../../db/queries/record-stamps.server.ts";
import { saveReconciliation } from "../../db/stores/reconciliations.server.ts";
import { changeSyncState, loadSyncState, type SyncState } from "../../db/stores/sync-state.server.ts";
import { unreadableAmong } from "../../db/stores/unreadable-records.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { updatedSince } from "../../shopify/bulk-queries.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { addCounts, compareStamps, countDrift, NO_DRIFT, type DriftCounts } from "./drift.ts";
import { planChanges } from "./plan-changes.server.ts";
import { RESOURCES } from "./resources.ts";
import { DEFAULT_SETTINGS, type SyncSettings } from "./settings.ts";
import { countMatching, stampsMatching } from "./shopify-history.server.ts";
import { syncRecords } from "./sync-records.server.ts";

const CURSORS = {
  orders: "ordersCursor",
  customers: "customersCursor",
  products: "productsCursor",
  checkouts: "checkoutsCursor",
} as const satisfies Record<SyncResource, keyof SyncState>;

export async function sweepShop(
  db: Database,
  shopId: number,
  signal: AbortSignal,
  settings: SyncSettings = DEFAULT_SETTINGS,
): Promise<void> {
  const shop = await activeShop(db, shopId);
  const state = shop && (await loadSyncState(db, shopId));
  // Until the history is complete there is nothing to compare with: every record would count as missed.
  if (!shop || state?.phase !== "complete") return;
  const startedAt = Date.now();
  let counts: DriftCounts = NO_DRIFT;
  for (const resource of RESOURCES) {
    const swept = await sweepResource(db, shopId, resource, state[CURSORS[resource]] ?? 0, signal, settings);
    if (!swept) {
      await planChanges(db, shop, (each) => sweepFrom(state[CURSORS[each]] ?? 0, settings), settings);
      return;
    }
    counts = addCounts(counts, swept);
  }
  await db.write(async (tx) => {
    await changeSyncState(tx, shopId, { sweptAt: startedAt });
    await saveReconciliation(tx, shopId, {
      id: randomUUID(),
      kind: "sweep",
      startedAt,
      finishedAt: Date.now(),
      ...counts,
    });
    failpoint("sweep:before-commit");
  });
  failpoint("sweep:after-commit");
}

/** Searches are not up to date to the second. */
function sweepFrom(cursor: number, settings: SyncSettings): number {
  return Math.max(0, cursor - settings.sweepOverlapMs);
}

/** `null` where so much changed that it is fetched by bulk instead. */
async function sweepResource(
  db: Database,
  shopId: number,
  resource: SyncResource,
  cursor: number,
  signal: AbortSignal,
  settings: SyncSettings,
): Promise<DriftCounts | null> {
  const client = await adminFor(db, shopId);
  const query = updatedSince(sweepFrom(cursor, settings));
  if ((await countMatching(client, resource, query)) > settings.sweepAtMost) return null;
  let counts: DriftCounts = NO_DRIFT;
  let newest = cursor;
  for await (const page of stampsMatching(client, resource, query)) {
    signal.throwIfAborted();
    if (page.length === 0) continue;
    const ids = page.map(({ id }) => id);
    const stored = await recordStamps(db, shopId, resource, { ids });
    const unreadable = await unreadableAmong(db, shopId, resource, { ids });
    for (const { updatedAt } of page) newest = Math.max(newest, updatedAt);
    const settledBefore = Math.max(Date.now(), newest) - settings.driftGraceMs;
    for (const listed of page) {
      const difference = compareStamps(listed, stored.get(listed.id), unreadable.get(listed.id));
      counts = countDrift(counts, listed, difference, settledBefore);
    }
    // Also those that look the same: a second change within one second leaves the same time.
    await syncRecords(db, shopId, resource, ids);
  }
  // Only forwards: an audit or another sweep may have been further.
  await db.write((tx) => changeSyncState(tx, shopId, { [CURSORS[resource]]: newest }));
  failpoint("sweep:after-cursor-commit");
  return counts;
}
