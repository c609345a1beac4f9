import { expect, test } from "vitest";
import type { OrderColumns } from "../../app/core/metrics/order-columns.ts";
import { reportShop as reportColumns } from "../../app/core/metrics/shop-report.ts";
import { orderColumnsReader } from "../../app/db/bulk/order-columns.ts";
import type { Transaction } from "../../app/db/database.server.ts";
import { reportShop } from "../../app/services/metrics/report-shop.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { createShop, writeOrders } from "../support/order-rows.ts";
import { sampleColumns, sampleLines, type SampleOrder } from "../support/order-columns.ts";

const LARGE_ID = 6_000_000_000_000;

function addCustomer(tx: Transaction, shopId: number, id: number, excluded: boolean, version: number) {
  return tx.prisma.customer.create({
    data: { shopId, id: BigInt(id), createdAt: 0n, updatedAt: 0n, state: "enabled", excluded, version },
  });
}

const FIRST: SampleOrder[] = [
  {
    id: LARGE_ID + 3,
    on: "2025-06-01",
    customer: LARGE_ID + 70,
    product: 12,
    source: "google",
    grossMinor: 999,
    taxMinor: 7,
    lines: [{ product: 12, quantity: 2 }],
  },
  {
    ...{ id: LARGE_ID + 1, on: "2026-01-31", customer: LARGE_ID + 70, grossMinor: 5_000_000_000, flags: 16 },
    source: "an email",
  },
  {
    id: LARGE_ID + 2,
    on: "2025-12-24T23:59:59Z",
    customer: LARGE_ID + 71,
    product: 11,
    lines: [
      { product: 12, quantity: 3, netMinor: 5_000_000_000, refundMinor: 4 },
      { product: 11, netMinor: 39_877 },
      { product: 12, quantity: 1, netMinor: 6 },
    ],
    grossMinor: 40_000,
    discountMinor: 123,
    shippingMinor: 490,
    tipMinor: 1,
    giftCardMinor: 2500,
    costMinor: 100,
    costedNetMinor: 39_877,
    differenceMinor: -3,
    refunds: [
      { on: "2026-01-02", productMinor: 10, taxMinor: 2 },
      { on: "2026-01-05", productMinor: 30, shippingMinor: 490, giftCardMinor: 1, costMinor: 5 },
    ],
  },
  { id: LARGE_ID + 4, on: "2025-12-25", grossMinor: 1, flags: 64, source: "google" },
  {
    id: LARGE_ID + 5,
    on: "2025-12-26",
    customer: LARGE_ID + 72,
    grossMinor: 7,
    refunds: [{ on: "2025-12-26" }],
  },
];

/** Without the times of reading, which differ between any two reads. */
function withoutTime(columns: OrderColumns | null) {
  return columns && { ...columns, shop: { ...columns.shop, readAt: 0 } };
}

