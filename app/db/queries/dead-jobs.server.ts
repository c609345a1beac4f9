/** What a person sees of the queue: the jobs that have used their last attempt, and how many wait and run. */
import type { JobKind } from "../../core/job.ts";
import type { Database } from "../database.server.ts";

export interface DeadJob {
  id: string;
  kind: JobKind;
  attempts: number;
  /** The last attempt's error, without what may identify someone. */
  error: string;
  createdAt: number;
  deadAt: number;
}

export interface JobCounts {
  /** Due and not running. */
  ready: number;
  /** Their time has not come: planned, put off, or after a failure. */
  delayed: number;
  running: number;
  dead: number;
  /** When the oldest ready job was due; `null` when none is ready. */
  oldestReadyAt: number | null;
}

interface DeadRow {
  id: string | bigint;
  kind: string;
  attempts: number | bigint;
  error: string | null;
  createdAt: bigint;
  deadAt: bigint;
}

/** The shop's dead letters, the latest first. */
export async function deadJobs(db: Database, shopId: number, limit = 100): Promise<DeadJob[]> {
  const rows = await db.prisma.$queryRawUnsafe<DeadRow[]>(
    db.dialect === "sqlite" ? DEAD_IN_TABLE : DEAD_IN_GRAPHILE,
    shopId,
    limit,
  );
  return rows.map((row) => ({
    id: String(row.id),
    kind: row.kind as JobKind,
    attempts: Number(row.attempts),
    error: row.error ?? "",
    createdAt: Number(row.createdAt),
    deadAt: Number(row.deadAt),
  }));
}

/** Of one shop, or of the whole queue. */
export async function jobCounts(db: Database, shopId?: number): Promise<JobCounts> {
  const [row] = await db.prisma.$queryRawUnsafe<Record<keyof JobCounts, unknown>[]>(
    db.dialect === "sqlite" ? COUNTS_IN_TABLE : COUNTS_IN_GRAPHILE,
    shopId ?? null,
    ...(db.dialect === "sqlite" ? [Date.now()] : []),
  );
  const oldest = row?.oldestReadyAt ?? null;
  return {
    ready: Number(row?.ready),
    delayed: Number(row?.delayed),
    running: Number(row?.running),
    dead: Number(row?.dead),
    oldestReadyAt: oldest === null ? null : Number(oldest),
  };
}

const DEAD_IN_TABLE = `
  SELECT "id", "kind", "attempts", "lastError" AS "error", "createdAt", "deadAt" FROM "Job"
  WHERE "shopId" = ? AND "deadAt" IS NOT NULL ORDER BY "deadAt" DESC, rowid DESC LIMIT ?`;

const DEAD_IN_GRAPHILE = `
  SELECT job.id, task.identifier AS kind, job.attempts, job.last_error AS error,
    floor(extract(epoch FROM job.created_at) * 1000)::bigint AS "createdAt",
    floor(extract(epoch FROM job.updated_at) * 1000)::bigint AS "deadAt"
  FROM graphile_worker._private_jobs job JOIN graphile_worker._private_tasks task ON task.id = job.task_id
  WHERE job.attempts >= job.max_attempts AND job.locked_at IS NULL AND (job.payload->>'shopId')::int = $1::int
  ORDER BY job.updated_at DESC, job.id DESC LIMIT $2::int`;

const COUNTS_IN_TABLE = `
  WITH asked AS (SELECT ? AS "ofShop", ? AS "now")
  SELECT
    count(*) FILTER (WHERE "deadAt" IS NULL AND "lockedAt" IS NULL AND "runAt" <= "now") AS "ready",
    count(*) FILTER (WHERE "deadAt" IS NULL AND "lockedAt" IS NULL AND "runAt" > "now") AS "delayed",
    count(*) FILTER (WHERE "lockedAt" IS NOT NULL) AS "running",
    count(*) FILTER (WHERE "deadAt" IS NOT NULL) AS "dead",
    min("runAt") FILTER (WHERE "deadAt" IS NULL AND "lockedAt" IS NULL AND "runAt" <= "now") AS "oldestReadyAt"
  FROM "Job", asked WHERE "ofShop" IS NULL OR "shopId" = "ofShop"`;

const COUNTS_IN_GRAPHILE = `
  SELECT
    count(*) FILTER (WHERE is_available AND run_at <= now()) AS ready,
    count(*) FILTER (WHERE is_available AND run_at > now()) AS delayed,
    count(*) FILTER (WHERE locked_at IS NOT NULL) AS running,
    count(*) FILTER (WHERE NOT is_available AND locked_at IS NULL) AS dead,
    floor(extract(epoch FROM min(run_at) FILTER (WHERE is_available AND run_at <= now())) * 1000)::bigint AS "oldestReadyAt"
  FROM graphile_worker._private_jobs WHERE $1::int IS NULL OR (payload->>'shopId')::int = $1::int`;
