/**
 * Publishes many customers by bulk operations, a file of some thousands after another. Each line is one customer, written where Shopify still
 * has what we know of, or not at all; the answer says of each line what became of it and what now stands there. Whoever was not written is
 * left to the ordinary way, which reads what stands there. Every step is noted before the next, and done again after a crash: a file that
 * was brought twice is never run, an operation whose id was lost is found by its name, and one that ran twice finds everything stale.
 */
import { METAFIELDS } from "../../core/storefront/metafields.ts";
import { RetryAt } from "../../core/retry-at.ts";
import {
  changeBulkPublication,
  findBulkPublication,
  markForBulk,
  takenAlong,
  unmarkRound,
  waitingForBulk,
  type BulkPublication,
  type BulkPublicationChange,
  type Place,
} from "../../db/stores/bulk-publications.server.ts";
import { chunks } from "../../db/plain.ts";
import type { Written } from "../../db/stores/publication-row.ts";
import {
  countPublications,
  publishWaitingLater,
  settlePublications,
  type Settled,
} from "../../db/stores/publications.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { log } from "../../observability/log.server.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import {
  cancelBulkOperation,
  findBulkMutation,
  pollBulkOperation,
  readBulkLines,
  startBulkMutation,
  uploadLines,
} from "../../shopify/bulk.server.ts";
import { gidOf, idOf } from "../../shopify/gid.ts";
import {
  bulkSetLine,
  bulkSetMutation,
  deleteMetafields,
  readBulkSetLine,
} from "../../shopify/metafields.server.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { USUAL_BULK, type BulkSettings } from "./bulk-settings.ts";
import { publishingShop } from "./publish-owners.server.ts";
import { PROFILES } from "./publish-profiles.server.ts";
import { differenceOf, hashOf } from "./written-metafields.ts";

interface Run {
  db: Database;
  shop: Shop;
  client: AdminClient;
  bulk: BulkPublication;
  settings: BulkSettings;
  signal: AbortSignal;
}

/** Answers when the run is to be looked at again; nothing: it is at its end. */
export async function publishInBulk(
  db: Database,
  shopId: number,
  signal: AbortSignal,
  settings: BulkSettings = USUAL_BULK,
): Promise<RetryAt | void> {
  const bulk = await findBulkPublication(db, shopId);
  if (!bulk || bulk.state === "idle") return;
  const shop = await publishingShop(db, shopId, "customer");
  const client = await adminFor(db, shopId, { signal });
  if (!shop) return stop(db, bulk, client);
  const run = { db, shop, client, bulk, settings, signal };
  try {
    if (bulk.state === "collecting") return await gather(run);
    if (bulk.state === "uploaded") return await start(run);
    return await follow(run);
  } catch (error) {
    if (!(error instanceof ShopifyError) || !["refused", "bulk", "forbidden"].includes(error.kind))
      throw error;
    return endRound(run, { isFailed: true, because: error.message });
  }
}

/** The storefront was switched off, or we may not write any more. */
async function stop(db: Database, bulk: BulkPublication, client: AdminClient): Promise<void> {
  if (bulk.operationId !== null) await cancelQuietly(client, bulk.operationId);
  await advance(db, bulk, { state: "idle", operationId: null, finishedAt: Date.now() });
}

async function cancelQuietly(client: AdminClient, id: string): Promise<void> {
  try {
    await cancelBulkOperation(client, id);
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
    log.warn({ error }, "bulk operation could not be cancelled");
  }
}

/** One step on, where nobody has taken another one meanwhile. */
async function advance(
  db: Database,
  bulk: BulkPublication,
  change: BulkPublicationChange,
  also?: (tx: Transaction) => Promise<void>,
): Promise<void> {
  await db.write(async (tx) => {
    if (!(await changeBulkPublication(tx, bulk, change))) return;
    await also?.(tx);
    failpoint("publish-in-bulk:before-commit");
  });
  failpoint("publish-in-bulk:after-commit");
}

interface Gathered {
  lines: string[];
  owners: { ownerId: number; wishes: number }[];
  /** Who has something to be taken away, which a bulk operation cannot do. */
  byHand: { ownerId: number; wishes: number }[];
  isAll: boolean;
}

