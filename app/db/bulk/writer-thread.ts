/**
 * The thread that writes a history to SQLite: inserts are synchronous, and on the main thread they would hold up every
 * request. It writes only while the main thread holds the write lock for it, one short transaction each time.
 */
import { parentPort, workerData } from "node:worker_threads";
import Sqlite from "better-sqlite3";
import type { AbandonedCheckout } from "../../core/checkout.ts";
import type { Customer } from "../../core/customer.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { isAnswering } from "../../observability/give-way.ts";
import { applicableCheckouts, applicableCustomers, loadKnownOrders, loadOrderFacts } from "../order-facts.ts";
import { addOrderRows, applicableOrders, customerRow, type OrderRows } from "../order-rows.ts";
import { sqliteTables } from "./bulk-tables.sqlite.ts";
import { checkpoint, isCheckpointDue } from "./checkpoint.sqlite.ts";
import { unpackOrders, type PackedOrders } from "./packed-orders.ts";

export interface WriterThreadData {
  file: string;
  pragmas: string;
  /** How many wait for the write lock, as `WriteLock` says. */
  waiting: Int32Array<SharedArrayBuffer>;
  subjectKeys: readonly Uint8Array[];
}

/** The first step of a batch brings what to write, further ones go on with it. */
export interface StepRequest {
  batchId: number;
  begin?: { shopId: number } & (
    | { orders: PackedOrders }
    | { customers: readonly Customer[] }
    | { checkouts: readonly AbandonedCheckout[] }
  );
}

export type StepAnswer = { batchId: number } & (StepDone | { error: unknown });

interface StepDone {
  applied: number;
  finished: boolean;
  /** How long each of the step's transactions took, its commit with it, in milliseconds. */
  transactionsMs: number[];
}

/** A transaction of ours is to end within 50 ms, so that whoever waits for the lock waits no longer. */
const BUDGET_MS = 25;
const CHUNK = 100;

const { file, pragmas, waiting, subjectKeys } = workerData as WriterThreadData;
const db = new Sqlite(file, { fileMustExist: true });
db.exec(pragmas);
// Done after each step, outside of the lock.
db.exec("PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -16000");
const tables = sqliteTables(db);

/** What one call of the main thread asked for, and how far it is committed. */
interface Batch {
  shopId: number;
  at: number;
  end: number;
  /** Writes the next chunk in the open transaction. */
  write(from: number, version: () => number): Promise<{ applied: number; next: number }>;
}

function ordersBatch(shopId: number, packed: PackedOrders): Batch {
  const facts = tables.facts(shopId, subjectKeys);
  return {
    shopId,
    at: 0,
    end: packed.numbers.length,
    async write(from, version) {
      const { orders, next } = unpackOrders(packed, from, CHUNK);
      const known = await loadKnownOrders(facts, orders);
      const applicable = applicableOrders(orders, known);
      if (applicable.length === 0) return { applied: 0, next };
      const loaded = await loadOrderFacts(facts, applicable, known);
      const rows: OrderRows = { orders: [], lines: [], refunds: [] };
      for (const order of applicable) addOrderRows(rows, shopId, order, loaded, version());
      tables.replaceOrders(shopId, rows, (id) => known.storedUpdatedAt.has(id));
      return { applied: applicable.length, next };
    },
  };
}

function customersBatch(shopId: number, customers: readonly Customer[]): Batch {
  const facts = tables.facts(shopId, subjectKeys);
  return {
    shopId,
    at: 0,
    end: customers.length,
    async write(from, version) {
      const next = Math.min(from + CHUNK, customers.length);
      const applicable = await applicableCustomers(facts, customers.slice(from, next));
      tables.replaceCustomers(applicable.map((customer) => customerRow(shopId, customer, version())));
      return { applied: applicable.length, next };
    },
  };
}

function checkoutsBatch(shopId: number, checkouts: readonly AbandonedCheckout[]): Batch {
  const facts = tables.facts(shopId, subjectKeys);
  return {
    shopId,
    at: 0,
    end: checkouts.length,
    async write(from) {
      const next = Math.min(from + CHUNK, checkouts.length);
      tables.demandShop(shopId);
      const rows = await applicableCheckouts(facts, checkouts.slice(from, next));
      tables.replaceCheckouts(rows);
      return { applied: rows.length, next };
    },
  };
}

function batchOf(begin: NonNullable<StepRequest["begin"]>): Batch {
  if ("orders" in begin) return ordersBatch(begin.shopId, begin.orders);
  if ("customers" in begin) return customersBatch(begin.shopId, begin.customers);
  return checkoutsBatch(begin.shopId, begin.checkouts);
}

/** One transaction: as many chunks as the budget allows, at least one; returns how many rows applied. Awaits nothing but microtasks. */
async function transact(batch: Batch): Promise<number> {
  const started = performance.now();
  let version: number | undefined;
  const versionOfTransaction = () => (version ??= tables.bumpDataVersion(batch.shopId));
  let at = batch.at;
  let applied = 0;
  let longest = 0;
  db.exec("BEGIN IMMEDIATE");
  try {
    do {
      const before = performance.now();
      const chunk = await batch.write(at, versionOfTransaction);
      at = chunk.next;
      applied += chunk.applied;
      longest = Math.max(longest, performance.now() - before);
    } while (at < batch.end && performance.now() - started + longest < BUDGET_MS && !isAnswering());
    failpoint("bulk-write:before-commit");
    db.exec("COMMIT");
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
  failpoint("bulk-write:after-commit");
  batch.at = at;
  return applied;
}

/**
 * One transaction after another until somebody waits for the lock or for an answer, or the log wants to be moved: to ask between any two of them
 * would be to wait for a main thread that is busy reading the next window.
 */
async function step(batch: Batch): Promise<StepDone> {
  let applied = 0;
  const transactionsMs: number[] = [];
  do {
    const started = performance.now();
    applied += await transact(batch);
    transactionsMs.push(performance.now() - started);
  } while (batch.at < batch.end && Atomics.load(waiting, 0) === 0 && !isAnswering() && !isCheckpointDue(db));
  return { applied, finished: batch.at >= batch.end, transactionsMs };
}

const port = parentPort;
if (!port) throw new Error("the writer runs as a thread");
const batches = new Map<number, Batch>();

async function answer({ batchId, begin }: StepRequest): Promise<StepAnswer> {
  try {
    if (begin) batches.set(batchId, batchOf(begin));
    const batch = batches.get(batchId);
    if (!batch) throw new Error(`no batch ${batchId}`);
    const done = await step(batch);
    if (done.finished) batches.delete(batchId);
    return { batchId, ...done };
  } catch (error) {
    batches.delete(batchId);
    return { batchId, error };
  }
}

port.on("message", (request: StepRequest | "close") => {
  if (request === "close") {
    db.close();
    port.close();
    return;
  }
  void answer(request).then((result) => {
    port.postMessage(result);
    checkpoint(db);
  });
});
