/**
 * Holds the whole copy against Shopify's own counts, once a day and after a sweep: what a sweep cannot see is a record that is no
 * longer there, because a deletion changes nothing that a search could find. Where a span's counts differ, its ids are listed and
 * compared; what is missing is fetched and what is too much is asked for by id before it is taken away. What could not be read is
 * tried again first, and then is known to be missing.
 */
import { randomUUID } from "node:crypto";
import type { SyncResource } from "../../core/job.ts";
import { countsBySpan } from "../../db/bulk/counts-by-span.ts";
import { recordStamps } from "../../db/queries/record-stamps.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { saveReconciliation } from "../../db/stores/reconciliations.server.ts";
import { changeSyncState, loadSyncState } from "../../db/stores/sync-state.server.ts";
import { unreadableAmong, unreadableToRetry } from "../../db/stores/unreadable-records.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { createdBetween } from "../../shopify/bulk-queries.ts";
import { canReadDisputes } from "../../shopify/fetch-disputes.server.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { inChunks } from "./chunks.ts";
import { addCounts, compareStamps, countDrift, NO_DRIFT, type DriftCounts } from "./drift.ts";
import { canReadAllOrders } from "./readable-history.server.ts";
import { DEFAULT_SETTINGS, type SyncSettings } from "./settings.ts";
import { countMatching, creationBounds, stampsMatching } from "./shopify-history.server.ts";
import { restartSync } from "./restart-sync.server.ts";
import { syncChangedCosts } from "./sync-costs.server.ts";
import { subscribeDisputesJob } from "./subscribe-disputes.server.ts";
import { syncDisputedOrders } from "./sync-disputed-orders.server.ts";
import { sweepShop } from "./sweep-shop.server.ts";
import { syncRecords } from "./sync-records.server.ts";

/** Checkouts are left out: Shopify forgets old ones by itself. */
const AUDITED: readonly SyncResource[] = ["customers", "orders", "products"];
/** Width of the spans that are counted: a month's orders are listed at most where one is missing. */
const SPAN_MS = 30 * 86_400_000;
/** The last audit was by our clock, and items and disputes change by Shopify's. */
const OVERLAP_MS = 86_400_000;
/** Unreadable records that one audit tries again; a version that reads them brings the others within days. */
const RETRIED_AT_MOST = 1_000;

export async function auditShop(
  db: Database,
  shopId: number,
  signal: AbortSignal,
  settings: SyncSettings = DEFAULT_SETTINGS,
): Promise<void> {
  await sweepShop(db, shopId, signal, settings);
  const shop = await activeShop(db, shopId);
  const state = shop && (await loadSyncState(db, shopId));
  if (!shop || state?.phase !== "complete") return;

  const startedAt = Date.now();
  for (const [resource, ids] of await unreadableToRetry(db, shopId, RETRIED_AT_MOST)) {
    signal.throwIfAborted();
    await syncRecords(db, shopId, resource, ids);
  }
  const client = await adminFor(db, shopId);
  const since = (state.auditedAt ?? state.startedAt ?? startedAt) - OVERLAP_MS;
  if (!(await syncChangedCosts(db, shopId, client, since, settings.sweepAtMost))) {
    await db.write((tx) => restartSync(tx, shopId, shop.installGeneration));
    return;
  }
  // Shopify ends a subscription whose address did not answer for long: none is trusted for more than a day.
  if (canReadDisputes(shop)) await db.write((tx) => enqueue(tx, subscribeDisputesJob(shopId)));
  await syncDisputedOrders(db, shop, client, since);
  let counts: DriftCounts = NO_DRIFT;
  for (const resource of AUDITED) {
    const fromAt = resource === "orders" && !canReadAllOrders(shop) ? await firstListed(client) : 0;
    if (fromAt === null) continue;
    counts = addCounts(counts, await auditResource(db, shopId, client, resource, fromAt, signal, settings));
  }
  await db.write(async (tx) => {
    await changeSyncState(tx, shopId, { auditedAt: startedAt });
    await saveReconciliation(tx, shopId, {
      id: randomUUID(),
      kind: "audit",
      startedAt,
      finishedAt: Date.now(),
      ...counts,
    });
    failpoint("audit:before-commit");
  });
  failpoint("audit:after-commit");
}

