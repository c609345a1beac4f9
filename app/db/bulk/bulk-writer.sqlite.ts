/** Hands whole histories to the writer thread, which may write only while this process's write lock is held for it. */
import type { AbandonedCheckout } from "../../core/checkout.ts";
import type { Customer } from "../../core/customer.ts";
import type { Order } from "../../core/order.ts";
import { bulkTransactionDuration } from "../../observability/metrics.server.ts";
import { giveWay } from "../../observability/give-way.ts";
import { startThread } from "../../observability/start-thread.ts";
import { chunks } from "../plain.ts";
import { SQLITE_PRAGMAS } from "../sqlite.server.ts";
import type { SqliteDatabase } from "../types.ts";
import { packOrders } from "./packed-orders.ts";
import type { StepAnswer, StepRequest, WriterThreadData } from "./writer-thread.ts";

/** Orders packed at once: packing holds up the main thread for a few milliseconds. */
const ORDERS_PER_BATCH = 4000;
const CUSTOMERS_PER_BATCH = 5000;
const CHECKOUTS_PER_BATCH = 5000;

type Step = Exclude<StepAnswer, { error: unknown }>;

interface WriterThread {
  step(request: StepRequest): Promise<Step>;
}

const writers = new WeakMap<SqliteDatabase, WriterThread>();
let lastBatchId = 0;

export async function writeOrdersToSqlite(
  db: SqliteDatabase,
  shopId: number,
  orders: readonly Order[],
): Promise<{ applied: number }> {
  let applied = 0;
  for (const part of chunks(orders, ORDERS_PER_BATCH)) {
    applied += await writeBatch(db, { shopId, orders: packOrders(part) });
  }
  return { applied };
}

export async function writeCustomersToSqlite(
  db: SqliteDatabase,
  shopId: number,
  customers: readonly Customer[],
): Promise<{ applied: number }> {
  let applied = 0;
  for (const part of chunks(customers, CUSTOMERS_PER_BATCH)) {
    applied += await writeBatch(db, { shopId, customers: part });
  }
  return { applied };
}

export async function writeCheckoutsToSqlite(
  db: SqliteDatabase,
  shopId: number,
  checkouts: readonly AbandonedCheckout[],
): Promise<{ applied: number }> {
  let applied = 0;
  for (const part of chunks(checkouts, CHECKOUTS_PER_BATCH)) {
    applied += await writeBatch(db, { shopId, checkouts: part });
  }
  return { applied };
}

/** Short transactions; after each, whoever waits for the lock has it. */
async function writeBatch(db: SqliteDatabase, begin: NonNullable<StepRequest["begin"]>): Promise<number> {
  const writer = writerOf(db);
  lastBatchId += 1;
  const batchId = lastBatchId;
  let step = await db.lock.run(() => writer.step({ batchId, begin }));
  let applied = step.applied;
  while (!step.finished) {
    giveWay();
    step = await db.lock.run(() => writer.step({ batchId }));
    applied += step.applied;
  }
  return applied;
}

function writerOf(db: SqliteDatabase): WriterThread {
  const known = writers.get(db);
  if (known) return known;
  const writer = startWriter(db);
  writers.set(db, writer);
  return writer;
}

function startWriter(db: SqliteDatabase): WriterThread {
  const workerData: WriterThreadData = {
    file: db.file,
    pragmas: SQLITE_PRAGMAS,
    waiting: db.lock.waiting,
    subjectKeys: db.subjectKeys(),
  };
  const thread = startThread(new URL("./writer-thread.ts", import.meta.url), workerData);
  const waiting = new Map<number, { resolve: (step: Step) => void; reject: (error: unknown) => void }>();
  const ended = new Promise<void>((resolve) => thread.once("exit", () => resolve()));
  const fail = (error: unknown) => {
    writers.delete(db);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  thread.on("error", fail);
  thread.on("exit", () => fail(new Error("the writer thread ended")));
  thread.on("message", (answer: StepAnswer) => {
    const asker = waiting.get(answer.batchId);
    waiting.delete(answer.batchId);
    // An idle writer does not keep the process alive.
    if (waiting.size === 0) thread.unref();
    if (!asker) return;
    if ("error" in answer) asker.reject(answer.error);
    else {
      for (const ms of answer.transactionsMs) bulkTransactionDuration.observe(ms / 1000);
      asker.resolve(answer);
    }
  });
  db.beforeClose.push(async () => {
    writers.delete(db);
    thread.postMessage("close");
    thread.ref();
    await ended;
  });
  return {
    step(request) {
      thread.ref();
      const transfer =
        request.begin && "orders" in request.begin ? [request.begin.orders.numbers.buffer] : [];
      return new Promise<Step>((resolve, reject) => {
        waiting.set(request.batchId, { resolve, reject });
        thread.postMessage(request, transfer);
      });
    },
  };
}
