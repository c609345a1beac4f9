/** Jobs in a thread of their own: they hear of work at once, end as jobs do, and take nothing along when they die. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import type { Database } from "../../app/db/database.server.ts";
import { jobCounts } from "../../app/db/queries/dead-jobs.server.ts";
import { enqueue } from "../../app/db/stores/jobs.server.ts";
import { allShops, ensureShop } from "../../app/db/stores/shops.server.ts";
import { startWorkerThread, type WorkerThreadOptions } from "../../app/jobs/start-worker-thread.server.ts";
import { metricsText } from "../../app/observability/metrics.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";

const PROGRAM = new URL("../support/odd-worker-thread.ts", import.meta.url);
const IDLE = { ready: 0, delayed: 0, running: 0, dead: 0, oldestReadyAt: null };

const add = (db: Database, what: number) =>
  db.write((tx) => enqueue(tx, { shopId: 1, kind: "sync-orders", payload: { orderIds: [what] } }));
const marks = async (db: Database) =>
  (await allShops(db)).map(({ domain }) => domain.replace(".myshopify.com", ""));
const until = (condition: () => Promise<boolean>) =>
  vi.waitFor(async () => expect(await condition()).toBe(true), { timeout: 20_000, interval: 20 });
const untilMarked = (db: Database, mark: string) => until(async () => (await marks(db)).includes(mark));
const untilRunning = (db: Database) => until(async () => (await jobCounts(db)).running === 1);

describeOnBothDatabases("a worker in a thread", (open) => {
  const stops: (() => Promise<void>)[] = [];
  // Registered after the database's own, so it runs before it.
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  async function start(db: Database, options: WorkerThreadOptions = {}) {
    const worker = await startWorkerThread(db, {
      ...{ program: PROGRAM, cron: [], pollMs: 50, backoffMs: 20, leaseMs: 600 },
      ...{ finishMs: 50, releaseMs: 500, restartMs: 50 },
      ...options,
    });
    let stopped: Promise<void> | undefined;
    const stop = () => (stopped ??= worker.stop());
    stops.push(stop);
    return { ...worker, stop };
  }

  test("hears of a job that this thread adds, long before it would look for one", async () => {
    const db = await open();
    await start(db, { pollMs: 3_600_000, leaseMs: 3_600_000 });
    await add(db, 1);
    await untilMarked(db, "1");
    await until(async () => (await jobCounts(db)).running === 0);
    expect(await jobCounts(db)).toEqual(IDLE);
  });

  test("shares the database with this thread's own writes", async () => {
    const db = await open();
    await start(db);
    await add(db, 6);
    await untilRunning(db);
    for (let index = 0; index < 50; index++) {
      await db.write(async (tx) => {
        await ensureShop(tx, `main-${index}.myshopify.com`);
        await sleep(1);
      });
    }
    await untilMarked(db, "6");
    expect(await marks(db)).toHaveLength(101);
  });

  test("a stop tells a running job, which is given back and counts no attempt", async () => {
    const db = await open();
    // Long enough for the told job's last write on a machine that does other things, too.
    const worker = await start(db, { releaseMs: 20_000 });
    await add(db, 4);
    await untilMarked(db, "begun");
    await worker.stop();
    expect(await marks(db)).toEqual(["begun", "told"]);
    expect(await jobCounts(db)).toMatchObject({ ready: 1, running: 0, dead: 0 });
  });

  test("a stop cuts off a job that hears nothing", async () => {
    const db = await open();
    const worker = await start(db, { stopMs: 300 });
    await add(db, 5);
    await untilRunning(db);
    await worker.stop();
    await db.write((tx) => ensureShop(tx, "afterwards.myshopify.com"));
    expect(await marks(db)).toEqual(["afterwards"]);
    // Still its own, until the lease or the connection of the dead is seen to be over.
    expect(await jobCounts(db)).toMatchObject({ running: 1 });
  });

  test("a thread that dies is followed by another, which does its jobs", async () => {
    const db = await open();
    await start(db);
    await add(db, 2);
    await untilMarked(db, "2");
    await until(async () => (await jobCounts(db)).running === 0);
    expect(await jobCounts(db)).toEqual(IDLE);
  });

  test("what it was writing when it died is undone, and others write on", async () => {
    const db = await open();
    const worker = await start(db, { restartMs: 3_600_000 });
    await add(db, 3);
    // Behind the dead thread's transaction on SQLite, beside it on PostgreSQL.
    await untilRunning(db);
    await db.write((tx) => ensureShop(tx, "beside.myshopify.com"));
    await worker.stop();
    expect(await marks(db)).toEqual(["beside"]);

    await start(db);
    await untilMarked(db, "3");
    expect((await marks(db)).toSorted()).toEqual(["3", "beside"]);
  });

  test("tells what it counted, also of the thread before", async () => {
    const db = await open();
    const worker = await start(db);
    const counted = async () => {
      const text = await metricsText(await worker.figures());
      const [, count] =
        /perennial_job_duration_seconds_count\{kind="sync-orders",outcome="done"\} (\d+)/.exec(text) ?? [];
      return Number(count ?? 0);
    };
    await add(db, 1);
    await until(async () => (await counted()) === 1);
    await add(db, 2);
    await until(async () => (await counted()) === 2);
    const text = await metricsText(await worker.figures());
    expect(text).toContain("perennial_shopify_requests_total 0");
    expect(text.match(/^# TYPE process_cpu_seconds_total/gm)).toHaveLength(1);
  });

  test("one that cannot start says why", async () => {
    const db = await open();
    const program = new URL("data:text/javascript,throw new Error('no such thing')");
    await expect(startWorkerThread(db, { program })).rejects.toThrow("no such thing");
  });
});