/** What is older than the oldest order that Shopify lists may be hidden, not gone, and is not compared. */
async function firstListed(client: AdminClient): Promise<number | null> {
  return (await creationBounds(client, "orders"))?.oldest ?? null;
}

async function auditResource(
  db: Database,
  shopId: number,
  client: AdminClient,
  resource: SyncResource,
  fromAt: number,
  signal: AbortSignal,
  settings: SyncSettings,
): Promise<DriftCounts> {
  const ours = await countsBySpan(db, shopId, resource, fromAt, SPAN_MS);
  for (const createdAt of await unreadableAndAbsent(db, shopId, resource, fromAt)) {
    const span = Math.floor(createdAt / SPAN_MS) * SPAN_MS;
    ours.set(span, (ours.get(span) ?? 0) + 1);
  }
  const bounds = await creationBounds(client, resource);
  const firstSpan = Math.floor(
    Math.max(fromAt, Math.min(bounds?.oldest ?? Infinity, ...ours.keys())) / SPAN_MS,
  );
  const lastSpan = Math.floor(Math.max(bounds?.newest ?? 0, ...ours.keys()) / SPAN_MS);
  let counts: DriftCounts = NO_DRIFT;
  for (let span = firstSpan; span <= lastSpan; span++) {
    signal.throwIfAborted();
    const from = Math.max(fromAt, span * SPAN_MS);
    const to = (span + 1) * SPAN_MS;
    const stored = ours.get(span * SPAN_MS) ?? 0;
    const listed = await countMatching(client, resource, createdBetween(from, to));
    counts = { ...counts, checkedCount: counts.checkedCount + Math.max(listed, stored) };
    if (listed === stored) continue;
    counts = addCounts(counts, await compareSpan(db, shopId, client, resource, from, to, settings));
  }
  return counts;
}

/** When those were created that are not stored because they could not be read. */
async function unreadableAndAbsent(
  db: Database,
  shopId: number,
  resource: SyncResource,
  fromAt: number,
): Promise<number[]> {
  const absent: number[] = [];
  const all = await unreadableAmong(db, shopId, resource, { fromAt, toAt: Number.MAX_SAFE_INTEGER });
  for (const ids of inChunks(all.keys(), 500)) {
    const stored = await recordStamps(db, shopId, resource, { ids });
    for (const id of ids) if (!stored.has(id)) absent.push(all.get(id)?.createdAt ?? 0);
  }
  return absent;
}

/** Lists a span's ids on both sides and repairs what differs; its records were counted as checked already. */
async function compareSpan(
  db: Database,
  shopId: number,
  client: AdminClient,
  resource: SyncResource,
  fromAt: number,
  toAt: number,
  settings: SyncSettings,
): Promise<DriftCounts> {
  const surplus = await recordStamps(db, shopId, resource, { fromAt, toAt });
  const unreadable = await unreadableAmong(db, shopId, resource, { fromAt, toAt });
  let counts: DriftCounts = NO_DRIFT;
  for await (const page of stampsMatching(client, resource, createdBetween(fromAt, toAt))) {
    const settledBefore = Date.now() - settings.driftGraceMs;
    const differing: number[] = [];
    for (const listed of page) {
      const difference = compareStamps(listed, surplus.get(listed.id), unreadable.get(listed.id));
      counts = countDrift(counts, listed, difference, settledBefore);
      if (difference === "missing" || difference === "stale") differing.push(listed.id);
      surplus.delete(listed.id);
    }
    await syncRecords(db, shopId, resource, differing);
  }
  const before = surplus.size;
  // Asked for by id: what was added during the listing is still there and stays.
  await syncRecords(db, shopId, resource, [...surplus.keys()]);
  const left = await recordStamps(db, shopId, resource, { ids: [...surplus.keys()] });
  return { ...counts, checkedCount: 0, surplusCount: before - left.size };
}
