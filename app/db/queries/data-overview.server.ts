/** What the page of data shows, read at once: sync, drift, requests, and the tasks that failed. */
import type { Database } from "../types.ts";
import { dataRequests, type StoredDataRequest } from "./data-requests.server.ts";
import { deadJobs, jobCounts, type DeadJob, type JobCounts } from "./dead-jobs.server.ts";
import { driftSince, type Drift } from "./drift.server.ts";
import { syncStatus, type SyncStatus } from "./sync-status.server.ts";
import { unreadableRecords, type ShownUnreadable } from "./unreadable-records.server.ts";

interface DataOverview {
  status: SyncStatus;
  drift: Drift;
  requests: Omit<StoredDataRequest, "orderIds">[];
  unreadable: ShownUnreadable[];
  dead: DeadJob[];
  jobs: JobCounts;
}

const DRIFT_MS = 30 * 86_400_000;
const DEAD_SHOWN = 100;
const UNREADABLE_SHOWN = 50;

export async function dataOverview(db: Database, shopId: number, now: number): Promise<DataOverview> {
  const [status, drift, requests, unreadable, dead, jobs] = await Promise.all([
    syncStatus(db, shopId),
    driftSince(db, shopId, now - DRIFT_MS),
    dataRequests(db, shopId),
    unreadableRecords(db, shopId, UNREADABLE_SHOWN),
    deadJobs(db, shopId, DEAD_SHOWN),
    jobCounts(db, shopId),
  ]);
  return {
    status,
    drift,
    requests: requests.map(({ id, customerId, requestedAt, downloadedAt }) => ({
      id,
      customerId,
      requestedAt,
      downloadedAt,
    })),
    unreadable,
    dead,
    jobs,
  };
}
