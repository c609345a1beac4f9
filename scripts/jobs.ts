/** `npm run jobs`: the jobs that have used their last attempt, for whoever runs the app to try again or to throw away. */
import { parseArgs } from "node:util";
import type { Database } from "../app/db/database.server.ts";
import { deadJobs, jobCounts, type DeadJob } from "../app/db/queries/dead-jobs.server.ts";
import { discardDeadJob, retryDeadJob } from "../app/db/stores/jobs.server.ts";
import { allShops } from "../app/db/stores/shops.server.ts";
import { CannotRun } from "./demo/options.ts";
import { say } from "./demo/display.ts";
import { openExisting } from "./open-existing.ts";

const USAGE = "Usage: npm run jobs -- [--retry ID|all] [--discard ID|all]";

interface ShopsJob extends DeadJob {
  shopId: number;
}

async function main(): Promise<void> {
  const { retry, discard } = parse();
  const db = await openExisting(process.env.DATABASE_URL ?? "file:.data/perennial.db");
  try {
    const dead = await deadOfAll(db);
    if (retry === undefined && discard === undefined) return await list(db, dead);
    const chosen = choose(dead, retry ?? discard ?? "");
    for (const { shopId, id, kind } of chosen) {
      const change = retry === undefined ? discardDeadJob : retryDeadJob;
      const isDone = await db.write((tx) => change(tx, shopId, id));
      const done = retry === undefined ? "Discarded" : "Will be tried again";
      say(isDone ? `${done}: ${kind} ${id}` : `Is dead no more: ${kind} ${id}`);
    }
  } finally {
    await db.close();
  }
}

function parse() {
  try {
    const { values } = parseArgs({ options: { retry: { type: "string" }, discard: { type: "string" } } });
    if (values.retry === undefined || values.discard === undefined) return values;
  } catch {
    // Unknown arguments get the usage, too.
  }
  throw new CannotRun(USAGE);
}

/** Of every shop, and of no shop: cron's own jobs stand under 0. */
async function deadOfAll(db: Database): Promise<ShopsJob[]> {
  const shops = [0, ...(await allShops(db)).map(({ id }) => id)];
  const dead: ShopsJob[] = [];
  for (const shopId of shops) dead.push(...(await deadJobs(db, shopId)).map((job) => ({ ...job, shopId })));
  return dead;
}

function choose(dead: readonly ShopsJob[], id: string): readonly ShopsJob[] {
  if (id === "all") return dead;
  const chosen = dead.filter((job) => job.id === id);
  if (chosen.length === 0) throw new CannotRun(`No dead job has the id ${id}.`);
  return chosen;
}

async function list(db: Database, dead: readonly ShopsJob[]): Promise<void> {
  const { ready, delayed, running } = await jobCounts(db);
  say(`${ready} ready, ${delayed} waiting for their time, ${running} running, ${dead.length} dead.`);
  for (const { shopId, id, kind, attempts, deadAt, error } of dead) {
    say(
      `${id}  shop ${shopId}  ${kind}  ${new Date(deadAt).toISOString()}  after ${attempts} attempts: ${error}`,
    );
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof CannotRun ? error.message : error);
  process.exitCode = 1;
});