async function gather(run: Run): Promise<RetryAt> {
  const { db, shop, client, bulk, settings, signal } = run;
  // More may have come to wait since the run began.
  const { customers } = await countPublications(db, shop.id);
  const total = Math.max(bulk.total, customers);
  const gathered = await gatherLines(run);
  const { isAll } = gathered;
  let { lines, owners, byHand } = gathered;
  if (owners.length < settings.fewestCustomers) [lines, owners, byHand] = [[], [], [...byHand, ...owners]];
  const again = new RetryAt(Date.now());
  if (lines.length === 0) {
    const change = isAll ? ({ state: "idle", finishedAt: Date.now() } as const) : { total };
    await advance(db, bulk, change, async (tx) => {
      await markForBulk(tx, shop.id, null, byHand);
      await publishWaitingLater(tx, shop.id);
    });
    return again;
  }
  failpoint("publish-in-bulk:before-upload");
  const stagedPath = await uploadLines(client, lines, { signal });
  const round = bulk.round + 1;
  await advance(db, bulk, { state: "uploaded", round, stagedPath, total }, async (tx) => {
    await markForBulk(tx, shop.id, round, owners);
    await markForBulk(tx, shop.id, null, byHand);
    if (byHand.length > 0) await publishWaitingLater(tx, shop.id);
  });
  return again;
}

const GATHERED_AT_ONCE = 500;

async function gatherLines({ db, shop, settings, signal }: Run): Promise<Gathered> {
  const gathered: Gathered = { lines: [], owners: [], byHand: [], isAll: false };
  const endsAt = performance.now() + settings.gatherMs;
  let bytes = 0;
  let after: Place | null = null;
  while (gathered.lines.length < settings.mostCustomers && performance.now() < endsAt) {
    signal.throwIfAborted();
    const limit = Math.min(GATHERED_AT_ONCE, settings.mostCustomers - gathered.lines.length);
    const some: Awaited<ReturnType<typeof waitingForBulk>> = await waitingForBulk(db, shop.id, after, limit);
    const contents = await PROFILES.contentsOf(
      db,
      shop,
      some.map(({ ownerId }) => ownerId),
    );
    const same: Settled[] = [];
    for (const publication of some) {
      const { ownerId, wishes, written } = publication;
      const { set, remove } = differenceOf(METAFIELDS.customer, contents.get(ownerId) ?? {}, written);
      if (remove.length > 0) gathered.byHand.push({ ownerId, wishes });
      else if (set.length === 0) same.push({ ...publication, isChanged: false, refusedBecause: null });
      else {
        const owner = gidOf("Customer", ownerId);
        const line = bulkSetLine(
          "customer",
          set.map((one) => ({ owner, ...one })),
        );
        bytes += Buffer.byteLength(line) + 1;
        if (bytes > settings.mostBytes && gathered.lines.length > 0) break;
        gathered.lines.push(line);
        gathered.owners.push({ ownerId, wishes });
      }
    }
    if (same.length > 0) {
      await db.write(async (tx) => {
        await settlePublications(tx, shop.id, "customer", same, Date.now());
      });
    }
    if (bytes > settings.mostBytes) return gathered;
    after = some.at(-1) ?? null;
    if (some.length < limit) return { ...gathered, isAll: true };
  }
  return gathered;
}

/** Under a name that no other file's operation has. */
function mutationOf({ startedAt, round }: BulkPublication): string {
  return bulkSetMutation(`PublishCustomers_${startedAt}_${round}`);
}

async function start({ db, client, bulk, settings }: Run): Promise<RetryAt> {
  const mutation = mutationOf(bulk);
  failpoint("publish-in-bulk:before-start");
  let operationId = await findBulkMutation(client, mutation);
  if (operationId === null) {
    const started = await startBulkMutation(client, mutation, bulk.stagedPath ?? "");
    if (!started.ok) return new RetryAt(Date.now() + settings.pollMs);
    operationId = started.id;
  }
  failpoint("publish-in-bulk:after-start");
  await advance(db, bulk, { state: "running", operationId });
  return new RetryAt(Date.now() + settings.pollMs);
}

