/** Asks the columns thread one question at a time and starts a new thread where one died. */
import { Worker } from "node:worker_threads";
import type { MetricsAnswer, MetricsRequest } from "../../core/metrics/shop-metrics.ts";
import type { ThreadAnswer, ThreadRequest, ThreadSettings } from "./columns-thread.ts";

export interface MetricsThread {
  /** `null`: no such shop. */
  ask(shopId: number, request: MetricsRequest): Promise<MetricsAnswer | null>;
  /** Ends the thread; questions not answered by then are rejected. */
  close(): Promise<void>;
}

export interface MetricsThreadOptions {
  databaseUrl: string;
  /** What the cached columns may take. */
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

const DEFAULT_LIMIT_BYTES = 512 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 120_000;

export function metricsThread(options: MetricsThreadOptions): MetricsThread {
  const { databaseUrl, limitBytes = DEFAULT_LIMIT_BYTES, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const program = options.program ?? new URL("./columns-thread.ts", import.meta.url);
  const queue: Waiting[] = [];
  let worker: Worker | null = null;
  let running: { waiting: Waiting; timer: NodeJS.Timeout } | null = null;
  let closed = false;

  function startWorker(): Worker {
    const started = new Worker(program, {
      workerData: { databaseUrl, limitBytes } satisfies ThreadSettings,
    });
    started.on("message", (result: ThreadAnswer) => {
      const asked = finishRunning();
      if (result.ok) asked?.resolve(result.answer);
      else asked?.reject(result.error);
      askNext();
    });
    // A question that a dying thread was at is lost; those behind it go to the next thread.
    const died = (reason: unknown) => {
      if (worker !== started) return;
      worker = null;
      finishRunning()?.reject(reason);
      askNext();
    };
    started.on("error", died);
    started.on("exit", (code) => died(new Error(`the metrics thread ended with code ${code}`)));
    return started;
  }

  function finishRunning(): Waiting | null {
    if (!running) return null;
    const { waiting, timer } = running;
    clearTimeout(timer);
    running = null;
    // An idle thread must not keep the process alive.
    worker?.unref();
    return waiting;
  }

  function askNext(): void {
    if (running || closed) return;
    const waiting = queue.shift();
    if (!waiting) return;
    worker ??= startWorker();
    worker.ref();
    running = { waiting, timer: setTimeout(stopLate, timeoutMs) };
    worker.postMessage(waiting.message);
  }

  function stopLate(): void {
    const late = worker;
    worker = null;
    finishRunning()?.reject(new Error(`figures took longer than ${timeoutMs} ms`));
    void late?.terminate();
    askNext();
  }

  return {
    ask(shopId, request) {
      if (closed) return Promise.reject(new Error("the metrics thread is closed"));
      return new Promise((resolve, reject) => {
        queue.push({ message: { shopId, request }, resolve, reject });
        askNext();
      });
    },
    async close() {
      closed = true;
      const ending = worker;
      worker = null;
      const unanswered = [finishRunning(), ...queue.splice(0)];
      for (const waiting of unanswered) waiting?.reject(new Error("the metrics thread is closed"));
      await ending?.terminate();
    },
  };
}
