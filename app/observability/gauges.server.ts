/** The figures that stand elsewhere and are read when /metrics is asked. */
import { dataVersionSum, driftSums, longestSyncLagMs } from "../db/queries/sync-lag.server.ts";
import { jobCounts } from "../db/queries/dead-jobs.server.ts";
import type { Database } from "../db/types.ts";
import { shopifyCounters } from "../shopify/admin-client.server.ts";
import { counterOf, gauge, gaugeBy } from "./metrics.server.ts";

const DAY_MS = 86_400_000;

export function watchProcess(): void {
  counterOf("perennial_shopify_requests_total", "Requests to the Admin API", () => shopifyCounters.requests);
  counterOf("perennial_shopify_retries_total", "Requests that were repeated", () => shopifyCounters.retries);
  counterOf("perennial_shopify_throttled_total", "Answers THROTTLED", () => shopifyCounters.throttled);
  counterOf("perennial_shopify_failed_total", "Requests that were given up", () => shopifyCounters.failed);
  counterOf("perennial_shopify_points_total", "Query cost spent", () => shopifyCounters.points);
}

export function watchDatabase(db: Database): void {
  gaugeBy("perennial_jobs", "Jobs by state", "state", async () => {
    const { ready, delayed, running, dead } = await jobCounts(db);
    return { ready, delayed, running, dead };
  });
  gauge("perennial_job_wait_seconds", "How long the oldest due job has waited", async () => {
    const { oldestReadyAt } = await jobCounts(db);
    return oldestReadyAt === null ? 0 : Math.max(Date.now() - oldestReadyAt, 0) / 1_000;
  });
  gauge("perennial_sync_lag_seconds", "Time since the shop that waits longest was swept", async () => {
    const lagMs = await longestSyncLagMs(db, Date.now());
    return lagMs === null ? null : lagMs / 1_000;
  });
  gaugeBy("perennial_drift_records", "Records of the last day that webhooks had not brought", "kind", () =>
    driftSums(db, Date.now() - DAY_MS),
  );
  gauge("perennial_data_version", "Transactions that changed figures, over all shops", () =>
    dataVersionSum(db),
  );
}
