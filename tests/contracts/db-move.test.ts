import { describe, expect, test } from "vitest";
import { moveDatabase } from "../../app/db/move.server.ts";
import { deadJobs, jobCounts } from "../../app/db/queries/dead-jobs.server.ts";
import { saveCustomers } from "../../app/db/stores/customers.server.ts";
import { addEvent } from "../../app/db/stores/events.server.ts";
import { enqueue, retryDeadJob } from "../../app/db/stores/jobs.server.ts";
import { saveOrders } from "../../app/db/stores/orders.server.ts";
import { saveProducts } from "../../app/db/stores/products.server.ts";
import { ensureShop, findShop } from "../../app/db/stores/shops.server.ts";
import { usingDatabases } from "../support/database.ts";
import { everyRow, textOf } from "../support/every-column.ts";
import { giveMembersPoints } from "../support/loyalty-members.ts";
import { makeCustomer, makeLine, makeOrder, makeProduct, makeRefund, START } from "../support/orders.ts";
import type { Database } from "../../app/db/database.server.ts";

async function fill(db: Database): Promise<number> {
  await db.write((tx) => ensureShop(tx, "first.myshopify.com"));
  const { id: shopId } = await db.write((tx) => ensureShop(tx, "second.myshopify.com"));
  await db.write(async (tx) => {
    await saveProducts(tx, shopId, [makeProduct({ title: "Tab\there \\N \n日本", isGiftCard: true })], START);
    await saveCustomers(tx, shopId, [makeCustomer({ excluded: true }), makeCustomer({ id: 6 })]);
    const orders = Array.from({ length: 300 }, (_, index) =>
      makeOrder({
        id: 9_000_000_000_000 + index,
        lines: [makeLine(), makeLine({ id: 2, isGiftCard: true })],
        refunds: [makeRefund()],
      }),
    );
    await saveOrders(tx, shopId, orders);
    await giveMembersPoints(tx, shopId, [5, 6], START);
    await addEvent(tx, shopId, {
      topic: "orders/create",
      eventId: "e",
      resourceId: 1,
      relatedIds: [],
      installGeneration: 1,
      receivedAt: 1,
    });
    await enqueue(tx, { shopId, kind: "sweep-shop", payload: {}, key: "sweep", runAt: START });
    await enqueue(tx, { shopId, kind: "sync-orders", payload: { orderIds: [1] } });
  });
  return shopId;
}

async function rowsOf(db: Database): Promise<string[]> {
  const rows: string[] = [];
  for await (const { table, row } of everyRow(db)) {
    if (!/^[A-Z]/.test(table) || table === "Job") continue;
    const values = Object.keys(row)
      .sort()
      .map(
        (column) =>
          `${column}=${textOf(row[column])
            .replace(/^true$/, "1")
            .replace(/^false$/, "0")}`,
      );
    rows.push(`${table}: ${values.join(", ")}`);
  }
  return rows.sort();
}

describe("moving from SQLite to PostgreSQL", () => {
  const open = usingDatabases();

  test("brings every row and every job, and says how many", async () => {
    const [from, to] = [await open("sqlite"), await open("postgresql")];
    const shopId = await fill(from);
    const { tables, jobs } = await moveDatabase(from.url, to.url, () => undefined);
    expect(await rowsOf(to)).toEqual(await rowsOf(from));
    expect(tables.find(({ table }) => table === "OrderLine")?.rows).toBe(600);
    expect(jobs).toBe(2);
    expect(await jobCounts(to, shopId)).toMatchObject({ ready: 2, running: 0, dead: 0 });
    // A new shop after the move gets a new id.
    expect((await to.write((tx) => ensureShop(tx, "third.myshopify.com"))).id).toBe(shopId + 1);
  });

  test("leaves dead letters dead, also when it is done twice, and a person can retry them there", async () => {
    const [from, to] = [await open("sqlite"), await open("postgresql")];
    const shopId = await fill(from);
    const died = { deadAt: START + 5, attempts: 25, lastError: "Error: no luck" };
    await from.write(async (tx) => {
      await enqueue(tx, { shopId, kind: "audit-shop", payload: {}, key: "audit", queue: "q" });
      await tx.prisma.job.updateMany({ where: { shopId, kind: "audit-shop" }, data: died });
      // Its key belongs to the next job by now.
      await enqueue(tx, { shopId, kind: "audit-shop", payload: {}, key: "audit", queue: "q" });
    });
    const breaking = moveDatabase(from.url, to.url, ({ table }) => {
      if (table === "OrderLine") throw new Error("the power went");
    });
    await expect(breaking).rejects.toThrow("the power went");
    expect((await moveDatabase(from.url, to.url, () => undefined)).jobs).toBe(4);
    expect(await jobCounts(to, shopId)).toMatchObject({ ready: 3, running: 0, dead: 1 });
    const [there] = await deadJobs(from, shopId);
    const [dead, ...others] = await deadJobs(to, shopId);
    expect(others).toEqual([]);
    expect(dead).toEqual({ ...there, id: dead?.id });
    expect(await to.write((tx) => retryDeadJob(tx, shopId, dead?.id ?? ""))).toBe(true);
    expect(await jobCounts(to, shopId)).toMatchObject({ ready: 4, dead: 0 });
  });

  test("refuses a target that has rows, and leaves it as it was", async () => {
    const [from, to] = [await open("sqlite"), await open("postgresql")];
    await fill(from);
    await to.write((tx) => ensureShop(tx, "theirs.myshopify.com"));
    await expect(moveDatabase(from.url, to.url, () => undefined)).rejects.toThrow("not empty: Shop has rows");
    expect(await to.prisma.order.count()).toBe(0);
    expect(await findShop(to, "theirs.myshopify.com")).not.toBeNull();
  });

  test("moves nothing when it breaks in the middle, and all when it is run again", async () => {
    const [from, to] = [await open("sqlite"), await open("postgresql")];
    const shopId = await fill(from);
    const breaking = moveDatabase(from.url, to.url, ({ table }) => {
      if (table === "OrderLine") throw new Error("the power went");
    });
    await expect(breaking).rejects.toThrow("the power went");
    expect(await to.prisma.order.count()).toBe(0);
    await moveDatabase(from.url, to.url, () => undefined);
    expect(await to.prisma.order.count()).toBe(300);
    expect(await jobCounts(to, shopId)).toMatchObject({ ready: 2 });
  });

  test("refuses while the app writes", async () => {
    const [from, to] = [await open("sqlite"), await open("postgresql")];
    await from.write(async (tx) => {
      await ensureShop(tx, "first.myshopify.com");
      await expect(moveDatabase(from.url, to.url, () => undefined)).rejects.toThrow("Stop the app first");
    });
  });

  test.each([
    ["postgresql://nowhere/x", "postgresql://nowhere/y", "--from must be"],
    ["file:/nowhere/at/all.db", "postgresql://nowhere/y", "no database at"],
    ["file:/nowhere/at/all.db", "file:/other.db", "--to must be"],
  ])("refuses %s to %s", async (from, to, message) => {
    await expect(moveDatabase(from, to, () => undefined)).rejects.toThrow(message);
  });
});
