/**
 * Runs the worker in a thread of its own beside the one that serves pages, so that no job ever holds up an answer. A thread
 * that dies takes only itself along: what it held is free, a new one is started, and its jobs come back as a dead worker's do.
 */
import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../db/database.server.ts";
import { onJobsAdded } from "../db/stores/jobs.server.ts";
import { lendLock } from "../db/write-lock.ts";
import { log } from "../observability/log.server.ts";
import type { Figures } from "../observability/metrics.server.ts";
import { startThread } from "../observability/start-thread.ts";
import type { SyncSettings } from "../services/sync/settings.ts";
import type { FromWorkerThread, ToWorkerThread, WorkerThreadData } from "./work-in-thread.server.ts";
import type { Worker, WorkerOptions } from "./worker.server.ts";

export interface WorkerThreadOptions extends WorkerOptions {
  settings?: SyncSettings;
  program?: URL;
  /** Before a dead thread's successor is started; doubles while they keep dying. */
  restartMs?: number;
  /** A thread that has not ended so long after a stop is cut off, as a killed process would be. */
  stopMs?: number;
}

interface WorkerThread extends Worker {
  /** What the thread counted, those before it included. */
  figures(): Promise<Figures[]>;
}

const PROGRAM = new URL("./worker-thread.ts", import.meta.url);
const LONGEST_PAUSE_MS = 60_000;
/** A thread in the middle of something long answers late; then what it said last stands. */
const ANSWER_MS = 500;

/** Resolves when the thread works; throws where it cannot start at all. */
export async function startWorkerThread(
  db: Database,
  { settings, program = PROGRAM, restartMs = 1_000, stopMs = 25_000, ...options }: WorkerThreadOptions = {},
): Promise<WorkerThread> {
  // Whoever first asks for something that Node does in its pool of threads starts them, at its own priority. They work for pages too.
  await stat(PROGRAM);
  const figuresOfDead: Figures[] = [];
  const stopping = new AbortController();
  let life = startLife(db, program, { settings, options });
  await life.ready;

  async function supervise(): Promise<void> {
    let pause = restartMs;
    for (;;) {
      const { cause, lastedMs } = await life.ended;
      if (stopping.signal.aborted) return;
      log.error({ error: cause }, "the thread that runs jobs died; starting it again");
      figuresOfDead.push(life.lastFigures());
      pause = lastedMs > LONGEST_PAUSE_MS ? restartMs : Math.min(pause * 2, LONGEST_PAUSE_MS);
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      life = startLife(db, program, { settings, options });
      // Its end is told above.
      life.ready.catch(() => undefined);
    }
  }

  const supervised = supervise();
  const unlisten = onJobsAdded(() => life.say("wake"));
  return {
    figures: async () => [...figuresOfDead, await life.figures()],
    async stop() {
      stopping.abort();
      unlisten();
      life.say("stop");
      const late = setTimeout(() => {
        log.warn("the thread that runs jobs did not end in time and was cut off");
        void life.cutOff();
      }, stopMs);
      await supervised;
      clearTimeout(late);
    },
  };
}

/** One thread, from its start to its end by whatever cause. */
function startLife(
  db: Database,
  program: URL,
  { settings, options }: Pick<WorkerThreadData, "settings" | "options">,
) {
  const startedAt = performance.now();
  const lock = db.dialect === "sqlite" ? lendLock(db.lock) : null;
  const workerData: WorkerThreadData = {
    databaseUrl: db.url,
    subjectKeys: db.subjectKeys(),
    lock: lock?.lent ?? null,
    settings,
    options,
  };
  const thread = startThread(program, workerData, lock ? [lock.lent.port] : []);
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<{ cause: Error; lastedMs: number }>();
  let cause = new Error("it ended by itself");
  let figures: Figures = [];
  let askers: (() => void)[] = [];

  thread.on("message", (message: FromWorkerThread) => {
    if (message.is === "ready") return ready.resolve();
    figures = message.figures;
    for (const answer of askers.splice(0)) answer();
  });
  thread.on("error", (error: Error) => (cause = error));
  thread.on("exit", () => {
    lock?.takeBack();
    ready.reject(cause);
    for (const answer of askers.splice(0)) answer();
    ended.resolve({ cause, lastedMs: performance.now() - startedAt });
  });
  const say = (message: ToWorkerThread) => thread.postMessage(message);

  return {
    ready: ready.promise,
    ended: ended.promise,
    say,
    lastFigures: () => figures,
    async figures(): Promise<Figures> {
      const { promise: answered, resolve } = Promise.withResolvers<void>();
      askers.push(resolve);
      say("tell");
      const late = setTimeout(resolve, ANSWER_MS);
      await answered;
      clearTimeout(late);
      askers = askers.filter((asker) => asker !== resolve);
      return figures;
    },
    cutOff: () => thread.terminate(),
  };
}