describeOnBothDatabases("order columns", (open) => {
  test("a whole read gives the rows as columns, of this shop alone", async () => {
    const db = await open();
    const other = await createShop(db, "other.myshopify.com");
    await writeOrders(db, other, [{ id: 1, on: "2026-01-01", grossMinor: 77 }]);
    const shopId = await createShop(db, "one.myshopify.com");
    await writeOrders(db, shopId, FIRST, (tx, version) =>
      addCustomer(tx, shopId, LARGE_ID + 72, true, version),
    );
    const reader = orderColumnsReader(db.url);
    const columns = await reader.read(shopId, null, 0);
    const both = await reader.readWithLines(shopId, null, 0);
    expect(await reader.readWithLines(shopId + 1, null, 0)).toBeNull();
    expect(await reader.read(shopId + 1, null, 0)).toBeNull();
    await reader.close();
    const facts = { shopId, installGeneration: 0, syncComplete: false };
    expect(columns).toEqual(sampleColumns(FIRST, facts, [LARGE_ID + 72]));
    expect(both?.columns).toEqual(columns);
    const sample = sampleColumns(FIRST, { ...facts, dataVersion: 1 });
    expect(both?.lines).toEqual(sampleLines(sample, FIRST));
    expect((await reportShop(db.url, shopId)).figures).toEqual(
      reportColumns(sampleColumns(FIRST, facts, [LARGE_ID + 72])),
    );
  });

  test("merging what changed equals a whole read", async () => {
    const db = await open();
    const shopId = await createShop(db, "one.myshopify.com");
    await writeOrders(db, shopId, FIRST, (tx, version) =>
      addCustomer(tx, shopId, LARGE_ID + 71, false, version),
    );
    const reader = orderColumnsReader(db.url);
    const whole = async () => withoutTime(await reader.read(shopId, null, 2));
    let cached = await reader.read(shopId, null, 1);

    // An edited order at another time, a new one of a new customer, and refunds that came and went.
    await writeOrders(db, shopId, [
      {
        ...{ id: LARGE_ID + 1, on: "2025-05-31", customer: LARGE_ID + 70, product: 13, grossMinor: 12 },
        source: "direct",
      },
      {
        ...{ id: LARGE_ID + 9, on: "2026-02-01", customer: LARGE_ID + 69, product: 11, grossMinor: 12 },
        source: "google",
      },
      { id: LARGE_ID + 5, on: "2025-12-26", customer: LARGE_ID + 72, grossMinor: 7 },
      {
        id: LARGE_ID + 3,
        on: "2025-06-01",
        grossMinor: 999,
        refunds: [{ on: "2025-07-01", productMinor: 9 }],
      },
    ]);
    cached = await reader.read(shopId, cached, 2);
    expect(cached?.shop.readAt).toBe(2);
    expect(cached?.sourceNames).toEqual(["direct", "google"]);
    expect(withoutTime(cached)).toEqual(await whole());

    // A deleted order and a customer that is left out from now on.
    await writeOrders(db, shopId, [], async (tx, version) => {
      const orderId = BigInt(LARGE_ID + 3);
      await tx.prisma.order.deleteMany({ where: { shopId, id: orderId } });
      await tx.prisma.refund.deleteMany({ where: { shopId, orderId } });
      await tx.prisma.orderTombstone.create({ data: { shopId, orderId, deletedAt: 0n, version } });
      await tx.prisma.customer.updateMany({
        where: { shopId, id: BigInt(LARGE_ID + 71) },
        data: { excluded: true, version },
      });
    });
    cached = await reader.read(shopId, cached, 2);
    expect(cached?.orderCount).toBe(5);
    expect(cached?.customerExcluded.includes(1)).toBe(true);
    expect(withoutTime(cached)).toEqual(await whole());

    // Nothing changed: the same arrays, with the shop's facts as they are now.
    await db.write((tx) =>
      tx.prisma.shop.update({ where: { id: shopId }, data: { flatMarginBasisPoints: 4000 } }),
    );
    const same = await reader.read(shopId, cached, 3);
    expect(same?.orderId).toBe(cached?.orderId);
    expect(same?.shop).toMatchObject({ flatMarginBasisPoints: 4000, readAt: 3 });

    // A new install starts from nothing.
    await db.write(async (tx) => {
      await tx.prisma.order.deleteMany({ where: { shopId } });
      await tx.prisma.shop.update({
        where: { id: shopId },
        data: { installGeneration: 2, dataVersion: { increment: 5 } },
      });
    });
    expect((await reader.read(shopId, cached, 4))?.orderCount).toBe(0);
    await reader.close();
  });

  test("lines follow the changes of their orders, however late they are asked for", async () => {
    const db = await open();
    const shopId = await createShop(db, "one.myshopify.com");
    await writeOrders(db, shopId, FIRST);
    const reader = orderColumnsReader(db.url);
    const whole = async () => (await reader.readWithLines(shopId, null, 2))?.lines;
    let cached = await reader.readWithLines(shopId, null, 1);
    const first = cached?.lines;

    // Nothing changed: the same arrays.
    cached = await reader.readWithLines(shopId, cached, 2);
    expect(cached?.lines).toBe(first);

    // Two changes, of which the orders' readers see the first one earlier than the lines' reader.
    await writeOrders(db, shopId, [
      { id: LARGE_ID + 2, on: "2025-01-01", lines: [{ product: 9 }] },
      { id: LARGE_ID + 7, on: "2026-02-01", lines: [{ product: 11 }, { product: 10 }] },
    ]);
    const columns = await reader.read(shopId, cached?.columns ?? null, 3);
    if (!columns || !cached) throw new Error("the shop is missing");
    cached = { columns, lines: cached.lines };
    await writeOrders(db, shopId, [{ id: LARGE_ID + 4, on: "2025-12-25", lines: [{ product: 8 }] }]);
    cached = await reader.readWithLines(shopId, cached, 4);
    expect(cached?.lines.orderId).toBe(cached?.columns.orderId);
    expect([...(cached?.lines.productIds ?? [])]).toEqual([8, 9, 10, 11, 12]);
    expect(cached?.lines).toEqual(await whole());

    // An order goes, and an order loses its lines, one of them by an edit to no units.
    await writeOrders(db, shopId, [{ id: LARGE_ID + 7, on: "2026-02-01" }], async (tx, version) => {
      const orderId = BigInt(LARGE_ID + 4);
      await tx.prisma.order.deleteMany({ where: { shopId, id: orderId } });
      await tx.prisma.orderLine.deleteMany({ where: { shopId, orderId } });
      await tx.prisma.orderTombstone.create({ data: { shopId, orderId, deletedAt: 0n, version } });
      await tx.prisma.orderLine.updateMany({
        where: { shopId, orderId: BigInt(LARGE_ID + 2) },
        data: { quantity: 0 },
      });
      await tx.prisma.order.updateMany({ where: { shopId, id: BigInt(LARGE_ID + 2) }, data: { version } });
    });
    cached = await reader.readWithLines(shopId, cached, 5);
    expect([...(cached?.lines.productIds ?? [])]).toEqual([12]);
    expect(cached?.lines).toEqual(await whole());

    // A new install starts from nothing.
    await db.write(async (tx) => {
      await tx.prisma.orderLine.deleteMany({ where: { shopId } });
      await tx.prisma.shop.update({ where: { id: shopId }, data: { installGeneration: 2 } });
    });
    cached = await reader.readWithLines(shopId, cached, 6);
    expect(cached?.lines.productIds).toHaveLength(0);
    await reader.close();
  });
});
