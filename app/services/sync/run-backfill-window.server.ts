/**
 * Brings one window of a shop's history: starts its bulk operation, looks at it until it ends, reads the result whole, and saves
 * it. Every step can be lost and done again: the operation's id is found again or a new one started, rows apply once however
 * often they are written, and the window is done in the transaction that also starts the next.
 */
import type { JobPayloads } from "../../core/job.ts";
import { RetryAt } from "../../core/retry-at.ts";
import {
  addWindows,
  changeWindow,
  loadWindow,
  removeWindow,
  type BackfillWindow,
} from "../../db/stores/sync-state.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { log } from "../../observability/log.server.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import {
  cancelBulkOperation,
  findRunningBulkQuery,
  pollBulkOperation,
  startBulkQuery,
  type BulkResult,
} from "../../shopify/bulk.server.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { enqueueAccrual } from "../loyalty/accrue-changed-orders.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { advanceBackfill } from "./advance-backfill.server.ts";
import { readBulkRecords, windowQuery } from "./read-bulk-records.server.ts";
import { halveWindow } from "./plan-windows.ts";
import { DEFAULT_SETTINGS, type SyncSettings } from "./settings.ts";
import { hasNoTurn, takeTurn } from "./take-turn.ts";

/** How long to wait for a place among the shop's bulk operations, or for a turn to assemble a result. */
const NO_PLACE_MS = 5_000;
const NO_TURN_MS = 400;
/** Between two tries of a window after its sync was declared failed: what ails Shopify may pass. */
const FAILED_PAUSE_MS = 3_600_000;
/** Fewer records are not cut into smaller windows: their number is not what failed. */
const SMALLEST_WINDOW = 50;

export async function runBackfillWindow(
  db: Database,
  shopId: number,
  payload: JobPayloads["backfill-window"],
  signal: AbortSignal,
  settings: SyncSettings = DEFAULT_SETTINGS,
): Promise<RetryAt | void> {
  const { installGeneration, resource, fromAt } = payload;
  if (!(await activeShop(db, shopId, installGeneration))) return;
  const window = await loadWindow(db, shopId, resource, fromAt);
  if (window?.status !== "running" || window.installGeneration !== installGeneration) return;
  const client = await adminFor(db, shopId);
  if (window.bulkOperationId === null) return startOperation(db, shopId, client, window, settings);

  if (hasNoTurn()) return new RetryAt(Date.now() + NO_TURN_MS);
  failpoint("backfill:before-poll");
  const operation = await pollBulkOperation(client, window.bulkOperationId);
  failpoint("backfill:after-poll");
  switch (operation.state) {
    case "running":
      if (!hasStalled(window.bulkOperationId, operation.objectCount, settings)) {
        return new RetryAt(nextLook(window, settings));
      }
      await cancelQuietly(client, window.bulkOperationId);
      return giveUpOperation(db, shopId, window, "the bulk operation made no progress", settings);
    case "stopped":
      return giveUpOperation(
        db,
        shopId,
        window,
        `the bulk operation ended as ${operation.status} (${operation.errorCode ?? "no code"})`,
        settings,
      );
    case "unknown":
      return giveUpOperation(db, shopId, window, "Shopify no longer knows the bulk operation", settings);
    case "done":
      return saveResult(db, shopId, window, operation.result, signal, settings);
  }
}

/**
 * An operation whose id was lost between its start and its recording still runs: it is looked for by its query, which names the
 * window, before another is started.
 */
async function startOperation(
  db: Database,
  shopId: number,
  client: AdminClient,
  window: BackfillWindow,
  settings: SyncSettings,
): Promise<RetryAt> {
  const query = windowQuery(window);
  failpoint("backfill:before-start");
  let bulkOperationId = await findRunningBulkQuery(client, query);
  if (bulkOperationId === null) {
    const start = await startBulkQuery(client, query);
    if (!start.ok) return new RetryAt(Date.now() + NO_PLACE_MS);
    bulkOperationId = start.id;
  }
  failpoint("backfill:after-start");
  const startedAt = Date.now();
  await db.write(async (tx) => {
    // A plan made anew meanwhile has other windows; the operation then ends without a reader.
    const current = await loadWindow(tx, shopId, window.resource, window.fromAt);
    if (current?.status !== "running") return;
    await changeWindow(tx, shopId, window.resource, window.fromAt, { bulkOperationId, startedAt });
    failpoint("backfill:before-start-commit");
  });
  failpoint("backfill:after-start-commit");
  return new RetryAt(startedAt + settings.pollFirstMs);
}

