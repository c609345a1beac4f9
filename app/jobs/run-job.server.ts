/** Runs one job's handler and says what became of it; both queues store that by their own means. */
import { RetryAt } from "../core/retry-at.ts";
import type { Database } from "../db/database.server.ts";
import { log, type Logger } from "../observability/log.server.ts";
import { jobDuration } from "../observability/metrics.server.ts";
import { scrub } from "../observability/scrub.ts";
import { backoffMs } from "./backoff.ts";
import type { ClaimedJob, Outcome } from "./queue.ts";

export interface JobContext {
  db: Database;
  log: Logger;
  /** Aborts when the worker stops, when it may have lost the job, and after the longest time that a job may run. */
  signal: AbortSignal;
}

export type RunHandler = (context: JobContext, job: ClaimedJob) => Promise<RetryAt | void>;

export interface RunnerOptions {
  /** How long running jobs may go on after a stop before they are told. */
  finishMs: number;
  /** How long after a stop they are given back whatever they do. */
  releaseMs: number;
  /** How long a job may run at all. */
  maxRunMs: number;
  /** First pause after a failure. */
  backoffMs?: number;
}

export interface JobRunner {
  run(job: ClaimedJob): Promise<Outcome>;
  abandon(reason: string): void;
  /** Resolves when every running job has ended or been given back. */
  drain(): Promise<void>;
}

interface Running {
  controller: AbortController;
  end: (outcome: Outcome) => void;
  outcome: Promise<Outcome>;
}

export function createJobRunner(db: Database, handle: RunHandler, options: RunnerOptions): JobRunner {
  const running = new Set<Running>();
  let stopping = false;

  async function attempt(job: ClaimedJob, signal: AbortSignal): Promise<Outcome> {
    const jobLog = log.child({ jobId: job.id, kind: job.kind, shopId: job.shopId, attempt: job.attempt });
    const startedAt = performance.now();
    let outcome: Outcome;
    try {
      const answer = await handle({ db, log: jobLog, signal }, job);
      outcome = answer ? { is: "put-off", retryAt: answer.at } : { is: "done" };
    } catch (error) {
      outcome = outcomeOf(error, job);
      if (outcome.is === "failed") jobLog.warn({ error }, "job failed");
    }
    const durationMs = Math.round(performance.now() - startedAt);
    jobDuration.observe({ kind: job.kind, outcome: outcome.is }, durationMs / 1_000);
    jobLog.info({ durationMs, outcome: outcome.is }, "job ended");
    return outcome;
  }

  function outcomeOf(error: unknown, job: ClaimedJob): Outcome {
    if (error instanceof RetryAt) return { is: "put-off", retryAt: error.at };
    if (stopping) return { is: "released" };
    const pause = backoffMs(job.attempt, Math.random(), options.backoffMs);
    return { is: "failed", error: describe(error), retryAt: Date.now() + pause };
  }

  return {
    async run(job) {
      // Claimed by a question that was under way when the stop began: nobody would tell it to end.
      if (stopping) return { is: "released" };
      const controller = new AbortController();
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      const one: Running = { controller, end: resolve, outcome: promise };
      running.add(one);
      const overdue = setTimeout(() => {
        const error = new Error("it ran longer than a job may");
        controller.abort(error);
        resolve(outcomeOf(error, job));
      }, options.maxRunMs);
      void attempt(job, controller.signal).then(resolve);
      try {
        return await promise;
      } finally {
        clearTimeout(overdue);
        running.delete(one);
      }
    },

    abandon(reason) {
      for (const { controller } of running) controller.abort(new Error(reason));
    },

    async drain() {
      stopping = true;
      const all = [...running];
      const tell = setTimeout(() => {
        for (const { controller } of all) controller.abort(new Error("the worker stops"));
      }, options.finishMs);
      const giveBack = setTimeout(() => {
        for (const { end } of all) end({ is: "released" });
      }, options.releaseMs);
      await Promise.all(all.map(({ outcome }) => outcome));
      clearTimeout(tell);
      clearTimeout(giveBack);
    },
  };
}

/** For the person who reads the dead letters: the first line, without what may identify someone. */
function describe(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return scrub(text).slice(0, 500);
}
