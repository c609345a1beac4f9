/** The thread that holds order columns and folds them, so that a second of arithmetic never stops the web server. */
import { parentPort, workerData } from "node:worker_threads";
import {
  answerMetrics,
  LINE_QUESTIONS,
  type MetricsAnswer,
  type MetricsRequest,
} from "../../core/questions/shop-metrics.ts";
import { orderColumnsReader } from "../../db/bulk/order-columns.ts";
import { columnsCache } from "./columns-cache.ts";

export interface ThreadSettings {
  databaseUrl: string;
  limitBytes: number;
}

export interface ThreadRequest {
  shopId: number;
  request: MetricsRequest;
  /** By the shared clock: figures are never older. */
  askedAt: number;
}

/** Another thread holds the shop from now on. */
export interface ForgetShop {
  forget: number;
}

/** `readMs`: what of the time went into bringing the shop's columns up to date. */
export type ThreadAnswer = { readMs: number } & (
  { ok: true; answer: MetricsAnswer | null } | { ok: false; error: unknown }
);

const port = parentPort;
if (!port) throw new Error("columns-thread.ts runs as a worker thread only");
const { databaseUrl, limitBytes } = workerData as ThreadSettings;
const cache = columnsCache(orderColumnsReader(databaseUrl), limitBytes, Date.now);

async function answer({ shopId, request, askedAt }: ThreadRequest): Promise<ThreadAnswer> {
  const startedAt = performance.now();
  let readMs = 0;
  try {
    const shop = await cache.read(shopId, LINE_QUESTIONS.has(request.question), askedAt);
    readMs = performance.now() - startedAt;
    const answer = shop && answerMetrics(shop.columns, request, shop.counted, shop);
    return { ok: true, answer, readMs };
  } catch (error) {
    return { ok: false, error, readMs };
  }
}

/** One after the other: each finds what the one before it has read. */
let worked = Promise.resolve();

port.on("message", (message: ThreadRequest | ForgetShop) => {
  worked = worked.then(async () => {
    if ("forget" in message) cache.forget(message.forget);
    else port.postMessage(await answer(message));
  });
});
