/**
 * Adds jobs inside the caller's own transaction, so that a job exists exactly when the change that asks for it does. The only
 * door to both queues: the Job table on SQLite, graphile-worker's tables on PostgreSQL.
 */
import { randomUUID } from "node:crypto";
import type { JobKind, NewJob } from "../../core/job.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { Transaction } from "../database.server.ts";
import { Prisma } from "../generated/sqlite/client.ts";

/** With the backoff of app/jobs/backoff.ts the last attempt comes about 16 hours after the first. */
const DEFAULT_MAX_ATTEMPTS = 25;

export async function enqueue<Kind extends JobKind>(tx: Transaction, job: NewJob<Kind>): Promise<void> {
  await enqueueMany(tx, [job]);
}

/** Adds in the order given; of several with one key the last one stays. */
export async function enqueueMany(tx: Transaction, jobs: readonly NewJob[]): Promise<void> {
  const wanted = lastOfEachKey(jobs);
  if (wanted.length === 0) return;
  failpoint("jobs:before-add");
  if (tx.dialect === "sqlite") await addToTable(tx, wanted);
  else await addToGraphile(tx, wanted);
  failpoint("jobs:after-add");
  wakeWorkers();
}

function lastOfEachKey(jobs: readonly NewJob[]): NewJob[] {
  const lastByKey = new Map<string, NewJob>();
  for (const job of jobs) if (job.key !== undefined) lastByKey.set(`${job.shopId}/${job.key}`, job);
  return jobs.filter((job) => job.key === undefined || lastByKey.get(`${job.shopId}/${job.key}`) === job);
}

/**
 * A running job of the same key keeps running but gives up its key, and `maxAttempts` 0 says that it is superseded: should it
 * fail or be put off, it is dropped, for the new one does its work. A dead one stays listed, without the key.
 */
async function addToTable(tx: Transaction, jobs: readonly NewJob[]): Promise<void> {
  const now = Date.now();
  const rows = JSON.stringify(
    jobs.map((job) => ({
      ...job,
      id: randomUUID(),
      payload: JSON.stringify(job.payload),
      runAt: job.runAt ?? now,
      maxAttempts: job.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    })),
  );
  await tx.sql.run(Prisma.sql`
    UPDATE "Job" SET "key" = NULL, "maxAttempts" = CASE WHEN "deadAt" IS NULL THEN 0 ELSE "maxAttempts" END
    WHERE ("shopId", "key") IN (SELECT value->>'shopId', value->>'key' FROM json_each(${rows}) WHERE value->>'key' IS NOT NULL)
      AND ("lockedAt" IS NOT NULL OR "deadAt" IS NOT NULL)`);
  await tx.sql.run(Prisma.sql`
    INSERT INTO "Job" ("shopId", "id", "kind", "key", "queue", "payload", "runAt", "maxAttempts", "createdAt")
    SELECT value->>'shopId', value->>'id', value->>'kind', value->>'key', value->>'queue', value->>'payload', value->>'runAt',
           value->>'maxAttempts', ${now}
    FROM json_each(${rows}) WHERE true ORDER BY json_each.key
    ON CONFLICT ("shopId", "key") DO UPDATE SET "kind" = excluded."kind", "queue" = excluded."queue", "payload" = excluded."payload",
      "runAt" = excluded."runAt", "maxAttempts" = excluded."maxAttempts", "attempts" = 0, "lastError" = NULL`);
}

/**
 * add_jobs inserts nothing for a key whose job is claimed between its two statements; it returns what it added, so what is
 * missing is asked for again. A microsecond per position keeps the order of one call.
 */
async function addToGraphile(tx: Transaction, jobs: readonly NewJob[]): Promise<void> {
  let specs = jobs.map(graphileSpec);
  while (specs.length > 0) {
    const added = await tx.sql.rows<{ key: string | null }>(Prisma.sql`
      SELECT added."key" FROM graphile_worker.add_jobs(ARRAY(
        SELECT ROW(spec->>'kind', spec->'payload', spec->>'queue',
          coalesce(to_timestamp((spec->>'runAt')::float8 / 1000), clock_timestamp()) + position * interval '1 microsecond',
          (spec->>'maxAttempts')::smallint, spec->>'key', 0::smallint, NULL::text[])::graphile_worker.job_spec
        FROM json_array_elements(${JSON.stringify(specs)}::json) WITH ORDINALITY AS specs (spec, position) ORDER BY position)) AS added`);
    const keys = new Set(added.map((row) => row.key));
    specs = specs.filter((spec) => spec.key !== null && !keys.has(spec.key));
  }
}

/** Keys and queues are a shop's own. The payload repeats the key: a running row that has lost it is superseded. */
function graphileSpec(job: NewJob) {
  const key = job.key === undefined ? null : `${job.shopId}/${job.key}`;
  return {
    kind: job.kind,
    payload: { shopId: job.shopId, payload: job.payload, key },
    queue: job.queue === undefined ? null : `${job.shopId}/${job.queue}`,
    runAt: job.runAt ?? null,
    maxAttempts: job.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    key,
  };
}

