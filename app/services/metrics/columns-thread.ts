/** The thread that holds order columns and folds them, so that a second of arithmetic never stops the web server. */
import { parentPort, workerData } from "node:worker_threads";
import {
  answerMetrics,
  LINE_QUESTIONS,
  type MetricsAnswer,
  type MetricsRequest,
} from "../../core/metrics/shop-metrics.ts";
import { orderColumnsReader } from "../../db/bulk/order-columns.ts";
import { columnsCache } from "./columns-cache.ts";

export interface ThreadSettings {
  databaseUrl: string;
  limitBytes: number;
}

export interface ThreadRequest {
  shopId: number;
  request: MetricsRequest;
}

export type ThreadAnswer = { ok: true; answer: MetricsAnswer | null } | { ok: false; error: unknown };

const port = parentPort;
if (!port) throw new Error("columns-thread.ts runs as a worker thread only");
const { databaseUrl, limitBytes } = workerData as ThreadSettings;
const cache = columnsCache(orderColumnsReader(databaseUrl), limitBytes, Date.now);

async function answer({ shopId, request }: ThreadRequest): Promise<ThreadAnswer> {
  try {
    const shop = await cache.read(shopId, LINE_QUESTIONS.has(request.question));
    return { ok: true, answer: shop && answerMetrics(shop.columns, request, shop.counted, shop) };
  } catch (error) {
    return { ok: false, error };
  }
}

port.on("message", (message: ThreadRequest) => {
  void answer(message).then((result) => port.postMessage(result));
});
