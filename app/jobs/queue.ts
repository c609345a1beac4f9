/** What the two queues and the runner of jobs say to each other. */
import type { JobKind } from "../core/job.ts";

export interface ClaimedJob {
  id: string;
  shopId: number;
  kind: JobKind;
  payload: unknown;
  /** 1 at the first. */
  attempt: number;
  maxAttempts: number;
}

/** What became of one run of a job. */
export type Outcome =
  | { is: "done" }
  /** Counts an attempt; the last one makes it a dead letter. */
  | { is: "failed"; error: string; retryAt: number }
  /** Asked to be run again; counts no attempt. */
  | { is: "put-off"; retryAt: number }
  /** Given back because this worker stops; counts no attempt. */
  | { is: "released" };

export interface EngineOptions {
  kinds: readonly JobKind[];
  concurrency: number;
  /** How often to look for jobs that another process added or whose time has come. */
  pollMs: number;
  /** A worker that has not been heard of for so long is dead, and its jobs are given to others. */
  leaseMs: number;
  run: (job: ClaimedJob) => Promise<Outcome>;
  /** Gives every running job the sign to stop, because another worker may hold it by now. */
  abandon: (reason: string) => void;
}

export interface Engine {
  /** Claims no more. Resolves when every running job's outcome is stored; what `run` returns decides when that is. */
  stop(): Promise<void>;
}