/** A job that has used its last attempt elsewhere. */
interface DeadLetter {
  job: NewJob & { key: string };
  error: string;
  createdAt: number;
  deadAt: number;
}

/** Adds dead letters as such to PostgreSQL's queue: they were moved here, and nobody has asked for another attempt. */
export async function addDeadJobs(tx: Transaction, letters: readonly DeadLetter[]): Promise<void> {
  if (tx.dialect === "sqlite") throw new Error("jobs move to PostgreSQL only");
  // Of a move that broke off: adding a dead one's key again would leave it beside the new one.
  await tx.prisma.$executeRawUnsafe(
    `DELETE FROM graphile_worker._private_jobs WHERE key = ANY(ARRAY(SELECT json_array_elements_text($1::json)))`,
    JSON.stringify(letters.map(({ job }) => `${job.shopId}/${job.key}`)),
  );
  await addToGraphile(
    tx,
    letters.map(({ job }) => job),
  );
  // In the transaction that adds them, so that no worker sees one that seems to wait.
  await tx.prisma.$executeRawUnsafe(
    `UPDATE graphile_worker._private_jobs AS job
     SET attempts = job.max_attempts, last_error = dead->>'error',
       created_at = to_timestamp((dead->>'createdAt')::float8 / 1000), updated_at = to_timestamp((dead->>'deadAt')::float8 / 1000)
     FROM json_array_elements($1::json) AS dead WHERE job.key = dead->>'key'`,
    JSON.stringify(letters.map(({ job, ...facts }) => ({ ...facts, key: `${job.shopId}/${job.key}` }))),
  );
}

const wakers = new Set<() => void>();

/**
 * Calls `wake` whenever this thread adds a job, before its transaction commits: the claim that follows queues behind the same
 * write lock. Workers in other processes hear through NOTIFY or their poll.
 */
export function onJobsAdded(wake: () => void): () => void {
  wakers.add(wake);
  return () => wakers.delete(wake);
}

/** Says so where the job was added by another thread. */
export function wakeWorkers(): void {
  for (const wake of wakers) wake();
}

/** Gives a dead letter all its attempts anew, at once; `false` when the shop has no such dead letter. */
export async function retryDeadJob(tx: Transaction, shopId: number, id: string): Promise<boolean> {
  if (!canBeId(tx, id)) return false;
  const retried =
    tx.dialect === "sqlite"
      ? await tx.prisma.$executeRawUnsafe(
          `UPDATE "Job" SET "deadAt" = NULL, "attempts" = 0, "runAt" = ? WHERE "shopId" = ? AND "id" = ? AND "deadAt" IS NOT NULL`,
          Date.now(),
          shopId,
          id,
        )
      : await tx.prisma.$executeRawUnsafe(
          `WITH retried AS (
             UPDATE graphile_worker._private_jobs SET attempts = 0, run_at = now(), updated_at = now() WHERE ${DEAD_IN_GRAPHILE}
             RETURNING pg_notify('jobs:insert', '{"count":1}'))
           SELECT * FROM retried`,
          shopId,
          id,
        );
  wakeWorkers();
  return retried > 0;
}

/** Deletes a dead letter; `false` when the shop has no such dead letter. */
export async function discardDeadJob(tx: Transaction, shopId: number, id: string): Promise<boolean> {
  if (!canBeId(tx, id)) return false;
  const discarded =
    tx.dialect === "sqlite"
      ? await tx.prisma.job.deleteMany({ where: { shopId, id, deadAt: { not: null } } })
      : {
          count: await tx.prisma.$executeRawUnsafe(
            `DELETE FROM graphile_worker._private_jobs WHERE ${DEAD_IN_GRAPHILE}`,
            shopId,
            id,
          ),
        };
  return discarded.count > 0;
}

/** graphile-worker's ids are numbers; the text may come from anybody. */
function canBeId(tx: Transaction, id: string): boolean {
  return tx.dialect === "sqlite" || /^\d{1,18}$/.test(id);
}

const DEAD_IN_GRAPHILE = `(payload->>'shopId')::int = $1::int AND id = $2::bigint AND attempts >= max_attempts AND locked_at IS NULL`;

/** Deletes a shop's jobs, waiting and dead, and its serial queues. Those that run now are left for their engine to settle. */
export async function removeWaitingJobs(tx: Transaction, shopId: number): Promise<void> {
  if (tx.dialect === "sqlite") {
    await tx.prisma.job.deleteMany({ where: { shopId, lockedAt: null } });
    return;
  }
  await tx.prisma.$executeRawUnsafe(
    `DELETE FROM graphile_worker._private_jobs WHERE (payload->>'shopId')::int = $1::int AND locked_at IS NULL`,
    shopId,
  );
  await tx.prisma.$executeRawUnsafe(
    `DELETE FROM graphile_worker._private_job_queues AS queue
     WHERE starts_with(queue_name, $1::text) AND locked_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM graphile_worker._private_jobs AS job WHERE job.job_queue_id = queue.id)`,
    `${shopId}/`,
  );
}
