/** Works the queue of a database: SQLite's Job table, or graphile-worker on PostgreSQL. */
import type { JobKind, JobPayloads } from "../core/job.ts";
import type { RetryAt } from "../core/retry-at.ts";
import type { Database } from "../db/database.server.ts";
import { startCron, type CronEntry } from "./cron.server.ts";
import { startPostgresqlEngine } from "./engines/postgresql.server.ts";
import { startSqliteEngine } from "./engines/sqlite.server.ts";
import type { ClaimedJob, EngineOptions } from "./queue.ts";
import { createJobRunner, type JobContext, type RunHandler } from "./run-job.server.ts";

export type { JobContext } from "./run-job.server.ts";

type Job<Kind extends JobKind = JobKind> = Omit<ClaimedJob, "payload" | "kind"> & {
  kind: Kind;
  payload: JobPayloads[Kind];
};

/**
 * One handler for each kind. Throwing counts an attempt and comes back after a pause; throwing or returning a `RetryAt` comes
 * back at that time and counts none. A job may run more than once, so a handler's effects are idempotent.
 */
export type Handlers = {
  [Kind in JobKind]: (context: JobContext, job: Job<Kind>) => Promise<RetryAt | void>;
};

export interface WorkerOptions {
  concurrency?: number;
  pollMs?: number;
  leaseMs?: number;
  finishMs?: number;
  releaseMs?: number;
  maxRunMs?: number;
  backoffMs?: number;
  /** Which cron jobs this worker adds: the app's own unless told, none with an empty list. */
  cron?: readonly CronEntry[];
}

export interface Worker {
  /** Claims no more, lets running jobs finish, tells those that take long, gives back those that do not listen. */
  stop(): Promise<void>;
}

/** Works the kinds that `handlers` names and leaves others to other workers. */
export async function startWorker(
  db: Database,
  handlers: Partial<Handlers>,
  options: WorkerOptions = {},
): Promise<Worker> {
  const { finishMs = 5_000, releaseMs = 20_000, maxRunMs = 3_600_000, backoffMs } = options;
  const handle: RunHandler = (context, job) => {
    const handler = handlers[job.kind] as RunHandler | undefined;
    if (!handler) throw new Error(`no handler for ${job.kind}`);
    return handler(context, job);
  };
  const runner = createJobRunner(db, handle, { finishMs, releaseMs, maxRunMs, backoffMs });
  const engineOptions: EngineOptions = {
    kinds: Object.keys(handlers) as JobKind[],
    concurrency: options.concurrency ?? 8,
    pollMs: options.pollMs ?? 1_000,
    leaseMs: options.leaseMs ?? 30_000,
    run: (job) => runner.run(job),
    abandon: (reason) => runner.abandon(reason),
  };
  const engine =
    db.dialect === "sqlite"
      ? startSqliteEngine(db, engineOptions)
      : await startPostgresqlEngine(db, engineOptions);
  const cron = startCron(db, options.cron);
  return {
    async stop() {
      await cron.stop();
      const stopped = engine.stop();
      await runner.drain();
      await stopped;
    },
  };
}
