/**
 * Threads that work in the background pause while the process answers somebody. Their niceness settles who gets a core, but not who
 * fills its caches and the memory behind them, and beside a busy thread an answer takes half as long again.
 */
import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";
import type { RequestHandler } from "express";

const KEY = "perennial.answering";
/** Background work goes on for so long after each pause, and pauses no longer than that: under any load it keeps a fifth of its speed. */
const WORK_MS = 5;
const LONGEST_PAUSE_MS = 20;
/** How often a pausing thread looks whether an answer waits for what it holds itself. */
const LOOK_MS = 2;

/** Single numbers that all threads share. */
type Shared = Int32Array<SharedArrayBuffer>;

interface Answering {
  /** Requests that are being answered. */
  count: Shared;
  /** Who wait for the database's write lock, which a pausing thread may hold; where there is one. */
  lockWaiting: Shared | null;
}

let known: Answering | undefined;
let workedFrom = -Infinity;

/**
 * Counts what is being answered, other than webhooks: nobody looks at those, and a flood of them must not hold up their own jobs.
 * Threads that are started afterwards see it.
 */
export function countAnswers(lockWaiting: Shared | null): RequestHandler {
  const count = new Int32Array(new SharedArrayBuffer(4));
  setEnvironmentData(KEY, { count, lockWaiting } satisfies Answering);
  return (request, response, next) => {
    if (!request.path.startsWith("/webhooks")) {
      Atomics.add(count, 0, 1);
      response.once("close", () => {
        if (Atomics.sub(count, 0, 1) === 1) Atomics.notify(count, 0);
      });
    }
    next();
  };
}

/** Whether somebody waits for an answer and not for a writer. Always `false` outside a background thread. */
export function isAnswering(): boolean {
  if (isMainThread) return false;
  known ??= getEnvironmentData(KEY) as Answering | undefined;
  if (!known || Atomics.load(known.count, 0) === 0) return false;
  return known.lockWaiting === null || Atomics.load(known.lockWaiting, 0) === 0;
}

/** Stops the calling background thread until nobody waits for an answer, within the bounds above. */
export function giveWay(): void {
  if (!isAnswering() || !known) return;
  const from = performance.now();
  if (from - workedFrom < WORK_MS) return;
  while (isAnswering() && performance.now() - from < LONGEST_PAUSE_MS)
    Atomics.wait(known.count, 0, Atomics.load(known.count, 0), LOOK_MS);
  workedFrom = performance.now();
}
