/**
 * Turns the clock into jobs. The last tick of each entry stands in the database: whichever process moves it on adds the job in
 * the same transaction, so several processes add it once, and ticks missed while none ran are caught up by one job.
 */
import type { JobKind, JobPayloads } from "../core/job.ts";
import type { Database, Transaction } from "../db/database.server.ts";
import { enqueue } from "../db/stores/jobs.server.ts";
import { passTick } from "../db/stores/cron-ticks.server.ts";
import { log } from "../observability/log.server.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

type CronKind = {
  [Kind in JobKind]: JobPayloads[Kind] extends Record<string, never> ? Kind : never;
}[JobKind];

export interface CronEntry {
  kind: CronKind;
  everyMs: number;
  /** Of the tick, from the start of a UTC day. */
  offsetMs: number;
}

const CRON: readonly CronEntry[] = [
  { kind: "sweep-all-shops", everyMs: 15 * MINUTE, offsetMs: 0 },
  { kind: "audit-all-shops", everyMs: DAY, offsetMs: 3 * 60 * MINUTE + 7 * MINUTE },
  { kind: "fit-all-shops", everyMs: DAY, offsetMs: 1 * 60 * MINUTE + 17 * MINUTE },
  { kind: "advance-all-points", everyMs: 60 * MINUTE, offsetMs: 11 * MINUTE },
  // By the hour, because tiers end with the day of the shop.
  { kind: "judge-all-tiers", everyMs: 60 * MINUTE, offsetMs: 2 * MINUTE },
  { kind: "sum-all-points", everyMs: 60 * MINUTE, offsetMs: 43 * MINUTE },
  { kind: "expire-all-redemptions", everyMs: DAY, offsetMs: 2 * 60 * MINUTE + 47 * MINUTE },
  { kind: "find-all-deeds", everyMs: DAY, offsetMs: 6 * 60 * MINUTE + 31 * MINUTE },
  { kind: "remind-all-expiry", everyMs: DAY, offsetMs: 7 * 60 * MINUTE + 23 * MINUTE },
  { kind: "republish-all-shops", everyMs: DAY, offsetMs: 5 * 60 * MINUTE + 53 * MINUTE },
  { kind: "expire-records", everyMs: DAY, offsetMs: 4 * 60 * MINUTE + 37 * MINUTE },
];

/** The latest tick at or before `now`. */
export function tickBefore(entry: CronEntry, now: number): number {
  return Math.floor((now - entry.offsetMs) / entry.everyMs) * entry.everyMs + entry.offsetMs;
}

/** Adds the jobs whose tick has come since the last call by any process; an entry seen for the first time waits for its next tick. */
export async function runCron(db: Database, entries: readonly CronEntry[], now: number): Promise<void> {
  await db.write(async (tx: Transaction) => {
    for (const entry of entries) {
      const tickAt = tickBefore(entry, now);
      if (!(await passTick(tx, 0, entry.kind, tickAt))) continue;
      await enqueue(tx, { shopId: 0, kind: entry.kind, payload: {}, key: `cron:${entry.kind}` });
    }
  });
}

/** Runs cron now and at every tick; `stop` waits for what is under way. */
export function startCron(db: Database, entries: readonly CronEntry[] = CRON): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let passed = -Infinity;
  let underWay: Promise<void> = Promise.resolve();
  let stopped = false;

  async function round(): Promise<void> {
    const now = Date.now();
    const latest = Math.max(...entries.map((entry) => tickBefore(entry, now)));
    if (latest > passed) {
      try {
        await runCron(db, entries, now);
        passed = latest;
      } catch (error) {
        log.error({ error }, "cron failed; trying again");
      }
    }
    if (stopped) return;
    // At most a minute, because a machine may sleep through a timer.
    const next = Math.min(...entries.map((entry) => tickBefore(entry, now) + entry.everyMs));
    timer = setTimeout(start, Math.min(Math.max(next - Date.now(), 1_000), MINUTE));
  }
  function start(): void {
    underWay = round();
  }

  start();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
