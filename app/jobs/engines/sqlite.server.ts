/**
 * The queue in the Job table. One loop claims what is due whenever this process adds a job, a job ends, a waiting job's time
 * comes, or the poll (for other processes) is due; outcomes and the next claim share one transaction. Idle, it only reads.
 *
 * A running job is held by a lease that its worker renews. Jobs of a worker whose process is gone from this machine are given
 * back at once, those of one elsewhere when the lease has passed.
 */
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { JobKind } from "../../core/job.ts";
import type { SqliteDatabase } from "../../db/database.server.ts";
import { openJobTable, type JobRow, type Settlement } from "../../db/stores/job-table.server.ts";
import { onJobsAdded } from "../../db/stores/jobs.server.ts";
import { log } from "../../observability/log.server.ts";
import type { ClaimedJob, Engine, EngineOptions, Outcome } from "../queue.ts";

export function startSqliteEngine(db: SqliteDatabase, options: EngineOptions): Engine {
  const holder = `${hostname()}/${process.pid}/${randomBytes(6).toString("hex")}`;
  const table = openJobTable(db, holder);
  let running = 0;
  let settlements: Settlement[] = [];
  let stopping = false;
  let wake: () => void = () => undefined;
  let woken = true;
  const rouse = () => {
    woken = true;
    wake();
  };
  const unlisten = onJobsAdded(rouse);

  async function work(row: JobRow): Promise<void> {
    const outcome = await options.run(claimedJob(row));
    settlements.push({ rowid: row.rowid, id: row.id, change: changeOf(row, outcome) });
    running -= 1;
    rouse();
  }

  /** Stores what ended and takes what is due. */
  async function turn(): Promise<void> {
    const ended = settlements;
    settlements = [];
    const free = stopping ? 0 : options.concurrency - running;
    if (ended.length === 0 && free === 0) return;
    try {
      const { claimed, lost } = await table.settleAndClaim(ended, free, options.kinds, Date.now());
      if (lost > 0) log.warn({ lost }, "outcomes of jobs that another worker had taken over were dropped");
      running += claimed.length;
      for (const row of claimed) void work(row);
    } catch (error) {
      settlements.unshift(...ended);
      throw error;
    }
  }

  /** Until woken, the next waiting job is due, or the poll. */
  function pause(ms: number): Promise<void> {
    if (woken) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  let checkpointAt = 0;
  let renewedAt = Date.now();
  /** The log, for all who write. Leases: renews its own, takes those of the dead. */
  async function tend(): Promise<void> {
    const now = Date.now();
    if (now >= checkpointAt) {
      table.checkpoint();
      checkpointAt = now + options.pollMs;
    }
    if (running > 0 && now - renewedAt >= options.leaseMs / 3) {
      if (now - renewedAt > options.leaseMs)
        options.abandon("this worker was stalled for longer than its lease");
      await table.renew(now);
      renewedAt = now;
    }
    if (running === 0) renewedAt = now;
    const dead = table.otherHolders().filter((other) => isDead(other, now - options.leaseMs));
    if (dead.length === 0) return;
    const jobs = await table.recover(
      dead.map((other) => other.lockedBy),
      now,
    );
    log.warn({ workers: dead.length, jobs }, "the jobs of dead workers were given back");
    woken = true;
  }

  function untilNextDue(): number {
    const free = options.concurrency - running;
    const next = free > 0 ? table.nextRunAt(options.kinds) : null;
    if (next === null) return options.pollMs;
    // What is due and was not claimed waits for its queue, whose end wakes this loop.
    const wait = next - Date.now();
    return wait > 0 ? Math.min(wait, options.pollMs) : options.pollMs;
  }

  async function loop(): Promise<void> {
    while (!stopping || running > 0 || settlements.length > 0) {
      try {
        await tend();
        if (woken || (table.nextRunAt(options.kinds) ?? Infinity) <= Date.now()) {
          woken = false;
          await turn();
        }
        await pause(untilNextDue());
      } catch (error) {
        log.error({ error }, "the job table could not be worked; trying again");
        woken = false;
        await pause(options.pollMs);
        woken = true;
      }
    }
  }

  const ended = loop().finally(() => table.close());
  return {
    async stop() {
      stopping = true;
      unlisten();
      rouse();
      await ended;
    },
  };
}

/** `host/pid/nonce`: a process of this machine that is gone is surely dead; of any other only the lease tells. */
function isDead(other: { lockedBy: string; seenAt: number }, leaseStart: number): boolean {
  if (other.seenAt < leaseStart) return true;
  const [host, pid] = other.lockedBy.split("/");
  return host === hostname() && Number(pid) !== process.pid && !processExists(Number(pid));
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function claimedJob(row: JobRow): ClaimedJob {
  return {
    id: row.id,
    shopId: row.shopId,
    kind: row.kind as JobKind,
    payload: JSON.parse(row.payload),
    attempt: row.attempts,
    maxAttempts: row.maxAttempts,
  };
}

function changeOf(row: JobRow, outcome: Outcome): Settlement["change"] {
  switch (outcome.is) {
    case "done":
      return { to: "delete" };
    case "failed":
      return row.attempts >= row.maxAttempts
        ? { to: "dead", at: Date.now(), lastError: outcome.error }
        : { to: "wait", runAt: outcome.retryAt, attempts: row.attempts, lastError: outcome.error };
    case "put-off":
      return { to: "wait", runAt: outcome.retryAt, attempts: row.attempts - 1, lastError: null };
    case "released":
      return { to: "wait", runAt: Date.now(), attempts: row.attempts - 1, lastError: null };
  }
}
