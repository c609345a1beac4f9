/** A worker in a process of its own, for tests that kill it: says `running ID` on each job and never ends one. */
import { openDatabase } from "../../app/db/database.server.ts";
import { startWorker } from "../../app/jobs/worker.server.ts";

const [url = "", ...rest] = process.argv.slice(2);
const db = await openDatabase(url, { subjectKeys: [] });
await startWorker(
  db,
  {
    "sync-orders": async (_context, { payload }) => {
      process.stdout.write(`running ${payload.orderIds.join(",")}\n`);
      await new Promise(() => undefined);
    },
  },
  { cron: [], ...(JSON.parse(rest[0] ?? "{}") as object) },
);
