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
  pendingWindows,
  windowFailure,
  windowTotals,
  type BackfillWindow,
  type WindowTotal,
} from "../../db/stores/sync-state.server.ts";
import type { Transaction } from "../../db/types.ts";
import { fitValueJob } from "../value/fit-value.server.ts";
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
  const totals = await windowTotals(tx, shopId);
  const applied = (resource: SyncResource) =>
    totals.reduce((sum, total) => (total.resource === resource ? sum + total.applied : sum), 0);
  // Windows of changes are no part of how far the history is.
  const isHistory = totals.every(({ basis }) => basis === "created");
  const progress = isHistory
    ? { ordersApplied: applied("orders"), customersApplied: applied("customers") }
    : {};

  if (totals.every(({ status }) => status === "done")) {
    const completedAt = Date.now();
    // The newest orders came with the history where they had not come before it.
    const recentAt = (await loadSyncState(tx, shopId))?.recentAt ?? completedAt;
    await changeSyncState(tx, shopId, { ...progress, phase: "complete", error: null, recentAt, completedAt });
    await enqueue(tx, reconciliationJob(shopId, "sweep-shop"));
    await enqueue(tx, fitValueJob(shopId));
    return;
  }
  const failure = await windowFailure(tx, shopId, settings.windowAttempts);
  await changeSyncState(tx, shopId, {
    ...progress,
    phase: failure ? "failed" : "history",
    error: failure?.error ?? null,
  });
  for (const window of await nextWindows(tx, shopId, totals, settings.windowsAtOnce)) {
    await changeWindow(tx, shopId, window.resource, window.fromAt, { status: "running" });
    await enqueueWindow(tx, shopId, installGeneration, window);
  }
}

async function nextWindows(
  tx: Transaction,
  shopId: number,
  totals: readonly WindowTotal[],
  atOnce: number,
): Promise<BackfillWindow[]> {
  let places = atOnce;
  for (const { status, windows } of totals) if (status === "running") places -= windows;
  const productsWait = totals.some(({ resource, status }) => resource === "products" && status !== "done");
  const pending = new Set(totals.flatMap(({ resource, status }) => (status === "pending" ? resource : [])));
  const next: BackfillWindow[] = [];
  for (const resource of RESOURCES) {
    if (resource === "orders" && productsWait) continue;
    if (next.length < places && pending.has(resource)) {
      next.push(...(await pendingWindows(tx, shopId, resource, places - next.length)));
    }
  }
  return next;
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
