/**
 * The app's half of redeeming in a process of its own, for tests that kill it: wishes are told twice each, a worker makes them true at the
 * local Shopify, and every third is cancelled again. Says `ready` and, when nothing is left to do, `done`.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "../../app/db/database.server.ts";
import { jobCounts } from "../../app/db/queries/dead-jobs.server.ts";
import { createHandlers } from "../../app/jobs/handlers.server.ts";
import { startWorker } from "../../app/jobs/worker.server.ts";
import { requestCancellation } from "../../app/services/loyalty/cancel-redemption.server.ts";
import { redeemReward, type Wish } from "../../app/services/loyalty/redeem-reward.server.ts";
import { QUICK } from "./quick-settings.ts";

const [url = "", shop = "", list = "[]"] = process.argv.slice(2);
const shopId = Number(shop);
const wishes = JSON.parse(list) as Wish[];
const db = await openDatabase(url, { subjectKeys: [] });
const quick = { cron: [], pollMs: 20, backoffMs: 20, concurrency: 8, leaseMs: 1_000 };
const worker = await startWorker(db, createHandlers(QUICK), quick);

async function untilQuiet(): Promise<void> {
  for (;;) {
    const { ready, delayed, running, dead } = await jobCounts(db, shopId);
    if (dead > 0) throw new Error(`${dead} jobs were given up`);
    if (ready + delayed + running === 0) return;
    await sleep(20);
  }
}

process.stdout.write("ready\n");
const redeemed = await Promise.all(
  wishes.flatMap((wish) => [redeemReward(db, shopId, wish), redeemReward(db, shopId, wish)]),
);
await untilQuiet();
for (const [index, outcome] of redeemed.entries()) {
  if (!outcome.ok) throw new Error(outcome.reason);
  if (index % 6 === 0) await requestCancellation(db, shopId, outcome.redemption.id);
}
await untilQuiet();
process.stdout.write("done\n");
await worker.stop();
await db.close();
