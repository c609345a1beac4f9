import { expect, test } from "vitest";
import type { Database } from "../../app/db/database.server.ts";
import { hashSubject } from "../../app/db/subject-hash.ts";
import { saveCheckouts } from "../../app/db/stores/checkouts.server.ts";
import { mergeCustomers, saveCustomers } from "../../app/db/stores/customers.server.ts";
import { addDataRequest } from "../../app/db/stores/data-requests.server.ts";
import { eraseCustomer } from "../../app/db/stores/erasures.server.ts";
import { addEvent } from "../../app/db/stores/events.server.ts";
import { saveOrders } from "../../app/db/stores/orders.server.ts";
import { saveProducts } from "../../app/db/stores/products.server.ts";
import { jobCounts } from "../../app/db/queries/dead-jobs.server.ts";
import { enqueue } from "../../app/db/stores/jobs.server.ts";
import { ensureShop, findShop, markInstalled, markUninstalled } from "../../app/db/stores/shops.server.ts";
import { redactShop } from "../../app/services/privacy/redact-shop.server.ts";
import { breakingAfter } from "../support/breaking-database.ts";
import { settleUnreadable } from "../../app/db/stores/unreadable-records.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { everyColumn } from "../support/every-column.ts";
import { giveMembersPoints } from "../support/loyalty-members.ts";
import { makeCustomer, makeOrder, makeProduct, START } from "../support/orders.ts";

/** Long enough not to be part of another number by accident. */
const ERASED = 7_700_000_123;
const FORMER = 7_700_000_456;
const NEIGHBOUR = 7_700_000_789;

async function placesOf(db: Database, needle: string): Promise<string[]> {
  const places = new Set<string>();
  for await (const { table, column, value } of everyColumn(db)) {
    if (value.includes(needle)) places.add(`${table}.${column}`);
  }
  return [...places].sort();
}

