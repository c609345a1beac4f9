/** The tables of the page of data as files. Times are in UTC, as programs read them. */
import { dataRequests } from "../../db/queries/data-requests.server.ts";
import { deadJobs } from "../../db/queries/dead-jobs.server.ts";
import { driftRuns } from "../../db/queries/drift.server.ts";
import { unreadableRecords } from "../../db/queries/unreadable-records.server.ts";
import type { ExportTable } from "../metrics/export-table.ts";

const DRIFT_MS = 30 * 86_400_000;
const MOST_ROWS = 10_000;

const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());

export const DATA_EXPORTS: readonly ExportTable[] = [
  {
    name: "comparisons",
    usual: null,
    async load(db, shop) {
      const runs = await driftRuns(db, shop.id, Date.now() - DRIFT_MS);
      return {
        headings: ["Begun", "Ended", "Run", "Compared", "Missing", "Out of date", "Too many"],
        rows: runs.map((run) => [
          time(run.startedAt),
          time(run.finishedAt),
          run.kind,
          run.checkedCount,
          run.missingCount,
          run.staleCount,
          run.surplusCount,
        ]),
      };
    },
  },
  {
    name: "unreadable-records",
    usual: null,
    async load(db, shop) {
      const records = await unreadableRecords(db, shop.id, MOST_ROWS);
      return {
        headings: ["Kind", "Id", "What was amiss", "Created", "Last tried"],
        rows: records.map(({ resource, id, reason, createdAt, seenAt }) => [
          resource,
          String(id),
          reason,
          time(createdAt),
          time(seenAt),
        ]),
      };
    },
  },
  {
    name: "data-requests",
    usual: null,
    async load(db, shop) {
      const requests = await dataRequests(db, shop.id);
      return {
        headings: ["Customer id", "Asked", "Last downloaded"],
        rows: requests.map(({ customerId, requestedAt, downloadedAt }) => [
          String(customerId),
          time(requestedAt),
          time(downloadedAt),
        ]),
      };
    },
  },
  {
    name: "failed-tasks",
    usual: null,
    async load(db, shop) {
      const jobs = await deadJobs(db, shop.id, MOST_ROWS);
      return {
        headings: ["Task", "Failed", "Attempts", "Reason"],
        rows: jobs.map(({ kind, deadAt, attempts, error }) => [kind, time(deadAt), attempts, error]),
      };
    },
  },
];
