/** One contract for both queues: what is added, what runs when, and what becomes of it, whoever dies meanwhile. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { NewJob } from "../../app/core/job.ts";
import { RetryAt } from "../../app/core/retry-at.ts";
import type { Database } from "../../app/db/database.server.ts";
import { deadJobs, jobCounts } from "../../app/db/queries/dead-jobs.server.ts";
import { discardDeadJob, enqueue, enqueueMany, retryDeadJob } from "../../app/db/stores/jobs.server.ts";
import { runCron, tickBefore, type CronEntry } from "../../app/jobs/cron.server.ts";
import {
  startWorker,
  type Handlers,
  type JobContext,
  type WorkerOptions,
} from "../../app/jobs/worker.server.ts";
import { describeOnBothDatabases, usingDatabases } from "../support/database.ts";

type Handler = Handlers["sync-orders"];
type SyncOrders = NewJob<"sync-orders">;

const job = (number: number, more: Partial<SyncOrders> = {}): SyncOrders => ({
  shopId: 1,
  kind: "sync-orders",
  payload: { orderIds: [number] },
  ...more,
});
const add = (db: Database, ...jobs: SyncOrders[]) => db.write((tx) => enqueueMany(tx, jobs));
const until = (condition: () => boolean | Promise<boolean>) =>
  vi.waitFor(async () => expect(await condition()).toBe(true), { timeout: 20_000, interval: 10 });
const idle = { ready: 0, delayed: 0, running: 0, dead: 0, oldestReadyAt: null };

/** A promise that the test settles. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}

describeOnBothDatabases("jobs", (open) => {
  const stops: (() => Promise<void>)[] = [];
  // Registered after the database's own, so it runs before it.
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  async function work(db: Database, handler: Handler, options: WorkerOptions = {}) {
    const worker = await startWorker(
      db,
      { "sync-orders": handler },
      { cron: [], pollMs: 100, backoffMs: 40, finishMs: 50, releaseMs: 200, ...options },
    );
    let stopped: Promise<void> | undefined;
    const stop = () => (stopped ??= worker.stop());
    stops.push(stop);
    return { stop };
  }

  /** A handler that notes the numbers of the jobs that it ran. */
  function recorder(
    then: (context: JobContext, number: number) => Promise<RetryAt | void> = async () => undefined,
  ) {
    const ran: number[] = [];
    const handler: Handler = async (context, { payload }) => {
      const number = payload.orderIds[0] ?? NaN;
      ran.push(number);
      return then(context, number);
    };
    return { ran, handler };
  }

  test("a job is there exactly when its transaction commits", async () => {
    const db = await open();
    const { ran, handler } = recorder();
    await work(db, handler);
    const failed = db.write(async (tx) => {
      await enqueue(tx, job(1));
      throw new Error("changed my mind");
    });
    await expect(failed).rejects.toThrow("changed my mind");
    await db.write(async (tx) => {
      await enqueue(tx, job(2));
      await sleep(150);
      expect(ran).toEqual([]);
    });
    await until(() => ran.length > 0);
    await until(async () => (await jobCounts(db)).running === 0);
    expect(ran).toEqual([2]);
    expect(await jobCounts(db)).toEqual(idle);
  });

  test("the handler gets shop, payload and attempt", async () => {
    const db = await open();
    const seen: unknown[] = [];
    await work(db, async (_context, { shopId, kind, payload, attempt }) => {
      seen.push({ shopId, kind, payload, attempt });
    });
    await add(db, job(0, { shopId: 7, payload: { orderIds: [450789469, 2 ** 53 - 1] } }));
    await until(() => seen.length === 1);
    expect(seen).toEqual([
      { shopId: 7, kind: "sync-orders", payload: { orderIds: [450789469, 2 ** 53 - 1] }, attempt: 1 },
    ]);
  });

  test("a waiting job with the same key is replaced, payload and time; keys are a shop's own", async () => {
    const db = await open();
    await add(db, job(1, { key: "k", runAt: Date.now() + 3_600_000 }));
    await add(db, job(2, { key: "k" }), job(3, { key: "other" }), job(4, { key: "k", shopId: 2 }));
    await add(db, job(5, { key: "twice" }), job(6, { key: "twice" }));
    expect(await jobCounts(db)).toMatchObject({ ready: 4, delayed: 0 });
    const { ran, handler } = recorder();
    await work(db, handler);
    await until(() => ran.length === 4);
    expect(ran.toSorted()).toEqual([2, 3, 4, 6]);
  });

  test("a running job with the same key is left alone and a new one is added", async () => {
    const db = await open();
    const first = gate();
    const { ran, handler } = recorder(async (_context, number) => {
      if (number === 1) await first.passed;
    });
    await work(db, handler);
    await add(db, job(1, { key: "k" }));
    await until(() => ran.length === 1);
    await add(db, job(2, { key: "k" }));
    await until(() => ran.length === 2);
    first.open();
    await until(async () => (await jobCounts(db)).running === 0);
    expect(ran).toEqual([1, 2]);
    expect(await jobCounts(db)).toEqual(idle);
  });

  test("a running job whose key a newer one took is dropped when it fails or is put off", async () => {
    const db = await open();
    const first = gate();
    const { ran, handler } = recorder(async (_context, number) => {
      if (number > 10) return;
      await first.passed;
      if (number === 1) throw new Error("too late");
      return new RetryAt(Date.now());
    });
    await work(db, handler);
    await add(db, job(1, { key: "a" }), job(2, { key: "b", queue: "q" }));
    await until(() => ran.length === 2);
    await add(db, job(11, { key: "a" }), job(12, { key: "b", queue: "q" }));
    first.open();
    await until(() => ran.length === 4);
    await until(async () => (await jobCounts(db)).running === 0);
    await sleep(300);
    expect(ran.toSorted((a, b) => a - b)).toEqual([1, 2, 11, 12]);
    expect(await jobCounts(db)).toEqual(idle);
  });

  test("many adding the same key at once leave one waiting job", async () => {
    const db = await open();
    await Promise.all(Array.from({ length: 30 }, (_, number) => add(db, job(number, { key: "k" }))));
    expect(await jobCounts(db)).toMatchObject({ ready: 1 });
  });

  test("adding a key while its jobs are claimed loses nothing", async () => {
    const db = await open();
    const latest: number[] = [];
    await work(db, async (_context, { payload }) => {
      latest.push(payload.orderIds[0] ?? NaN);
    });
    for (let number = 1; number <= 60; number += 1) await add(db, job(number, { key: "k" }));
    await until(async () => (await jobCounts(db)).ready === 0 && (await jobCounts(db)).running === 0);
    expect(latest.at(-1)).toBe(60);
  });

  test("jobs of one serial queue run one at a time in the order of their times, beside others", async () => {
    const db = await open();
    let together = 0;
    let most = 0;
    const { ran, handler } = recorder(async (_context, number) => {
      if (number >= 100) return;
      together += 1;
      most = Math.max(most, together);
      await sleep(5);
      together -= 1;
    });
    const start = Date.now() - 10_000;
    await add(
      db,
      ...[5, 3, 8, 1, 9].map((number) => job(number, { queue: "q", runAt: start + number })),
      ...[100, 101, 102].map((number) => job(number)),
    );
    await add(db, ...Array.from({ length: 10 }, (_, index) => job(20 + index, { queue: "q" })));
    await work(db, handler);
    await work(db, handler);
    await until(() => ran.length === 18);
    expect(most).toBe(1);
    expect(ran.filter((number) => number < 100)).toEqual([
      1,
      3,
      5,
      8,
      9,
      ...Array.from({ length: 10 }, (_, index) => 20 + index),
    ]);
  });

  test("queues of different shops and names run side by side", async () => {
    const db = await open();
    const all = gate();
    const { ran, handler } = recorder(() => all.passed);
    await work(db, handler);
    await add(
      db,
      job(1, { queue: "q" }),
      job(2, { queue: "q", shopId: 2 }),
      job(3, { queue: "r" }),
      job(4, { queue: "q" }),
    );
    await until(() => ran.length === 3);
    await sleep(150);
    expect(ran.toSorted()).toEqual([1, 2, 3]);
    all.open();
    await until(() => ran.length === 4);
  });

  test("a job waits for its time", async () => {
    const db = await open();
    const { ran, handler } = recorder();
    await work(db, handler);
    const runAt = Date.now() + 700;
    await add(db, job(1, { runAt }));
    await until(() => ran.length === 1);
    expect(Date.now()).toBeGreaterThanOrEqual(runAt);
  });

  test("a failing job is tried again, then stays as a dead letter that a person can retry or discard", async () => {
    const db = await open();
    let broken = true;
    const attempts: number[] = [];
    await work(db, async (_context, { payload, attempt }) => {
      attempts.push(attempt);
      if (broken)
        throw new Error(
          `no luck with ${payload.orderIds[0]} for jane.doe@example.com and shpat_0123456789abcdef`,
        );
    });
    await add(db, job(1, { maxAttempts: 3, key: "k" }));
    await until(async () => (await deadJobs(db, 1)).length === 1);
    expect(attempts).toEqual([1, 2, 3]);
    const [dead] = await deadJobs(db, 1);
    expect(dead).toMatchObject({
      kind: "sync-orders",
      attempts: 3,
      error: "Error: no luck with 1 for [e-mail] and [token]",
    });
    expect(Math.abs(Date.now() - (dead?.deadAt ?? 0))).toBeLessThan(20_000);
    expect(await deadJobs(db, 2)).toEqual([]);
    expect(await jobCounts(db)).toMatchObject({ dead: 1, ready: 0, delayed: 0, running: 0 });

    const id = dead?.id ?? "";
    expect(await db.write((tx) => retryDeadJob(tx, 2, id))).toBe(false);
    expect(await db.write((tx) => discardDeadJob(tx, 2, id))).toBe(false);
    broken = false;
    expect(await db.write((tx) => retryDeadJob(tx, 1, id))).toBe(true);
    await until(() => attempts.length === 4);
    await until(async () => (await jobCounts(db)).running === 0);
    expect(attempts).toEqual([1, 2, 3, 1]);
    expect(await jobCounts(db)).toEqual(idle);

    broken = true;
    await add(db, job(2, { maxAttempts: 1 }));
    await until(async () => (await deadJobs(db, 1)).length === 1);
    const [second] = await deadJobs(db, 1);
    expect(await db.write((tx) => discardDeadJob(tx, 1, second?.id ?? ""))).toBe(true);
    expect(await db.write((tx) => discardDeadJob(tx, 1, second?.id ?? ""))).toBe(false);
    expect(await jobCounts(db)).toEqual(idle);
  });

  test("a dead letter does not stand in the way of a new job with its key", async () => {
    const db = await open();
    const { ran, handler } = recorder(async (_context, number) => {
      if (number === 1) throw new Error("no luck");
    });
    await work(db, handler);
    await add(db, job(1, { key: "k", maxAttempts: 1 }));
    await until(async () => (await jobCounts(db)).dead === 1);
    await add(db, job(2, { key: "k" }));
    await until(() => ran.includes(2));
    await until(async () => (await jobCounts(db)).running === 0);
    expect(await jobCounts(db)).toMatchObject({ dead: 1, ready: 0, delayed: 0 });
  });

  test("a job that asks for a later time comes back then and counts no attempt", async () => {
    const db = await open();
    const attempts: number[] = [];
    const until3 = Date.now() + 400;
    await work(db, async (_context, { attempt }) => {
      attempts.push(attempt);
      if (attempts.length === 1) return new RetryAt(Date.now() + 50);
      if (Date.now() < until3) throw new RetryAt(until3);
    });
    await add(db, job(1, { maxAttempts: 1, queue: "q" }));
    await until(() => attempts.length === 3);
    await until(async () => (await jobCounts(db)).running === 0);
    expect(attempts).toEqual([1, 1, 1]);
    expect(Date.now()).toBeGreaterThanOrEqual(until3);
    expect(await jobCounts(db)).toEqual(idle);
  });

  test("two workers run each of 300 jobs once", async () => {
    const db = await open();
    const { ran, handler } = recorder(() => sleep(1));
    await work(db, handler);
    await work(db, handler);
    await add(db, ...Array.from({ length: 300 }, (_, number) => job(number)));
    await until(() => ran.length >= 300);
    await until(async () => (await jobCounts(db)).running === 0);
    expect(new Set(ran).size).toBe(300);
    expect(ran.length).toBe(300);
  });

  test("no more jobs run at once than the worker may", async () => {
    const db = await open();
    const all = gate();
    const { ran, handler } = recorder(() => all.passed);
    await work(db, handler, { concurrency: 3 });
    await add(db, ...Array.from({ length: 8 }, (_, number) => job(number)));
    await until(() => ran.length === 3);
    await sleep(200);
    expect(ran).toHaveLength(3);
    expect(await jobCounts(db)).toMatchObject({ running: 3, ready: 5 });
    all.open();
    await until(() => ran.length === 8);
  });

  test("stopping lets a job finish", async () => {
    const db = await open();
    const { ran, handler } = recorder(() => sleep(150));
    const worker = await work(db, handler, { finishMs: 5_000, releaseMs: 10_000 });
    await add(db, job(1));
    await until(() => ran.length === 1);
    await add(db, job(2, { runAt: Date.now() + 60_000 }));
    await worker.stop();
    expect(await jobCounts(db)).toMatchObject({ ready: 0, running: 0, delayed: 1 });
  });

  test("stopping tells a long job, and gives back one that does not listen, without counting the attempt", async () => {
    const db = await open();
    const told: number[] = [];
    const handler: Handler = async ({ signal }, { payload }) => {
      const number = payload.orderIds[0] ?? NaN;
      told.push(number);
      if (number === 1) {
        await once(signal, "abort");
        throw signal.reason;
      }
      await new Promise(() => undefined);
    };
    const worker = await work(db, handler);
    await add(db, job(1, { queue: "q" }), job(2, { queue: "r" }));
    await until(() => told.length === 2);
    await worker.stop();
    expect(await jobCounts(db)).toMatchObject({ ready: 2, running: 0, dead: 0 });
    const attempts: number[] = [];
    await work(db, async (_context, { attempt }) => {
      attempts.push(attempt);
    });
    await until(() => attempts.length === 2);
    expect(attempts).toEqual([1, 1]);
  });

  test("a job that runs longer than it may counts as failed", async () => {
    const db = await open();
    await work(db, () => new Promise(() => undefined), { maxRunMs: 100 });
    await add(db, job(1, { maxAttempts: 1 }));
    await until(async () => (await deadJobs(db, 1)).length === 1);
    expect((await deadJobs(db, 1))[0]?.error).toBe("Error: it ran longer than a job may");
  });

  /** Starts a worker process, waits until it runs as many jobs, and kills it. */
  async function runAndKill(db: Database, jobs: number): Promise<void> {
    const program = path.join(import.meta.dirname, "../support/job-worker-child.ts");
    const child = spawn(process.execPath, [program, db.url], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await until(() => output.match(/^running/gm)?.length === jobs);
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  test("the jobs of a killed process are run by another, in their queue and with their key", async () => {
    const db = await open();
    await add(db, job(1, { queue: "q" }), job(2, { key: "k" }), job(3, { queue: "q" }));
    await runAndKill(db, 2);
    expect(await jobCounts(db)).toMatchObject({ running: 2, ready: 1 });
    const ran: [number | undefined, number][] = [];
    await work(
      db,
      async (_context, { payload, attempt }) => {
        ran.push([payload.orderIds[0], attempt]);
      },
      { leaseMs: 1_200 },
    );
    await until(() => ran.length === 3);
    await until(async () => (await jobCounts(db)).running === 0);
    expect(ran.toSorted()).toEqual([
      [1, 2],
      [2, 2],
      [3, 1],
    ]);
    expect(await jobCounts(db)).toEqual(idle);
  });

  test("a job that was superseded when its process was killed is dropped", async () => {
    const db = await open();
    await add(db, job(1, { key: "k" }));
    const program = path.join(import.meta.dirname, "../support/job-worker-child.ts");
    const child = spawn(process.execPath, [program, db.url, JSON.stringify({ concurrency: 1 })], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    await add(db, job(2, { key: "k" }));
    child.kill("SIGKILL");
    await once(child, "exit");
    const { ran, handler } = recorder();
    await work(db, handler, { leaseMs: 1_200 });
    await until(() => ran.length === 1);
    await until(async () => (await jobCounts(db)).running === 0);
    expect(ran).toEqual([2]);
    expect(await jobCounts(db)).toEqual(idle);
  });

  test("a job whose process dies at its last attempt is a dead letter", async () => {
    const db = await open();
    await add(db, job(1, { maxAttempts: 1 }));
    await runAndKill(db, 1);
    const { ran, handler } = recorder();
    await work(db, handler, { leaseMs: 1_200 });
    await until(async () => (await deadJobs(db, 1)).length === 1);
    expect((await deadJobs(db, 1))[0]?.error).toBe("Its worker died while running it.");
    expect(ran).toEqual([]);
  });

  test("a worker takes only the kinds that it has handlers for", async () => {
    const db = await open();
    await db.write((tx) => enqueue(tx, { shopId: 1, kind: "sweep-shop", payload: {} }));
    const { ran, handler } = recorder();
    await work(db, handler);
    await add(db, job(1));
    await until(() => ran.length === 1);
    await sleep(150);
    expect(await jobCounts(db)).toMatchObject({ ready: 1, dead: 0 });
  });

  test("cron adds each job once a tick, whoever asks, and catches up missed ticks with one", async () => {
    const db = await open();
    const hourly: CronEntry = { kind: "sweep-all-shops", everyMs: 3_600_000, offsetMs: 0 };
    const now = Date.now();
    await Promise.all([runCron(db, [hourly], now), runCron(db, [hourly], now)]);
    expect(await jobCounts(db)).toMatchObject({ ready: 0 });
    const later = now + 5 * 3_600_000;
    await Promise.all([
      runCron(db, [hourly], later),
      runCron(db, [hourly], later),
      runCron(db, [hourly], later),
    ]);
    expect(await jobCounts(db)).toMatchObject({ ready: 1 });
    let swept = 0;
    const worker = await startWorker(
      db,
      {
        "sweep-all-shops": async (_context, { shopId }) => {
          expect(shopId).toBe(0);
          swept += 1;
        },
      },
      { cron: [], pollMs: 100 },
    );
    stops.push(() => worker.stop());
    await until(() => swept === 1);
    await runCron(db, [hourly], later);
    await until(async () => (await jobCounts(db)).running === 0);
    expect(await jobCounts(db)).toEqual(idle);
    await runCron(db, [hourly], later + 3_600_000);
    await until(() => swept === 2);
  });
});

describe("a worker whose connections are cut", () => {
  const openOn = usingDatabases();
  test("tells its running jobs, comes back, and goes on", async () => {
    const db = await openOn("postgresql");
    if (db.dialect !== "postgresql") throw new Error("not PostgreSQL");
    let told = 0;
    const ran: number[] = [];
    const worker = await startWorker(
      db,
      {
        "sync-orders": async ({ signal }, { payload }) => {
          ran.push(payload.orderIds[0] ?? NaN);
          if (payload.orderIds[0] !== 1 || told > 0) return;
          await once(signal, "abort");
          told += 1;
          throw signal.reason;
        },
      },
      { cron: [], pollMs: 100, backoffMs: 10, leaseMs: 1_200 },
    );
    try {
      await add(db, job(1));
      await until(() => ran.length === 1);
      await db.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
      await until(() => told === 1);
      await until(() =>
        add(db, job(2)).then(
          () => true,
          () => false,
        ),
      );
      await until(() => ran.includes(2) && ran.filter((number) => number === 1).length >= 2);
    } finally {
      await worker.stop();
    }
    expect(await jobCounts(db)).toEqual(idle);
  });
});

describe("a worker that cannot store an outcome", () => {
  const openOn = usingDatabases();

  test("starts anew and runs the job again", async () => {
    const db = await openOn("postgresql");
    if (db.dialect !== "postgresql") throw new Error("not PostgreSQL");
    const rename = (from: string, to: string) =>
      db.pool.query(`ALTER TABLE graphile_worker.${from} RENAME TO ${to}`);
    const ran: number[] = [];
    const worker = await startWorker(
      db,
      {
        "sync-orders": async (_context, { payload }) => {
          ran.push(payload.orderIds[0] ?? NaN);
          if (ran.length === 1) await rename("_private_jobs", "away");
        },
      },
      { cron: [], pollMs: 100, leaseMs: 1_200 },
    );
    try {
      await add(db, job(1));
      await until(() => ran.length === 1);
      await sleep(500);
      await rename("away", "_private_jobs");
      await add(db, job(2));
      await until(() => ran.length === 3);
    } finally {
      await worker.stop();
    }
    expect(ran.toSorted()).toEqual([1, 1, 2]);
    expect(await jobCounts(db)).toEqual(idle);
    // graphile-worker tells the console itself what it could not do.
    const said = vi.mocked(console.error).mock.calls.map(String);
    expect(said.filter((line) => !line.includes("_private_jobs"))).toEqual([]);
    vi.mocked(console.error).mockClear();
  });
});

test("ticks stand in UTC, offset from the start of the day", () => {
  const daily: CronEntry = { kind: "expire-records", everyMs: 86_400_000, offsetMs: 4 * 3_600_000 };
  expect(tickBefore(daily, Date.parse("2026-03-01T03:59:59Z"))).toBe(Date.parse("2026-02-28T04:00:00Z"));
  expect(tickBefore(daily, Date.parse("2026-03-01T04:00:00Z"))).toBe(Date.parse("2026-03-01T04:00:00Z"));
});
