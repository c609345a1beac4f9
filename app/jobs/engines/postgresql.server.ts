/**
 * The queue on PostgreSQL: graphile-worker claims, listens and completes; what it leaves to four hours or to its own backoff is
 * done here by the same rules as on SQLite.
 *
 * - An outcome other than "done" is stored before graphile-worker sees the job as completed, and gives the row a new id, so
 *   that its completion, which deletes by id, finds nothing.
 * - A worker holds a session-level advisory lock named like it. PostgreSQL frees that lock with the connection, so the jobs of a
 *   killed process are given back within one poll.
 */
import { EventEmitter } from "node:events";
import { Logger, run, type Task, type WithPgClient, type WorkerEvents } from "graphile-worker";
import type { JobKind } from "../../core/job.ts";
import type { PostgresqlDatabase } from "../../db/database.server.ts";
import { log } from "../../observability/log.server.ts";
import type { Engine, EngineOptions, Outcome } from "../queue.ts";

interface Envelope {
  shopId: number;
  payload: unknown;
  key: string | null;
}
type Client = Parameters<Parameters<WithPgClient>[0]>[0];
type GraphileJob = Parameters<Task>[1]["job"];

export async function startPostgresqlEngine(db: PostgresqlDatabase, options: EngineOptions): Promise<Engine> {
  const alive = createAliveness(db, options);
  const tasks = Object.fromEntries(options.kinds.map((kind) => [kind, taskFor(kind, options)]));
  const runner = await run({
    pgPool: db.pool,
    taskList: tasks,
    parsedCronItems: [],
    concurrency: options.concurrency,
    pollInterval: options.pollMs,
    noHandleSignals: true,
    logger,
    events: new EventEmitter() as WorkerEvents,
    preset: {
      plugins: [
        {
          name: "PerennialAliveness",
          version: "1.0.0",
          worker: {
            hooks: {
              // Awaited before a worker's first claim, so no job is ever held by a name that is not locked.
              startWorker: (_context, event) => alive.hold(event.worker.workerPool.id),
            },
          },
        },
      ],
      worker: { completeJobBatchDelay: 0 },
    },
  });
  return {
    async stop() {
      await runner.stop();
      await alive.release();
    },
  };
}

function taskFor(kind: JobKind, options: EngineOptions): Task {
  return async (payload, { job, withPgClient }) => {
    const { shopId, payload: own } = payload as Envelope;
    const { id, attempts: attempt, max_attempts: maxAttempts } = job;
    const outcome = await options.run({ id, shopId, kind, payload: own, attempt, maxAttempts });
    if (outcome.is !== "done") await withPgClient((client) => settle(client, job, outcome));
  };
}

/** A job whose key was taken by a newer one while it ran is dropped, for the new one does its work. */
const SETTLE = `
  WITH held AS (
    SELECT id, job_queue_id, key IS NULL AND payload->>'key' IS NOT NULL AS superseded
    FROM graphile_worker._private_jobs WHERE id = $1 AND locked_by = $2 FOR UPDATE),
  dropped AS (DELETE FROM graphile_worker._private_jobs USING held WHERE _private_jobs.id = held.id AND superseded),
  kept AS (
    UPDATE graphile_worker._private_jobs AS job
    SET id = DEFAULT, locked_by = NULL, locked_at = NULL, updated_at = now(), last_error = $3,
        run_at = coalesce(to_timestamp($4::float8 / 1000), now()), attempts = greatest(job.attempts - $5::int, 0)
    FROM held WHERE job.id = held.id AND NOT superseded)
  UPDATE graphile_worker._private_job_queues AS queue SET locked_by = NULL, locked_at = NULL
  FROM held WHERE queue.id = held.job_queue_id AND queue.locked_by = $2`;

async function settle(
  client: Client,
  job: GraphileJob,
  outcome: Exclude<Outcome, { is: "done" }>,
): Promise<void> {
  const error = outcome.is === "failed" ? outcome.error : null;
  const runAt = outcome.is === "released" ? null : outcome.retryAt;
  const uncounted = outcome.is === "failed" ? 0 : 1;
  await client.query(SETTLE, [job.id, job.locked_by, error, runAt, uncounted]);
}

