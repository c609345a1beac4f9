/** The thread that holds order columns and folds them, so that a second of arithmetic never stops the web server. */
import { parentPort, workerData } from "node:worker_threads";
import { answerMetrics, type MetricsAnswer, type MetricsRequest } from "../../core/metrics/shop-metrics.ts";
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
    const shop = await cache.read(shopId);
    return { ok: true, answer: shop && answerMetrics(shop.columns, request, shop.counted) };
  } catch (error) {
    return { ok: false, error };
  }
}

port.on("message", (message: ThreadRequest) => {
  void answer(message).then((result) => port.postMessage(result));
});