describeOnBothDatabases("erasure", (open) => {
  async function openFilledShop() {
    const db = await open();
    const { id: shopId } = await db.write((tx) => ensureShop(tx, "a.myshopify.com"));
    await db.write(async (tx) => {
      await saveProducts(tx, shopId, [makeProduct()], START);
      await saveCustomers(
        tx,
        shopId,
        [ERASED, FORMER, NEIGHBOUR].map((id) => makeCustomer({ id })),
      );
      const orders = [ERASED, FORMER, NEIGHBOUR].map((customerId, index) =>
        makeOrder({ id: index + 1, customerId }),
      );
      await saveOrders(tx, shopId, orders);
      await giveMembersPoints(tx, shopId, [ERASED, FORMER, NEIGHBOUR], START);
      await mergeCustomers(tx, shopId, FORMER, ERASED, START);
      const checkout = { id: 1, customerId: ERASED, createdAt: START, updatedAt: START, completedAt: null };
      await saveCheckouts(tx, shopId, [checkout]);
      const event = { installGeneration: 1, receivedAt: START };
      await addEvent(tx, shopId, {
        ...event,
        topic: "customers/update",
        eventId: "1",
        resourceId: ERASED,
        relatedIds: [],
      });
      await addEvent(tx, shopId, {
        ...event,
        topic: "customers/merge",
        eventId: "2",
        resourceId: FORMER,
        relatedIds: [NEIGHBOUR, ERASED],
      });
      await settleUnreadable(tx, shopId, "customers", { ids: [] }, [
        { id: ERASED, createdAt: START, updatedAt: START, reason: "not a time: [value]" },
      ]);
      await addDataRequest(tx, shopId, { id: "d", customerId: ERASED, orderIds: [1], requestedAt: START });
    });
    return { db, shopId };
  }

  test("an erased customer's ids stand nowhere but as hashes; everyone else's stay", async () => {
    const { db, shopId } = await openFilledShop();
    expect(await placesOf(db, String(ERASED))).toEqual([
      "AbandonedCheckout.customerId",
      "Customer.id",
      "CustomerAlias.toId",
      "DataRequest.customerId",
      "InboxEvent.relatedIds",
      "InboxEvent.resourceId",
      "MemberLink.customerId",
      "Order.customerId",
      "UnreadableRecord.id",
    ]);
    const before = await placesOf(db, String(NEIGHBOUR));
    const points = () => db.prisma.memberBalance.findMany({ orderBy: { memberId: "asc" } });
    const pointsBefore = await points();
    expect(pointsBefore.map(({ pending }) => pending)).toEqual([240n, 0n, 120n]);
    await db.write((tx) => eraseCustomer(tx, shopId, ERASED, [1], START));

    expect(await placesOf(db, String(ERASED))).toEqual([]);
    expect(await placesOf(db, String(FORMER))).toEqual([]);
    expect(await placesOf(db, String(NEIGHBOUR))).toEqual(before);
    // What the shop owes stays as it was, to a number that leads to nobody.
    expect(await points()).toEqual(pointsBefore);
    for (const id of [ERASED, FORMER]) {
      const [hash = ""] = hashSubject(db.subjectKeys(), shopId, id);
      expect(await placesOf(db, hash)).toEqual(["Erasure.subjectHash"]);
    }
    expect(await db.prisma.order.count({ where: { customerId: null, flags: 64 } })).toBe(2);
  });

  test("no late answer writes the id again", async () => {
    const { db, shopId } = await openFilledShop();
    await db.write((tx) => eraseCustomer(tx, shopId, ERASED, [], START));
    await db.write(async (tx) => {
      await saveCustomers(tx, shopId, [makeCustomer({ id: ERASED, updatedAt: START + 9 })]);
      await saveOrders(tx, shopId, [makeOrder({ id: 9, customerId: FORMER })]);
      await saveCheckouts(tx, shopId, [
        { id: 9, customerId: ERASED, createdAt: 1, updatedAt: 1, completedAt: null },
      ]);
      await mergeCustomers(tx, shopId, ERASED, NEIGHBOUR, START);
      await mergeCustomers(tx, shopId, 42, ERASED, START);
      await settleUnreadable(tx, shopId, "customers", { ids: [ERASED] }, [
        { id: ERASED, createdAt: START, updatedAt: START + 9, reason: "not a time: [value]" },
      ]);
    });
    expect(await placesOf(db, String(ERASED))).toEqual([]);
    expect(await placesOf(db, String(FORMER))).toEqual([]);
  });

  test("erasing twice is the same as once", async () => {
    const { db, shopId } = await openFilledShop();
    for (let time = 0; time < 2; time += 1)
      await db.write((tx) => eraseCustomer(tx, shopId, ERASED, [1, 2], START));
    expect(await db.prisma.order.count({ where: { flags: 64 } })).toBe(2);
    expect(await db.prisma.erasure.count()).toBe(2);
  });

  /** One row at a time, so that a small shop has many steps. */
  const STEP_BY_STEP = { rows: 1, targetMs: 0 };
  const running = () => AbortSignal.timeout(30_000);

  async function leave(db: Database, shopId: number) {
    await db.write(async (tx) => {
      await markInstalled(tx, shopId, {}, START);
      await markUninstalled(tx, shopId, 1, START);
      await enqueue(tx, { shopId, kind: "sync-orders", payload: { orderIds: [ERASED] }, queue: "orders" });
      await enqueue(tx, { shopId, kind: "sweep-shop", payload: {}, key: "sweep", queue: "sweeps" });
    });
  }

  async function tablesOf(db: Database, shopId: number): Promise<string[]> {
    const tables = new Set<string>();
    for await (const { table, column, value } of everyColumn(db)) {
      const names = column === "shopId" && value === String(shopId);
      if (names || (column === "payload" && value.includes(`"shopId":${shopId},`))) tables.add(table);
      if (column === "queue_name" && value.startsWith(`${shopId}/`)) tables.add(table);
    }
    return [...tables];
  }

  test("an erased shop leaves nothing, not even jobs, and its neighbour everything", async () => {
    const { db, shopId } = await openFilledShop();
    const other = await db.write((tx) => ensureShop(tx, "other.myshopify.com"));
    await db.write(async (tx) => {
      await saveOrders(tx, other.id, [makeOrder({ customerId: NEIGHBOUR })]);
      await enqueue(tx, { shopId: other.id, kind: "sweep-shop", payload: {}, key: "sweep", queue: "sweeps" });
    });
    await leave(db, shopId);
    expect((await tablesOf(db, shopId)).length).toBeGreaterThan(10);
    await redactShop(db, shopId, 1, running(), STEP_BY_STEP);
    expect(await tablesOf(db, shopId)).toEqual([]);
    expect(await placesOf(db, "a.myshopify.com")).toEqual([]);
    expect(await placesOf(db, String(ERASED))).toEqual([]);
    expect(await placesOf(db, String(NEIGHBOUR))).toEqual(["Order.customerId"]);
    expect(await jobCounts(db, other.id)).toMatchObject({ ready: 1 });
    expect(await jobCounts(db, shopId)).toMatchObject({ ready: 0, delayed: 0, dead: 0 });
  });

  test("erasing a shop ends after a crash between any two of its steps; who comes back meanwhile begins anew", async () => {
    const { db, shopId } = await openFilledShop();
    await leave(db, shopId);
    let backId = 0;
    let steps = 0;
    for (let isOver = false; !isOver;) {
      steps += 1;
      const breaking = breakingAfter(db, steps);
      isOver = await redactShop(breaking, shopId, 1, running(), STEP_BY_STEP).then(
        () => true,
        (error: unknown) => {
          expect(String(error)).toContain("the power went");
          return false;
        },
      );
      expect((await findShop(db, "a.myshopify.com"))?.id ?? 0).toBe(backId);
      if (steps !== 4) continue;
      // Half of the rows are still there, and none of them is found again.
      backId = (await db.write((tx) => ensureShop(tx, "a.myshopify.com"))).id;
      expect(backId).not.toBe(shopId);
      await db.write(async (tx) => {
        await markInstalled(tx, backId, {}, START + 1);
        await saveOrders(tx, backId, [makeOrder({ id: 1, customerId: NEIGHBOUR })]);
      });
    }
    expect(steps).toBeGreaterThan(6);
    expect(await tablesOf(db, shopId)).toEqual([]);
    expect(await placesOf(db, String(ERASED))).toEqual([]);
    expect(await db.prisma.order.findMany()).toMatchObject([{ shopId: backId, id: 1n }]);
    expect(await db.prisma.shop.findMany()).toMatchObject([{ id: backId, uninstalledAt: null }]);
  });

  test("a shop that has come back is not erased by the redaction of its earlier install", async () => {
    const { db, shopId } = await openFilledShop();
    await leave(db, shopId);
    await db.write((tx) => markInstalled(tx, shopId, {}, START + 1));
    await redactShop(db, shopId, 1, running(), STEP_BY_STEP);
    expect(await db.prisma.order.count()).toBe(3);
    expect((await findShop(db, "a.myshopify.com"))?.id).toBe(shopId);
  });
});