async function follow(run: Run): Promise<RetryAt> {
  const { db, client, bulk, settings } = run;
  const operationId = bulk.operationId ?? "";
  const operation = await pollBulkOperation(client, operationId);
  failpoint("publish-in-bulk:after-poll");
  switch (operation.state) {
    case "running": {
      const { objectCount } = operation;
      if (objectCount !== bulk.operationDone) await advance(db, bulk, { operationDone: objectCount });
      else if (Date.now() - bulk.changedAt > settings.stalledMs) {
        await cancelQuietly(client, operationId);
        return endRound(run, { isFailed: true, because: "the bulk operation made no progress" });
      }
      return new RetryAt(Date.now() + settings.pollMs);
    }
    case "unknown":
      return endRound(run, { isFailed: true, because: "Shopify no longer knows the bulk operation" });
    case "stopped": {
      const { status, errorCode, partialUrl } = operation;
      const told = partialUrl === null ? NOTHING_TOLD : await settleAnswer(run, partialUrl);
      const because = `the bulk operation ended as ${status} (${errorCode ?? "no code"})`;
      return endRound(run, { ...told, isFailed: true, because });
    }
    case "done": {
      const { url } = operation.result;
      const told = url === null ? NOTHING_TOLD : await settleAnswer(run, url);
      return endRound(run, { ...told, isFailed: false });
    }
  }
}

interface Told {
  written: number;
  stale: number;
  refused: number;
}

const NOTHING_TOLD: Told = { written: 0, stale: 0, refused: 0 };

/** Notes what the answer says, in parts; those that were noted before a crash are passed over. */
async function settleAnswer(run: Run, url: string): Promise<Told> {
  const { db, shop, bulk, client, signal } = run;
  const { told, written, codes } = await readBulkLines(url, answerReader, { signal });
  if (codes.size > 0) log.warn({ shopId: shop.id, codes: [...codes] }, "metafields were refused in bulk");
  for (const some of chunks([...written], SETTLED_AT_ONCE)) {
    signal.throwIfAborted();
    const answers = new Map(some);
    const gone = await db.write(async (tx) => {
      const { taken, gone } = await takenAlong(tx, shop.id, bulk.round, [...answers.keys()]);
      const settled = taken.map((publication): Settled => {
        const all = { ...publication.written, ...answers.get(publication.ownerId) };
        return { ...publication, written: all, isChanged: true, refusedBecause: null };
      });
      await settlePublications(tx, shop.id, "customer", settled, Date.now());
      failpoint("publish-in-bulk:before-settle-commit");
      return gone;
    });
    failpoint("publish-in-bulk:after-settle-commit");
    // Erased while the operation ran: what was written goes, too.
    const metafields = gone.flatMap((id) =>
      Object.keys(METAFIELDS.customer).map((key) => ({ owner: gidOf("Customer", id), key })),
    );
    await deleteMetafields(client, "customer", metafields);
  }
  return told;
}

const SETTLED_AT_ONCE = 200;

/** Keeps hashes and digests; the values themselves go by. */
function answerReader() {
  const told = { ...NOTHING_TOLD };
  const written = new Map<number, Record<string, Written[string]>>();
  const codes = new Set<string>();
  function take(line: string) {
    const answer = readBulkSetLine(line);
    told[answer.is] += 1;
    if (answer.is === "refused") for (const code of answer.codes) codes.add(code);
    if (answer.is !== "written") return;
    const fields = answer.metafields.map(({ key, value, digest }): [string, Written[string]] => {
      return [key, [hashOf(METAFIELDS.customer[key] ?? "", value), digest]];
    });
    written.set(idOf(answer.owner), Object.fromEntries(fields));
  }
  return { told, written, codes, take };
}

/** The next file; or, after too many that failed, the ordinary way for all. */
async function endRound(
  { db, shop, bulk, settings }: Run,
  ended: Partial<Told> & ({ isFailed: false } | { isFailed: true; because: string }),
): Promise<RetryAt> {
  const { written = 0, stale = 0, refused = 0 } = ended;
  const attempts = ended.isFailed ? bulk.attempts + 1 : 0;
  const isGivenUp = attempts >= settings.mostFailures;
  if (ended.isFailed) {
    const { round } = bulk;
    log.warn({ shopId: shop.id, round, attempts, reason: ended.because }, "publishing in bulk failed");
  }
  const now = Date.now();
  const change: BulkPublicationChange = {
    ...{ operationId: null, stagedPath: null, operationDone: 0 },
    state: isGivenUp ? "idle" : "collecting",
    ...{
      written: bulk.written + written,
      stale: bulk.stale + stale,
      refused: bulk.refused + refused,
      attempts,
    },
    ...(isGivenUp && { notBefore: now + settings.pauseMs, finishedAt: now }),
  };
  await advance(db, bulk, change, async (tx) => {
    if (ended.isFailed) await unmarkRound(tx, shop.id, bulk.round);
    await publishWaitingLater(tx, shop.id);
  });
  return new RetryAt(now + (ended.isFailed ? settings.pollMs * 2 ** attempts : 0));
}
