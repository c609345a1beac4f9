/**
 * Finds, after the excluded tags changed, the customers who have one of them, by a bulk query for these customers only; and takes
 * all others in again. The tags themselves are not kept, so Shopify has to be asked. Every step can be lost and done again.
 */
import type { JobPayloads } from "../../core/job.ts";
import { RetryAt } from "../../core/retry-at.ts";
import { excludedCustomers } from "../../db/queries/excluded-customers.server.ts";
import { setExcluded } from "../../db/stores/customers.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { changeShop, findShopById, type Shop } from "../../db/stores/shops.server.ts";
import { windowTotals } from "../../db/stores/sync-state.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { log } from "../../observability/log.server.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { assembleFlat } from "../../shopify/bulk-assembly.ts";
import { customersBulkQuery, taggedWith } from "../../shopify/bulk-queries.ts";
import {
  findRunningBulkQuery,
  pollBulkOperation,
  readBulkResult,
  startBulkQuery,
  type BulkResult,
} from "../../shopify/bulk.server.ts";
import type { CustomerNode } from "../../shopify/mapping.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { inChunks } from "./chunks.ts";
import { customerMapper, excludedTagsOf } from "./customer-mapper.ts";
import { DEFAULT_SETTINGS, type SyncSettings } from "./settings.ts";
import { countMatching } from "./shopify-history.server.ts";
import { takeTurn } from "./take-turn.ts";

type Payload = JobPayloads["retag-customers"];

const CUSTOMERS_AT_ONCE = 500;
const WAIT_FOR_BACKFILL_MS = 15_000;
/** How long to wait for a place among the shop's bulk operations, for a turn to read a result, and before another try. */
const NO_PLACE_MS = 5_000;
const NO_TURN_MS = 200;
const FAILED_PAUSE_MS = 60_000;

/** The job that follows a change of the excluded tags, in the transaction of that change. */
export async function enqueueRetag(tx: Transaction, shopId: number, tagsVersion: number): Promise<void> {
  await enqueueStep(tx, shopId, { tagsVersion, operation: null });
}

export async function retagCustomers(
  db: Database,
  shopId: number,
  payload: Payload,
  signal: AbortSignal,
  settings: SyncSettings = DEFAULT_SETTINGS,
): Promise<RetryAt | void> {
  const shop = await activeShop(db, shopId);
  if (!shop || shop.tagsVersion !== payload.tagsVersion) return;
  const tags = excludedTagsOf(shop);
  if (tags.length === 0) return applyTags(db, shop, new Set(), shop.dataVersion, signal);
  if (payload.operation === null) return startOperation(db, shop, tags, settings);

  const { id, sinceVersion } = payload.operation;
  failpoint("retag-customers:before-poll");
  const operation = await pollBulkOperation(await adminFor(db, shopId), id);
  failpoint("retag-customers:after-poll");
  switch (operation.state) {
    case "running":
      await noteProgress(db, shop, { taggedFound: operation.objectCount });
      return new RetryAt(Date.now() + Math.min(settings.pollLongestMs, settings.pollFirstMs * 4));
    case "stopped":
    case "unknown":
      log.warn({ shopId, state: operation.state }, "bulk query for excluded tags ended without a result");
      return startAgain(db, shop);
    case "done":
      return applyResult(db, shop, operation.result, sinceVersion, signal);
  }
}

async function startOperation(
  db: Database,
  shop: Shop,
  tags: readonly string[],
  settings: SyncSettings,
): Promise<RetryAt | void> {
  // A window that began before the change still tells customers apart by the old tags: first it ends.
  const totals = await windowTotals(db, shop.id);
  if (totals.some(({ resource, status }) => resource === "customers" && status === "running")) {
    return new RetryAt(Date.now() + WAIT_FOR_BACKFILL_MS);
  }
  const client = await adminFor(db, shop.id);
  const search = taggedWith(tags);
  failpoint("retag-customers:before-start");
  const taggedExpected = await countMatching(client, "customers", search);
  const id = await runningOrNew(client, customersBulkQuery(search));
  failpoint("retag-customers:after-start");
  if (id === null) return new RetryAt(Date.now() + NO_PLACE_MS);
  const operation = { id, sinceVersion: shop.dataVersion };
  await db.write(async (tx) => {
    if (!(await isCurrent(tx, shop))) return;
    await changeShop(tx, shop.id, { taggedExpected, taggedFound: 0 });
    const step = { tagsVersion: shop.tagsVersion, operation };
    await enqueueStep(tx, shop.id, step, Date.now() + settings.pollFirstMs);
    failpoint("retag-customers:before-start-commit");
  });
  failpoint("retag-customers:after-start-commit");
}