const LOCK_NAME = "hashtextextended('perennial worker ' || $1, 0)";

/** Whose lock is free is dead. The locks taken here end with the transaction, and two workers never bury the same one. */
const DEAD = `
  WITH holder AS (
    SELECT locked_by FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL
    UNION SELECT locked_by FROM graphile_worker._private_job_queues WHERE locked_by IS NOT NULL),
  other AS MATERIALIZED (SELECT locked_by FROM holder WHERE locked_by <> $1)
  SELECT locked_by FROM other WHERE pg_try_advisory_xact_lock(hashtextextended('perennial worker ' || locked_by, 0))`;

/** New ids, so that a worker that was only cut off cannot complete what others do by now. */
const RECOVER = `
  WITH dropped AS (
    DELETE FROM graphile_worker._private_jobs
    WHERE locked_by = ANY($1::text[]) AND key IS NULL AND payload->>'key' IS NOT NULL RETURNING id),
  recovered AS (
    UPDATE graphile_worker._private_jobs SET id = DEFAULT, locked_by = NULL, locked_at = NULL, updated_at = now(),
      last_error = CASE WHEN attempts >= max_attempts THEN 'Its worker died while running it.' ELSE last_error END
    WHERE locked_by = ANY($1::text[]) AND NOT (key IS NULL AND payload->>'key' IS NOT NULL) RETURNING id),
  queues AS (
    UPDATE graphile_worker._private_job_queues SET locked_by = NULL, locked_at = NULL WHERE locked_by = ANY($1::text[])),
  woken AS (SELECT count(*) AS jobs FROM recovered)
  SELECT jobs::int, pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":' || jobs || '}') FROM woken`;

/** One connection that holds this worker's lock, and looks for the locks of others that are free. */
function createAliveness(db: PostgresqlDatabase, options: EngineOptions) {
  let held: Promise<void> | undefined;
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let released = false;

  async function connect(name: string): Promise<void> {
    const fresh = await db.pool.connect();
    fresh.once("error", () => lost(name));
    // A silent peer is noticed in less than a minute. Ignored where the server is reached by a local socket.
    await fresh.query(
      "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3",
    );
    await fresh.query(`SELECT pg_advisory_lock(${LOCK_NAME})`, [name]);
    client = fresh;
    look(name);
  }

  function lost(name: string): void {
    clearTimeout(timer);
    client?.release(true);
    client = undefined;
    if (released) return;
    options.abandon("the connection that proves this worker alive was lost");
    timer = setTimeout(() => {
      connect(name).catch(() => lost(name));
    }, options.pollMs);
  }

  function look(name: string): void {
    looking = recoverDead(name).catch((error: unknown) =>
      log.warn({ error }, "dead workers could not be looked for"),
    );
    timer = setTimeout(() => look(name), options.leaseMs / 6);
  }

  async function recoverDead(name: string): Promise<void> {
    if (!client) return;
    await client.query("BEGIN");
    try {
      const dead = await client.query<{ locked_by: string }>(DEAD, [name]);
      const names = dead.rows.map((row) => row.locked_by);
      if (names.length > 0) {
        const recovered = await client.query<{ jobs: number }>(RECOVER, [names]);
        log.warn(
          { workers: names.length, jobs: recovered.rows[0]?.jobs },
          "the jobs of dead workers were given back",
        );
      }
      await client.query("COMMIT");
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    }
  }

  return {
    hold(name: string): Promise<void> {
      held ??= connect(name);
      return held;
    },
    async release(): Promise<void> {
      released = true;
      clearTimeout(timer);
      await held;
      await looking;
      if (!client) return;
      await client.query("SELECT pg_advisory_unlock_all()");
      client.release();
    },
  };
}

/** graphile-worker's own remarks; what happens to jobs is logged where they are run. */
const logger = new Logger(() => (level, message) => {
  if (level === "error") log.error({ reason: message }, "graphile-worker");
  else if (level === "warning") log.warn({ reason: message }, "graphile-worker");
  else log.debug({ reason: message }, "graphile-worker");
});
