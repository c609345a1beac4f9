/** A shop's figures for pages: asked by name, answered by the process's own columns thread from cached columns. */
import type { MetricsAnswer, MetricsQuestion, MetricsRequest } from "../../core/metrics/shop-metrics.ts";
import { metricsThread, type MetricsThread } from "./metrics-thread.server.ts";

const threads = new Map<string, MetricsThread>();

/** `null`: no such shop. */
export async function shopMetrics<Q extends MetricsQuestion>(
  databaseUrl: string,
  shopId: number,
  request: Extract<MetricsRequest, { question: Q }>,
): Promise<MetricsAnswer<Q> | null> {
  let thread = threads.get(databaseUrl);
  if (!thread) {
    thread = metricsThread({ databaseUrl });
    threads.set(databaseUrl, thread);
  }
  // The thread answers the question that it was asked.
  return await thread.ask(shopId, request);
}

/** Ends the threads of this process; a later question starts a new one. */
export async function closeShopMetrics(): Promise<void> {
  const ending = [...threads.values()];
  threads.clear();
  await Promise.all(ending.map((thread) => thread.close()));
}
