import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AbandonedCheckout } from "../../app/core/checkout.ts";
import type { Customer } from "../../app/core/customer.ts";
import type { Order } from "../../app/core/order.ts";
import {
  writeCheckoutsInBulk,
  writeCustomersInBulk,
  writeOrdersInBulk,
} from "../../app/db/bulk/write-in-bulk.server.ts";
import type { Database } from "../../app/db/database.server.ts";
import { saveCheckouts } from "../../app/db/stores/checkouts.server.ts";
import { mergeCustomers, saveCustomers } from "../../app/db/stores/customers.server.ts";
import { eraseCustomer } from "../../app/db/stores/erasures.server.ts";
import { deleteOrder, saveOrders } from "../../app/db/stores/orders.server.ts";
import { saveProducts } from "../../app/db/stores/products.server.ts";
import { ensureShop } from "../../app/db/stores/shops.server.ts";
import { describeOnBothDatabases, type Dialect, usingDatabases } from "../support/database.ts";
import { everyRow, textOf } from "../support/every-column.ts";
import { makeCustomer, makeLine, makeOrder, makeProduct, makeRefund, START } from "../support/orders.ts";

const id = fc.integer({ min: 1, max: 6 });
const minor = fc.integer({ min: 0, max: 5000 });

const order: fc.Arbitrary<Order> = fc
  .record({
    id,
    customerId: fc.option(id, { nil: null }),
    age: fc.integer({ min: 0, max: 5 }),
    channel: fc.constantFrom("web", "pos\t\\N", "línea\n", ""),
    firstSource: fc.option(
      fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")),
      { nil: null },
    ),
    discountCodes: fc.array(fc.constantFrom("A", "B\\", 'C"'), { maxLength: 2 }),
    isTest: fc.boolean(),
    lines: fc.uniqueArray(
      fc.record({
        id,
        productId: fc.option(id, { nil: null }),
        variantId: fc.option(id, { nil: null }),
        quantity: id,
        netMinor: minor,
        refundedQuantity: fc.nat({ max: 1 }),
      }),
      { maxLength: 3, selector: (line) => line.id },
    ),
    refunds: fc.uniqueArray(fc.record({ id, productMinor: minor }), {
      maxLength: 2,
      selector: (refund) => refund.id,
    }),
  })
  .map(({ age, lines, refunds, ...facts }) =>
    makeOrder({
      ...facts,
      placedAt: START + facts.id,
      updatedAt: START + age,
      lines: lines.map(makeLine),
      refunds: refunds.map(({ id, productMinor }) =>
        makeRefund({
          id,
          productMinor,
          returnedUnits: lines.slice(0, 1).map((line) => ({ lineId: line.id, quantity: 1 })),
        }),
      ),
    }),
  );

const customer: fc.Arbitrary<Customer> = fc
  .record({
    id,
    age: fc.integer({ min: 0, max: 5 }),
    excluded: fc.boolean(),
    state: fc.constantFrom("enabled", "disabled"),
  })
  .map(({ age, ...facts }) => makeCustomer({ ...facts, updatedAt: START + age }));

const checkout: fc.Arbitrary<AbandonedCheckout> = fc
  .record({ id, customerId: fc.option(id), age: fc.integer({ min: 0, max: 5 }) })
  .map(({ age, ...facts }) => ({
    ...facts,
    createdAt: START,
    updatedAt: START + age,
    completedAt: age === 5 ? START + age : null,
  }));

type Step =
  | { kind: "orders"; orders: Order[] }
  | { kind: "customers"; customers: Customer[] }
  | { kind: "checkouts"; checkouts: AbandonedCheckout[] }
  | { kind: "merge"; from: number; to: number }
  | { kind: "erase"; customerId: number }
  | { kind: "delete"; orderId: number }
  | { kind: "cost"; variantId: number; at: number; unitCostMinor: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("orders" as const), orders: fc.array(order, { maxLength: 8 }) }),
  },
  fc.record({ kind: fc.constant("customers" as const), customers: fc.array(customer, { maxLength: 8 }) }),
  fc.record({ kind: fc.constant("checkouts" as const), checkouts: fc.array(checkout, { maxLength: 8 }) }),
  fc.record({ kind: fc.constant("merge" as const), from: id, to: id }),
  fc.record({ kind: fc.constant("erase" as const), customerId: id }),
  fc.record({ kind: fc.constant("delete" as const), orderId: id }),
  fc.record({
    kind: fc.constant("cost" as const),
    variantId: id,
    at: fc.integer({ min: 0, max: 8 }),
    unitCostMinor: minor,
  }),
);

type Way = "in a transaction" | "in bulk";

