/** A shop's figures for pages: asked by name, answered by the process's own columns threads from cached columns. */
import {
  SLOW_QUESTIONS,
  type MetricsAnswer,
  type MetricsQuestion,
  type MetricsRequest,
} from "../../core/questions/shop-metrics.ts";
import { metricsThreads, type MetricsThreads } from "./metrics-threads.server.ts";

const threadsOf = new Map<string, MetricsThreads>();

/** `null`: no such shop. */
export async function shopMetrics<Q extends MetricsQuestion>(
  databaseUrl: string,
  shopId: number,
  request: Extract<MetricsRequest, { question: Q }>,
): Promise<MetricsAnswer<Q> | null> {
  const isSlow = SLOW_QUESTIONS.has(request.question);
  const key = `${isSlow ? "slow" : "quick"} ${databaseUrl}`;
  let threads = threadsOf.get(key);
  if (!threads) {
    threads = metricsThreads(isSlow ? { databaseUrl, threads: 1 } : { databaseUrl });
    threadsOf.set(key, threads);
  }
  // A thread answers the question that it was asked.
  return await threads.ask(shopId, request);
}

/** Ends the threads of this process; a later question starts a new one. */
export async function closeShopMetrics(): Promise<void> {
  const ending = [...threadsOf.values()];
  threadsOf.clear();
  await Promise.all(ending.map((threads) => threads.close()));
}
