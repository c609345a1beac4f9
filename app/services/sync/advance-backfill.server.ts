/**
 * Decides what a backfill does next: adds the jobs of the next windows, or declares the history complete. Runs inside the
 * transaction that plans, finishes or splits a window, behind the lock of the shop's row, so that two windows
 * that finish together cannot both count the other as running.
 */
import type { SyncResource } from "../../core/job.ts";

import { enqueue } from "../../db/stores/jobs.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import {
  changeSyncState,
  changeWindow,
  loadSyncState,
  loadWindows,
  type BackfillWindow,
} from "../../db/stores/sync-state.server.ts";
import type { Transaction } from "../../db/types.ts";
import { RESOURCES } from "./resources.ts";
import { reconciliationJob } from "./schedule-shops.server.ts";
import type { SyncSettings } from "./settings.ts";

export async function advanceBackfill(
  tx: Transaction,
  shopId: number,
  installGeneration: number,
  settings: SyncSettings,
): Promise<void> {
  await lockShop(tx, shopId);
  const windows = await loadWindows(tx, shopId);
  const applied = (resource: SyncResource) =>
    windows.reduce((sum, window) => (window.resource === resource ? sum + window.appliedCount : sum), 0);
  const progress = { ordersApplied: applied("orders"), customersApplied: applied("customers") };

  if (windows.every(({ status }) => status === "done")) {
    const completedAt = Date.now();
    // The newest orders came with the history where they had not come before it.
    const recentAt = (await loadSyncState(tx, shopId))?.recentAt ?? completedAt;
    await changeSyncState(tx, shopId, { ...progress, phase: "complete", error: null, recentAt, completedAt });
    await enqueue(tx, reconciliationJob(shopId, "sweep-shop"));
    return;
  }
  const failing = windows.find(
    ({ status, attempts }) => status !== "done" && attempts >= settings.windowAttempts,
  );
  await changeSyncState(tx, shopId, {
    ...progress,
    phase: failing ? "failed" : "history",
    error: failing?.error ?? null,
  });
  const running = windows.filter(({ status }) => status === "running").length;
  for (const window of nextWindows(windows, settings.windowsAtOnce - running)) {
    await changeWindow(tx, shopId, window.resource, window.fromAt, { status: "running" });
    await enqueueWindow(tx, shopId, installGeneration, window);
  }
}

export async function enqueueWindow(
  tx: Transaction,
  shopId: number,
  installGeneration: number,
  { resource, fromAt }: Pick<BackfillWindow, "resource" | "fromAt">,
  runAt?: number,
): Promise<void> {
  const key = `backfill-window:${resource}:${fromAt}`;
  await enqueue(tx, {
    shopId,
    kind: "backfill-window",
    payload: { installGeneration, resource, fromAt },
    key,
    runAt,
  });
}

function nextWindows(windows: readonly BackfillWindow[], count: number): BackfillWindow[] {
  const productsWait = windows.some(({ resource, status }) => resource === "products" && status !== "done");
  return windows
    .filter(({ status, resource }) => status === "pending" && !(resource === "orders" && productsWait))
    .sort((a, b) => RESOURCES.indexOf(a.resource) - RESOURCES.indexOf(b.resource) || b.fromAt - a.fromAt)
    .slice(0, Math.max(0, count));
}