async function play(db: Database, way: Way, steps: readonly Step[]): Promise<void> {
  const { id: shopId } = await db.write((tx) => ensureShop(tx, "a.myshopify.com"));
  for (const step of steps) {
    if (step.kind === "orders" && way === "in bulk") await writeOrdersInBulk(db, shopId, step.orders);
    else if (step.kind === "customers" && way === "in bulk")
      await writeCustomersInBulk(db, shopId, step.customers);
    else if (step.kind === "checkouts" && way === "in bulk")
      await writeCheckoutsInBulk(db, shopId, step.checkouts);
    else {
      await db.write(async (tx) => {
        if (step.kind === "orders") await saveOrders(tx, shopId, step.orders);
        if (step.kind === "customers") await saveCustomers(tx, shopId, step.customers);
        if (step.kind === "checkouts") await saveCheckouts(tx, shopId, step.checkouts);
        if (step.kind === "merge") await mergeCustomers(tx, shopId, step.from, step.to, START);
        if (step.kind === "erase") await eraseCustomer(tx, shopId, step.customerId, [], START);
        if (step.kind === "delete") await deleteOrder(tx, shopId, step.orderId, START);
        if (step.kind === "cost") {
          const { variantId, at, unitCostMinor } = step;
          const variants = [{ id: variantId, title: "", priceMinor: 1, unitCostMinor }];
          await saveProducts(tx, shopId, [makeProduct({ id: variantId, variants })], START + at);
        }
      });
    }
  }
}

/** All rows of the app's tables as text, in an order that depends on nothing else. */
async function contentsOf(db: Database): Promise<string[]> {
  const rows: string[] = [];
  for await (const { table, row } of everyRow(db)) {
    const ours = !table.startsWith("_") && !table.startsWith("sqlite_") && table !== "migrations";
    if (!ours) continue;
    const values = Object.keys(row)
      .sort()
      .map((column) => `${column}=${sameText(row[column])}`);
    rows.push(`${table}: ${values.join(", ")}`);
  }
  return rows.sort();
}

/** The databases hand truth and 64-bit integers over in their own ways. */
function sameText(value: unknown): string {
  if (typeof value === "boolean") return JSON.stringify(value ? "1" : "0");
  return value === null ? "null" : JSON.stringify(textOf(value));
}

describe("the same history, saved in transactions or in bulk, on SQLite or on PostgreSQL", () => {
  const open = usingDatabases();

  test("leaves the same rows", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const contents: string[][] = [];
        for (const dialect of ["sqlite", "postgresql"] as Dialect[]) {
          for (const way of ["in a transaction", "in bulk"] as Way[]) {
            const db = await open(dialect);
            await play(db, way, steps);
            contents.push(await contentsOf(db));
          }
        }
        const [first, ...others] = contents;
        for (const other of others) expect(other).toEqual(first);
      }),
      { numRuns: 8 },
    );
  });
});

describeOnBothDatabases("bulk writing", (open) => {
  test("a long history is whole after several transactions, with transactions of others in between", async () => {
    const db = await open();
    const { id: shopId } = await db.write((tx) => ensureShop(tx, "a.myshopify.com"));
    const orders = Array.from({ length: 5000 }, (_, index) =>
      makeOrder({ id: index + 1, customerId: (index % 50) + 1 }),
    );
    let between = 0;
    let finished = false;
    const neighbour = async () => {
      while (!finished) {
        await db.write((tx) =>
          tx.prisma.shop.update({ where: { id: shopId }, data: { planName: String(between) } }),
        );
        between += 1;
      }
    };
    const neighbours = neighbour();
    const halves = [orders.slice(0, 2500), orders.slice(2500)];
    const results = await Promise.all(halves.map((half) => writeOrdersInBulk(db, shopId, half)));
    finished = true;
    await neighbours;
    expect(results).toEqual([{ applied: 2500 }, { applied: 2500 }]);
    expect(await db.prisma.order.count({ where: { shopId } })).toBe(5000);
    expect(await db.prisma.orderLine.count({ where: { shopId } })).toBe(5000);
    expect(between).toBeGreaterThan(0);
    if (db.dialect === "postgresql") {
      const known = `SELECT DISTINCT "tablename" FROM pg_stats WHERE "tablename" IN ('Order', 'OrderLine', 'Refund') ORDER BY 1`;
      // Nothing was refunded, and of an empty table there is nothing to know.
      expect((await db.pool.query<{ tablename: string }>(known)).rows.map((row) => row.tablename)).toEqual([
        "Order",
        "OrderLine",
      ]);
    }
    expect(await writeCustomersInBulk(db, shopId, [])).toEqual({ applied: 0 });
  });

  test("a shop that does not exist is an error, and nothing is left behind", async () => {
    const db = await open();
    const checkout = { id: 1, customerId: null, createdAt: START, updatedAt: START, completedAt: null };
    await expect(writeOrdersInBulk(db, 99, [makeOrder()])).rejects.toThrow("no shop 99");
    await expect(writeCheckoutsInBulk(db, 99, [checkout])).rejects.toThrow("no shop 99");
    expect(await db.prisma.order.count()).toBe(0);
    expect(await db.prisma.abandonedCheckout.count()).toBe(0);
    const { id: shopId } = await db.write((tx) => ensureShop(tx, "a.myshopify.com"));
    expect(await writeOrdersInBulk(db, shopId, [makeOrder()])).toEqual({ applied: 1 });
  });
});
