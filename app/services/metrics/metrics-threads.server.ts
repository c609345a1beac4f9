/**
 * Asks the columns threads, which work one question after the other, and starts a new thread where one died. Questions about the shop that a
 * thread is at are sent to it at once: a page asks ten, and a busy web server would else keep the thread waiting between each two of them.
 *
 * A shop's columns are in one thread, its home. While the home is at work for another shop, its questions wait; once they have
 * waited as long as reading the shop anew would take, an idle thread becomes its home. So a shop that keeps a thread busy
 * (its sync is watched, say) soon has it to itself.
 */
import type { Worker } from "node:worker_threads";
import type { MetricsAnswer, MetricsRequest } from "../../core/questions/shop-metrics.ts";
import { startThread } from "../../observability/start-thread.ts";
import type { ForgetShop, ThreadAnswer, ThreadRequest, ThreadSettings } from "./columns-thread.ts";
import { sharedClock } from "./shared-clock.ts";

export interface MetricsThreads {
  /** `null`: no such shop. */
  ask(shopId: number, request: MetricsRequest): Promise<MetricsAnswer | null>;
  /** Ends the threads; questions not answered by then are rejected. */
  close(): Promise<void>;
}

export interface MetricsThreadsOptions {
  databaseUrl: string;
  /** At most; one that is not needed is not started. */
  threads?: number;
  /** What the cached columns may take in each thread. */
  limitBytes?: number;
  /** A question that takes longer takes the thread with it, because nothing else can stop it. */
  timeoutMs?: number;
  program?: URL;
}

interface Waiting {
  message: ThreadRequest;
  resolve(answer: MetricsAnswer | null): void;
  reject(error: unknown): void;
}

interface Thread {
  worker: Worker | null;
  /** All about one shop, in the order in which they are worked. */
  sent: Waiting[];
  /** Of the first of them. */
  running: { timer: NodeJS.Timeout; since: number } | null;
}

/** Where a shop's columns are. */
interface Home {
  thread: Thread;
  /** The longest that reading the shop has taken there. */
  readMs: number;
  /** How long its questions have waited there for other shops'. */
  waitedMs: number;
}

const DEFAULT_THREADS = 2;
const DEFAULT_LIMIT_BYTES = 512 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 120_000;

