/**
 * A merchant's dry run in a process of its own, for tests that kill it: counted, confirmed and posted, each from where it was left. Says
 * `ready` and, when it is posted, `done`.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "../../app/db/database.server.ts";
import { jobCounts } from "../../app/db/queries/dead-jobs.server.ts";
import { latestDryRun } from "../../app/db/stores/dry-runs.server.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import { createHandlers } from "../../app/jobs/handlers.server.ts";
import { startWorker } from "../../app/jobs/worker.server.ts";
import { changeDryRuns } from "../../app/services/loyalty/change-dry-run.server.ts";

const [url = "", shopText = ""] = process.argv.slice(2);
const db = await openDatabase(url, { subjectKeys: [] });
const shop = await findShopById(db, Number(shopText));
if (!shop) throw new Error("no shop");
const quick = { cron: [], pollMs: 20, backoffMs: 20, leaseMs: 1_000 };
const worker = await startWorker(db, createHandlers(), quick);

process.stdout.write("ready\n");
for (;;) {
  const run = await latestDryRun(db, shop.id);
  const { ready, delayed, running, dead } = await jobCounts(db, shop.id);
  if (dead > 0) throw new Error(`${dead} jobs were given up`);
  const wish = !run
    ? { intent: "count", kind: "earlier", from: "" }
    : run.state === "counted"
      ? { intent: "confirm", id: run.id }
      : null;
  if (wish) await changeDryRuns(db, shop, wish);
  else if (run?.state === "applied" && ready + delayed + running === 0) break;
  await sleep(20);
}
process.stdout.write("done\n");
await worker.stop();
await db.close();
