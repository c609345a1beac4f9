/** What a worker does beside the process that answers: moves SQLite's log into the database, so that no commit has to. */
import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import Sqlite from "better-sqlite3";
import { checkpoint } from "../../app/db/bulk/checkpoint.sqlite.ts";

const EVERY_MS = 500;

const connection = new Sqlite(workerData as string, { fileMustExist: true });
for (;;) {
  checkpoint(connection);
  await sleep(EVERY_MS);
}