export function metricsThreads(options: MetricsThreadsOptions): MetricsThreads {
  const { databaseUrl, limitBytes = DEFAULT_LIMIT_BYTES, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const program = options.program ?? new URL("./columns-thread.ts", import.meta.url);
  const threads: Thread[] = Array.from({ length: options.threads ?? DEFAULT_THREADS }, () => ({
    worker: null,
    sent: [],
    running: null,
  }));
  const homes = new Map<number, Home>();
  const queue: Waiting[] = [];
  let lookAgain: NodeJS.Timeout | undefined;
  let closed = false;

  function startWorker(thread: Thread): Worker {
    const started = startThread(program, { databaseUrl, limitBytes } satisfies ThreadSettings);
    started.on("message", (result: ThreadAnswer) => {
      // What it answers after it was given up, another has been asked.
      if (thread.worker !== started) return;
      const asked = finishRunning(thread);
      const home = asked && homes.get(asked.message.shopId);
      if (home) home.readMs = Math.max(home.readMs, result.readMs);
      if (result.ok) asked?.resolve(result.answer);
      else asked?.reject(result.error);
      askNext();
    });
    // A question that a dying thread was at is lost; those behind it go to the next thread.
    const died = (reason: unknown) => {
      if (thread.worker !== started) return;
      abandon(thread);
      failRunning(thread, reason);
      askNext();
    };
    started.on("error", died);
    started.on("exit", (code) => died(new Error(`the metrics thread ended with code ${code}`)));
    return started;
  }

  /** What it held is gone. */
  function abandon(thread: Thread): Worker | null {
    const { worker } = thread;
    thread.worker = null;
    for (const [shopId, home] of homes) if (home.thread === thread) homes.delete(shopId);
    return worker;
  }

  /** Its next question runs from now on. */
  function finishRunning(thread: Thread): Waiting | null {
    const { running, worker } = thread;
    const finished = thread.sent.shift();
    if (!running || !finished) return null;
    clearTimeout(running.timer);
    countWaits(thread, finished, running.since);
    thread.running = thread.sent.length > 0 ? beginRunning(thread) : null;
    // An idle thread must not keep the process alive.
    if (!thread.running) worker?.unref();
    return finished;
  }

  function beginRunning(thread: Thread): Thread["running"] {
    return { timer: setTimeout(() => stopLate(thread), timeoutMs), since: sharedClock() };
  }

  /** Of what the thread was sent it was at the first: the others are asked again. */
  function failRunning(thread: Thread, reason: unknown): void {
    queue.unshift(...thread.sent.splice(1));
    finishRunning(thread)?.reject(reason);
  }

  function countWaits(thread: Thread, finished: Waiting, since: number): void {
    const counted = new Set([finished.message.shopId]);
    for (const { message } of queue) {
      const home = homes.get(message.shopId);
      if (home?.thread !== thread || counted.has(message.shopId)) continue;
      counted.add(message.shopId);
      home.waitedMs += sharedClock() - Math.max(since, message.askedAt);
    }
  }

  /** Milliseconds until the thread may take the question; Infinity: another one will. */
  function untilMayTake(thread: Thread, { message: { shopId, askedAt } }: Waiting): number {
    const home = homes.get(shopId);
    if (!home || home.thread === thread) return 0;
    const { running, sent } = home.thread;
    if (!running || sent[0]?.message.shopId === shopId) return Infinity;
    const waits = sharedClock() - Math.max(running.since, askedAt);
    return Math.max(0, home.readMs - home.waitedMs - waits);
  }

  function askNext(): void {
    clearTimeout(lookAgain);
    if (closed) return;
    let soonest = Infinity;
    for (const thread of threads) {
      for (;;) {
        const waits = queue.map((waiting) => untilMayTake(thread, waiting));
        const next = waits.indexOf(0);
        if (next < 0 && !thread.running) soonest = Math.min(soonest, ...waits);
        const [first] = thread.sent;
        if (next < 0 || (first && first.message.shopId !== queue[next]?.message.shopId)) break;
        run(thread, queue.splice(next, 1));
      }
    }
    if (soonest < Infinity) lookAgain = setTimeout(askNext, Math.ceil(soonest));
  }

  function run(thread: Thread, [waiting]: Waiting[]): void {
    if (!waiting) return;
    const { shopId } = waiting.message;
    const home = homes.get(shopId);
    if (home?.thread !== thread) {
      home?.thread.worker?.postMessage({ forget: shopId } satisfies ForgetShop);
      homes.set(shopId, { thread, readMs: 0, waitedMs: 0 });
    }
    thread.worker ??= startWorker(thread);
    thread.worker.ref();
    thread.sent.push(waiting);
    thread.running ??= beginRunning(thread);
    thread.worker.postMessage(waiting.message);
  }

  function stopLate(thread: Thread): void {
    const late = abandon(thread);
    failRunning(thread, new Error(`figures took longer than ${timeoutMs} ms`));
    void late?.terminate();
    askNext();
  }

  return {
    ask(shopId, request) {
      if (closed) return Promise.reject(new Error("the metrics threads are closed"));
      return new Promise((resolve, reject) => {
        queue.push({ message: { shopId, request, askedAt: sharedClock() }, resolve, reject });
        askNext();
      });
    },
    async close() {
      closed = true;
      clearTimeout(lookAgain);
      const ending = threads.map(abandon);
      for (const thread of threads) clearTimeout(thread.running?.timer);
      const unanswered = [...threads.flatMap(({ sent }) => sent.splice(0)), ...queue.splice(0)];
      for (const waiting of unanswered) waiting.reject(new Error("the metrics threads are closed"));
      await Promise.all(ending.map(async (worker) => worker?.terminate()));
    },
  };
}