/** An operation whose id was lost still runs: its query names the tags. */
async function runningOrNew(client: AdminClient, query: string): Promise<string | null> {
  const running = await findRunningBulkQuery(client, query);
  if (running !== null) return running;
  const start = await startBulkQuery(client, query);
  return start.ok ? start.id : null;
}

async function startAgain(db: Database, shop: Shop): Promise<void> {
  await db.write(async (tx) => {
    if (!(await isCurrent(tx, shop))) return;
    const step = { tagsVersion: shop.tagsVersion, operation: null };
    await enqueueStep(tx, shop.id, step, Date.now() + FAILED_PAUSE_MS);
    failpoint("retag-customers:before-again-commit");
  });
  failpoint("retag-customers:after-again-commit");
}

async function applyResult(
  db: Database,
  shop: Shop,
  result: BulkResult,
  sinceVersion: number,
  signal: AbortSignal,
): Promise<RetryAt | void> {
  const turn = await takeTurn();
  if (!turn) return new RetryAt(Date.now() + NO_TURN_MS);
  try {
    const nodes = await readBulkResult(result, () => assembleFlat<CustomerNode>(), { signal });
    // The search only narrows: who has a tag is decided where it always is.
    const tagged = nodes.map(customerMapper(shop)).filter(({ excluded }) => excluded);
    await turn.toWriting();
    await applyTags(db, shop, new Set(tagged.map(({ id }) => id)), sinceVersion, signal);
  } catch (error) {
    if (error instanceof ShopifyError && error.kind === "bulk") return await startAgain(db, shop);
    throw error;
  } finally {
    turn.end();
  }
}

/** Customers written since the operation began were told apart by the new tags already. */
async function applyTags(
  db: Database,
  shop: Shop,
  tagged: ReadonlySet<number>,
  sinceVersion: number,
  signal: AbortSignal,
): Promise<void> {
  const excluded = await excludedCustomers(db, shop.id);
  const changes = [
    { ids: [...tagged].filter((id) => !excluded.has(id)), to: true },
    { ids: [...excluded].filter((id) => !tagged.has(id)), to: false },
  ];
  for (const { ids, to } of changes) {
    for (const some of inChunks(ids, CUSTOMERS_AT_ONCE)) {
      signal.throwIfAborted();
      await db.write(async (tx) => {
        if (!(await isCurrent(tx, shop))) return;
        await setExcluded(tx, shop.id, some, to, sinceVersion);
        failpoint("retag-customers:before-commit");
      });
      failpoint("retag-customers:after-commit");
    }
  }
  await noteProgress(db, shop, { taggedFound: tagged.size, tagsAppliedVersion: shop.tagsVersion });
}

async function noteProgress(
  db: Database,
  shop: Shop,
  progress: Partial<Pick<Shop, "taggedFound" | "tagsAppliedVersion">>,
): Promise<void> {
  await db.write(async (tx) => {
    if (await isCurrent(tx, shop)) await changeShop(tx, shop.id, progress);
    failpoint("retag-customers:before-progress-commit");
  });
  failpoint("retag-customers:after-progress-commit");
}

/** Not if the tags have changed again, or the shop has been installed anew. */
async function isCurrent(tx: Transaction, { id, tagsVersion, installGeneration }: Shop): Promise<boolean> {
  const shop = await findShopById(tx, id);
  return shop?.tagsVersion === tagsVersion && shop.installGeneration === installGeneration;
}

async function enqueueStep(tx: Transaction, shopId: number, payload: Payload, runAt?: number): Promise<void> {
  const job = { shopId, kind: "retag-customers", payload, key: "retag-customers" } as const;
  await enqueue(tx, runAt === undefined ? job : { ...job, runAt });
}
