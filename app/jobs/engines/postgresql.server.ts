/**
 * The queue on PostgreSQL: graphile-worker claims, listens and completes; what it leaves to four hours or to its own backoff is
 * done here by the same rules as on SQLite.
 *
 * - An outcome other than "done" is stored before graphile-worker sees the job as completed, and gives the row a new id, so
 *   that its completion, which deletes by id, finds nothing. So is the end of a job in a serial queue.
 * - A worker holds a session-level advisory lock named like it. PostgreSQL frees that lock with the connection, so the jobs of a
 *   killed process are given back within one poll.
 */
import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
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

/**
 * graphile-worker ends itself when an outcome cannot be stored, as when the database restarts. Then a new one is started
 * under a new name, and what the old one held is given back like a dead worker's.
 */
export async function startPostgresqlEngine(db: PostgresqlDatabase, options: EngineOptions): Promise<Engine> {
  let life = await startLife(db, options);
  const stopping = new AbortController();

  async function supervise(): Promise<void> {
    while (!stopping.signal.aborted) {
      await life.ended;
      if (stopping.signal.aborted) return;
      log.error("graphile-worker ended by itself; starting it again");
      await restart();
    }
  }

  async function restart(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(options.pollMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        life = await startLife(db, options);
        return;
      } catch (error) {
        log.warn({ error }, "graphile-worker could not be started; trying again");
      }
    }
  }

  const supervised = supervise();
  return {
    async stop() {
      stopping.abort();
      await life.stop();
      await supervised;
      // One that was being started meanwhile.
      await life.stop();
    },
  };
}

/** One graphile-worker, from its start to its end by whatever cause. */
async function startLife(db: PostgresqlDatabase, options: EngineOptions) {
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
      // Batches, because only their errors are caught: a single completion that fails would end the process.
      worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 },
    },
  });
  let isOver = false;
  const ended = runner.promise
    .catch((error: unknown) => log.warn({ error }, "graphile-worker ended with an error"))
    .then(() => alive.release())
    .finally(() => (isOver = true));
  return {
    ended,
    async stop() {
      // It refuses when it is already ending by itself.
      if (!isOver) await runner.stop().catch(() => undefined);
      await ended;
    },
  };
}

function taskFor(kind: JobKind, options: EngineOptions): Task {
  return async (payload, { job, withPgClient }) => {
    const { shopId, payload: own } = payload as Envelope;
    const { id, attempts: attempt, max_attempts: maxAttempts } = job;
    const outcome = await options.run({ id, shopId, kind, payload: own, attempt, maxAttempts });
    const isSerial = job.job_queue_id !== null;
    if (outcome.is === "done" && !isSerial) return;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await withPgClient((client) => settle(client, job, outcome));
      } catch (error) {
        if (attempt === SETTLE_ATTEMPTS) throw error;
        log.warn({ error, jobId: id }, "a job's outcome could not be stored; trying again");
        await sleep(options.pollMs);
      }
    }
  };
}

const SETTLE_ATTEMPTS = 10;

/**
 * Done, or its key was taken by a newer job while it ran, which does its work: deleted. Otherwise it waits or is dead. Either
 * way its serial queue is free before the worker looks for the next job; graphile-worker would free it a moment later, and the
 * queue would stand until the next poll.
 */
const SETTLE = `
  WITH held AS (
    SELECT id, job_queue_id, $6::boolean OR (key IS NULL AND payload->>'key' IS NOT NULL) AS over
    FROM graphile_worker._private_jobs WHERE id = $1 AND locked_by = $2 FOR UPDATE),
  dropped AS (DELETE FROM graphile_worker._private_jobs USING held WHERE _private_jobs.id = held.id AND over),
  kept AS (
    UPDATE graphile_worker._private_jobs AS job
    SET id = DEFAULT, locked_by = NULL, locked_at = NULL, updated_at = now(), last_error = $3,
        run_at = coalesce(to_timestamp($4::float8 / 1000), now()), attempts = greatest(job.attempts - $5::int, 0)
    FROM held WHERE job.id = held.id AND NOT over)
  UPDATE graphile_worker._private_job_queues AS queue SET locked_by = NULL, locked_at = NULL
  FROM held WHERE queue.id = held.job_queue_id AND queue.locked_by = $2`;

async function settle(client: Client, job: GraphileJob, outcome: Outcome): Promise<void> {
  const error = outcome.is === "failed" ? outcome.error : null;
  const runAt = "retryAt" in outcome ? outcome.retryAt : null;
  const uncounted = outcome.is === "failed" ? 0 : 1;
  await client.query(SETTLE, [job.id, job.locked_by, error, runAt, uncounted, outcome.is === "done"]);
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
  let onLost: () => void = () => undefined;

  /** Until it holds, however long the database is away: whoever claims without the lock would be taken for dead. */
  async function holdAtLast(name: string): Promise<void> {
    while (!released) {
      const fresh = await connect(name);
      if (fresh) return keep(fresh, name);
      await sleep(options.pollMs);
    }
  }

  async function connect(name: string): Promise<Client | null> {
    let fresh: Client | undefined;
    try {
      fresh = await db.pool.connect();
      // A silent peer is noticed in less than a minute (of no effect on a local socket). The lock may still be held by this
      // worker's own lost connection.
      await fresh.query(
        "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3; SET lock_timeout = 3000",
      );
      await fresh.query(`SELECT pg_advisory_lock(${LOCK_NAME})`, [name]);
      return fresh;
    } catch (error) {
      fresh?.release(true);
      log.warn({ error }, "the lock that proves this worker alive could not be taken; trying again");
      return null;
    }
  }

  function keep(fresh: Client, name: string): void {
    client = fresh;
    onLost = () => {
      clearTimeout(timer);
      client = undefined;
      fresh.release(true);
      options.abandon("the connection that proves this worker alive was lost");
      held = holdAtLast(name);
    };
    fresh.once("error", onLost);
    look(name);
  }

  function look(name: string): void {
    looking = recoverDead(name).catch((error: unknown) =>
      log.warn({ error }, "dead workers could not be looked for"),
    );
    timer = setTimeout(() => look(name), options.leaseMs / 6);
  }

  async function recoverDead(name: string): Promise<void> {
    if (!client) return;
    const own = client;
    await own.query("BEGIN");
    try {
      const dead = await own.query<{ locked_by: string }>(DEAD, [name]);
      const names = dead.rows.map((row) => row.locked_by);
      if (names.length > 0) {
        const recovered = await own.query<{ jobs: number }>(RECOVER, [names]);
        const jobs = recovered.rows[0]?.jobs;
        log.warn({ workers: names.length, jobs }, "the jobs of dead workers were given back");
      }
      await own.query("COMMIT");
    } catch (error) {
      await own.query("ROLLBACK");
      throw error;
    }
  }

  return {
    hold(name: string): Promise<void> {
      held ??= holdAtLast(name);
      return held;
    },
    async release(): Promise<void> {
      released = true;
      await held;
      clearTimeout(timer);
      await looking;
      const last = client;
      client = undefined;
      last?.off("error", onLost);
      // Not reused: its lock and its settings go with it.
      last?.release(true);
    },
  };
}

/** graphile-worker's own remarks; what happens to jobs is logged where they are run. */
const logger = new Logger(() => (level, message) => {
  if (level === "error") log.error({ reason: message }, "graphile-worker");
  else if (level === "warning") log.warn({ reason: message }, "graphile-worker");
  else log.debug({ reason: message }, "graphile-worker");
});