/** The longer an operation has run, the rarer the looks. */
function nextLook({ startedAt }: BackfillWindow, settings: SyncSettings): number {
  const ranMs = Date.now() - (startedAt ?? Date.now());
  return Date.now() + Math.min(settings.pollLongestMs, Math.max(settings.pollFirstMs, ranMs / 4));
}

/** What each operation had found when it last found more, as this process saw it; a restart only begins the wait again. */
const progress = new Map<string, { objectCount: number; since: number }>();

function hasStalled(operationId: string, objectCount: number, { stalledAfterMs }: SyncSettings): boolean {
  const seen = progress.get(operationId);
  if (seen?.objectCount === objectCount) return Date.now() - seen.since >= stalledAfterMs;
  progress.set(operationId, { objectCount, since: Date.now() });
  return false;
}

async function saveResult(
  db: Database,
  shopId: number,
  window: BackfillWindow,
  result: BulkResult,
  signal: AbortSignal,
  settings: SyncSettings,
): Promise<RetryAt | void> {
  const turn = await takeTurn();
  if (!turn) return new RetryAt(Date.now() + NO_TURN_MS);
  let appliedCount: number;
  try {
    const records = await readBulkRecords(db, shopId, window, result, signal);
    await turn.toWriting();
    await records.save();
    appliedCount = records.count;
  } catch (error) {
    // The address expired or the file is not whole: only another operation helps. Anything else is tried again as it is.
    if (error instanceof ShopifyError && error.kind === "bulk") {
      return giveUpOperation(db, shopId, window, error.message, settings);
    }
    throw error;
  } finally {
    turn.end();
  }
  progress.delete(window.bulkOperationId ?? "");
  await db.write(async (tx) => {
    if (!(await activeShop(tx, shopId, window.installGeneration))) return;
    const current = await loadWindow(tx, shopId, window.resource, window.fromAt);
    if (current?.bulkOperationId !== window.bulkOperationId || current?.status !== "running") return;
    await changeWindow(tx, shopId, window.resource, window.fromAt, {
      status: "done",
      appliedCount,
      error: null,
    });
    if (window.resource === "orders") await enqueueAccrual(tx, shopId);
    await advanceBackfill(tx, shopId, window.installGeneration, settings);
    failpoint("backfill:before-window-commit");
  });
  failpoint("backfill:after-window-commit");
}

/** Tries the window anew, in halves once it failed before, because what Shopify cannot finish may be too much at once. */
async function giveUpOperation(
  db: Database,
  shopId: number,
  window: BackfillWindow,
  error: string,
  settings: SyncSettings,
): Promise<RetryAt | void> {
  const { resource, basis, fromAt, toAt, expectedCount, installGeneration, attempts } = window;
  log.warn({ shopId, resource, fromAt, attempts, reason: error }, "backfill window failed");
  progress.delete(window.bulkOperationId ?? "");
  const halves = halveWindow({ fromAt, toAt, count: expectedCount });
  const split = attempts >= 1 && expectedCount >= SMALLEST_WINDOW && halves.length > 1;
  const failed = attempts + 1 >= settings.windowAttempts;
  await db.write(async (tx) => {
    const current = await loadWindow(tx, shopId, resource, fromAt);
    if (current?.bulkOperationId !== window.bulkOperationId || current?.status !== "running") return;
    if (split && !failed) {
      await removeWindow(tx, shopId, resource, fromAt);
      await addWindows(
        tx,
        shopId,
        halves.map((half) => ({
          resource,
          basis,
          fromAt: half.fromAt,
          toAt: half.toAt,
          expectedCount: half.count,
          installGeneration,
          attempts: attempts + 1,
        })),
      );
    } else {
      await changeWindow(tx, shopId, resource, fromAt, {
        bulkOperationId: null,
        startedAt: null,
        attempts: attempts + 1,
        error,
      });
    }
    await advanceBackfill(tx, shopId, installGeneration, settings);
    failpoint("backfill:before-retry-commit");
  });
  failpoint("backfill:after-retry-commit");
  if (split && !failed) return;
  return new RetryAt(
    Date.now() + (failed ? FAILED_PAUSE_MS : Math.min(60_000, settings.pollFirstMs * 2 ** attempts)),
  );
}

/** Left running it would only hold one of the five places for a while. */
async function cancelQuietly(client: AdminClient, id: string): Promise<void> {
  try {
    await cancelBulkOperation(client, id);
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
    log.warn({ err: error }, "bulk operation could not be cancelled");
  }
}
