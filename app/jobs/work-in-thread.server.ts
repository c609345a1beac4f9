/** Runs jobs in this thread until the one that started it says stop; what the two tell each other stands here. */
import { parentPort, workerData } from "node:worker_threads";
import { openDatabase } from "../db/database.server.ts";
import { wakeWorkers } from "../db/stores/jobs.server.ts";
import { borrowLock, type LentLock } from "../db/write-lock.ts";
import { watchProcess } from "../observability/gauges.server.ts";
import { log } from "../observability/log.server.ts";
import { workRegistry, type Figures } from "../observability/metrics.server.ts";
import type { SyncSettings } from "../services/sync/settings.ts";
import { lowerPriority } from "./lower-priority.ts";
import { startWorker, type Handlers, type WorkerOptions } from "./worker.server.ts";

export interface WorkerThreadData {
  databaseUrl: string;
  subjectKeys: readonly Uint8Array[];
  /** SQLite's writers take turns over all threads. */
  lock: LentLock | null;
  settings: SyncSettings | undefined;
  options: WorkerOptions;
}

/** To the thread: a job was added elsewhere in the process; tell your figures; end your jobs and yourself. */
export type ToWorkerThread = "wake" | "tell" | "stop";
export type FromWorkerThread = { is: "ready" } | { is: "figures"; figures: Figures };

export async function workInThread(
  handlersOf: (settings?: SyncSettings) => Partial<Handlers>,
): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error("jobs are run here in a thread only");
  const { databaseUrl, subjectKeys, lock, settings, options } = workerData as WorkerThreadData;
  const tell = (message: FromWorkerThread) => port.postMessage(message);
  lowerPriority();
  watchProcess();
  const db = await openDatabase(databaseUrl, { subjectKeys, ...(lock && { lock: borrowLock(lock) }) });
  const worker = await startWorker(db, handlersOf(settings), options);

  async function stop(): Promise<void> {
    try {
      await worker.stop();
      await db.close();
    } catch (error) {
      log.error({ error }, "the thread that runs jobs could not stop cleanly");
    }
    process.exit();
  }

  port.on("message", (message: ToWorkerThread) => {
    if (message === "wake") wakeWorkers();
    else if (message === "stop") void stop();
    else void workRegistry.getMetricsAsJSON().then((figures) => tell({ is: "figures", figures }));
  });
  tell({ is: "ready" });
}
