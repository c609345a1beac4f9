import { expect, test } from "vitest";
import type { Database } from "../../app/db/database.server.ts";
import { hashSubject } from "../../app/db/subject-hash.ts";
import { saveCheckouts } from "../../app/db/stores/checkouts.server.ts";
import { mergeCustomers, saveCustomers } from "../../app/db/stores/customers.server.ts";
import { addDataRequest } from "../../app/db/stores/data-requests.server.ts";
import { eraseCustomer, eraseShop } from "../../app/db/stores/erasures.server.ts";
import { addEvent } from "../../app/db/stores/events.server.ts";
import { saveOrders } from "../../app/db/stores/orders.server.ts";
import { saveProducts } from "../../app/db/stores/products.server.ts";
import { ensureShop } from "../../app/db/stores/shops.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { everyColumn } from "../support/every-column.ts";
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
      "Order.customerId",
    ]);
    const before = await placesOf(db, String(NEIGHBOUR));
    await db.write((tx) => eraseCustomer(tx, shopId, ERASED, [1], START));

    expect(await placesOf(db, String(ERASED))).toEqual([]);
    expect(await placesOf(db, String(FORMER))).toEqual([]);
    expect(await placesOf(db, String(NEIGHBOUR))).toEqual(before);
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

  test("an erased shop leaves nothing, and its neighbour everything", async () => {
    const { db, shopId } = await openFilledShop();
    const other = await db.write((tx) => ensureShop(tx, "other.myshopify.com"));
    await db.write((tx) => saveOrders(tx, other.id, [makeOrder({ customerId: NEIGHBOUR })]));
    await db.write((tx) => eraseShop(tx, shopId));
    const left = new Set<string>();
    for await (const { table, column, value } of everyColumn(db)) {
      if (column === "shopId" && value === String(shopId)) left.add(table);
    }
    expect([...left]).toEqual([]);
    expect(await placesOf(db, "a.myshopify.com")).toEqual([]);
    expect(await placesOf(db, String(NEIGHBOUR))).toEqual(["Order.customerId"]);
  });
});
