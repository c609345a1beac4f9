/** What a merchant can do on the page of data, and that it reaches nobody else's. */
import { afterEach, expect, test, vi } from "vitest";
import type { View } from "../../app/core/metrics/view.ts";
import type { Database } from "../../app/db/database.server.ts";
import { dataOverview } from "../../app/db/queries/data-overview.server.ts";
import { deadJobs, jobCounts } from "../../app/db/queries/dead-jobs.server.ts";
import { driftRuns } from "../../app/db/queries/drift.server.ts";
import { enqueueMany } from "../../app/db/stores/jobs.server.ts";
import { saveReconciliation } from "../../app/db/stores/reconciliations.server.ts";
import { beginSync, changeSyncState, loadSyncState } from "../../app/db/stores/sync-state.server.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import { startWorker } from "../../app/jobs/worker.server.ts";
import { findTable } from "../../app/services/metrics/tables.server.ts";
import { changeData } from "../../app/services/sync/change-data.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";

async function installedShop(db: Database, domain: string): Promise<number> {
  const shop = await db.write((tx) =>
    tx.prisma.shop.create({ data: { domain, installedAt: 1n, installGeneration: 1 } }),
  );
  return shop.id;
}

describeOnBothDatabases("the page of data", (open) => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  /** Works the queue until everything that was added has failed for good. */
  async function failAll(db: Database, shops: readonly number[]): Promise<void> {
    const worker = await startWorker(
      db,
      { "sync-orders": () => Promise.reject(new Error("no luck")) },
      { cron: [], pollMs: 50, backoffMs: 10 },
    );
    stops.push(() => worker.stop());
    await db.write((tx) =>
      enqueueMany(
        tx,
        shops.map((shopId, index) => ({
          shopId,
          kind: "sync-orders",
          payload: { orderIds: [index] },
          maxAttempts: 1,
        })),
      ),
    );
    await vi.waitFor(async () => expect((await jobCounts(db)).dead).toBe(shops.length), 20_000);
    await worker.stop();
    stops.pop();
  }

  test("failed tasks are retried one by one or all, given up, and never those of another shop", async () => {
    const db = await open();
    const ours = await installedShop(db, "ours.myshopify.com");
    const theirs = await installedShop(db, "theirs.myshopify.com");
    await failAll(db, [ours, ours, ours, theirs]);
    const dead = async (shopId: number) => (await deadJobs(db, shopId)).map(({ id }) => id);
    const [first = "", second = ""] = await dead(ours);
    const [foreign = ""] = await dead(theirs);
    const overview = await dataOverview(db, ours, Date.now());
    expect(overview.dead.map(({ id }) => id)).toEqual(await dead(ours));
    expect(overview.jobs).toMatchObject({ dead: 3, ready: 0 });

    for (const intent of ["retry-job", "discard-job"]) {
      for (const id of [foreign, "nonsense", "99999999"]) {
        expect(await changeData(db, ours, { intent, id })).toEqual({
          ok: false,
          message: "The task is not there any more",
        });
      }
    }
    expect(await changeData(db, ours, { intent: "retry-job", id: first })).toMatchObject({ ok: true });
    expect(await dead(ours)).toHaveLength(2);
    expect(await changeData(db, ours, { intent: "discard-job", id: second })).toMatchObject({ ok: true });
    expect(await changeData(db, ours, { intent: "retry-all-jobs" })).toEqual({
      ok: true,
      message: "The task runs again",
    });
    expect(await jobCounts(db, ours)).toMatchObject({ dead: 0, ready: 2 });
    expect(await dead(theirs)).toEqual([foreign]);
    expect(await changeData(db, ours, { intent: "retry-all-jobs" })).toMatchObject({ ok: false });
    expect(await changeData(db, ours, { intent: "retry-job" })).toBeNull();
    expect(await changeData(db, ours, { intent: "anything" })).toBeNull();
  });

  test("everything is read again unless a sync is under way", async () => {
    const db = await open();
    const shopId = await installedShop(db, "ours.myshopify.com");
    await db.write((tx) => beginSync(tx, shopId, 1, 1));
    const resync = () => changeData(db, shopId, { intent: "resync" });
    expect(await resync()).toEqual({ ok: false, message: "A sync is already under way" });
    expect(await jobCounts(db, shopId)).toMatchObject({ ready: 0 });
    for (const phase of ["complete", "failed"] as const) {
      await db.write((tx) => changeSyncState(tx, shopId, { phase, completedAt: 5, error: "x" }));
      expect(await resync()).toMatchObject({ ok: true });
      expect(await loadSyncState(db, shopId)).toMatchObject({
        phase: "waiting",
        completedAt: null,
        error: null,
      });
      expect(await jobCounts(db, shopId)).toMatchObject({ ready: 1 });
    }
    await db.write((tx) => tx.prisma.shop.update({ where: { id: shopId }, data: { uninstalledAt: 9n } }));
    expect(await resync()).toEqual({ ok: false, message: "The app is not installed any more" });
  });

  test("of a month's runs the newest are shown, and those that found something", async () => {
    const db = await open();
    const shopId = await installedShop(db, "ours.myshopify.com");
    const now = 100 * 86_400_000;
    await db.write(async (tx) => {
      for (let hour = 0; hour < 40; hour++) {
        const startedAt = now - hour * 3_600_000;
        const counts = {
          checkedCount: 10,
          missingCount: hour === 20 ? 2 : 0,
          staleCount: 0,
          surplusCount: 0,
        };
        const run = {
          id: `run-${hour}`,
          kind: "sweep" as const,
          startedAt,
          finishedAt: startedAt + 1,
          ...counts,
        };
        await saveReconciliation(tx, shopId, run);
      }
      await saveReconciliation(tx, shopId, {
        ...{ id: "long-ago", kind: "audit", startedAt: now - 31 * 86_400_000, finishedAt: 2 },
        ...{ checkedCount: 1, missingCount: 1, staleCount: 0, surplusCount: 0 },
      });
    });
    const { drift } = await dataOverview(db, shopId, now);
    expect(await driftRuns(db, shopId, now - 30 * 86_400_000)).toHaveLength(40);
    expect(drift).toMatchObject({ runCount: 40, checkedCount: 400, missingCount: 2 });
    expect(drift.runs.map(({ id }) => id)).toEqual(["run-0", "run-1", "run-2", "run-3", "run-4", "run-20"]);
  });

  test("records that could not be read are listed, the newest change first, and only the shop's own", async () => {
    const db = await open();
    const shopId = await installedShop(db, "ours.myshopify.com");
    const other = await installedShop(db, "theirs.myshopify.com");
    const record = (owner: number, id: number, updatedAt: number) => ({
      ...{ shopId: owner, resource: "orders", id: BigInt(id), createdAt: 1n, updatedAt: BigInt(updatedAt) },
      ...{ reason: "no currency", seenAt: 9n },
    });
    await db.write((tx) =>
      tx.prisma.unreadableRecord.createMany({
        data: [record(shopId, 1, 5), record(shopId, 2, 6), record(other, 3, 7)],
      }),
    );
    const { unreadable, drift } = await dataOverview(db, shopId, Date.now());
    expect(unreadable.map(({ id }) => id)).toEqual([2, 1]);
    expect(unreadable[0]).toMatchObject({
      resource: "orders",
      reason: "no currency",
      createdAt: 1,
      seenAt: 9,
    });
    expect(drift.unreadableCount).toBe(2);
    const shop = await findShopById(db, shopId);
    if (!shop) throw new Error("the shop is missing");
    const loaded = await findTable("unreadable-records")?.load(db, shop, {} as View, new URLSearchParams());
    expect(loaded?.rows).toEqual([
      ["orders", "2", "no currency", "1970-01-01T00:00:00.001Z", "1970-01-01T00:00:00.009Z"],
      ["orders", "1", "no currency", "1970-01-01T00:00:00.001Z", "1970-01-01T00:00:00.009Z"],
    ]);
  });
});
