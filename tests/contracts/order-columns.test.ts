import { expect, test } from "vitest";
import type { OrderColumns } from "../../app/core/metrics/order-columns.ts";
import { reportShop as reportColumns } from "../../app/core/metrics/shop-report.ts";
import { orderColumnsReader } from "../../app/db/bulk/order-columns.ts";
import type { Database, Transaction } from "../../app/db/database.server.ts";
import { reportShop } from "../../app/services/metrics/report-shop.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { sampleColumns, type SampleOrder } from "../support/order-columns.ts";
import { dayFromIso } from "../../app/core/calendar.ts";

const LARGE_ID = 6_000_000_000_000;

/** Writes rows as the stores do: the shop's version first, each row at that version. */
async function writeOrders(
  db: Database,
  shopId: number,
  orders: readonly SampleOrder[],
  also?: (tx: Transaction, version: number) => Promise<unknown>,
): Promise<void> {
  await db.write(async (tx) => {
    const { dataVersion: version } = await tx.prisma.shop.update({
      where: { id: shopId },
      data: { dataVersion: { increment: 1 } },
    });
    for (const order of orders) {
      const id = BigInt(order.id ?? 0);
      const key = { shopId, orderId: id };
      await tx.prisma.order.deleteMany({ where: { shopId, id } });
      await tx.prisma.refund.deleteMany({ where: key });
      const placedAt = BigInt(Date.parse(order.on.length > 10 ? order.on : `${order.on}T12:00:00Z`));
      const money = (minor = 0) => BigInt(minor);
      await tx.prisma.order.create({
        data: {
          shopId,
          id,
          customerId: order.customer === undefined ? null : BigInt(order.customer),
          createdAt: placedAt,
          placedAt,
          updatedAt: placedAt,
          day: dayFromIso(order.on.slice(0, 10)),
          grossMinor: money(order.grossMinor),
          discountMinor: money(order.discountMinor),
          shippingMinor: money(order.shippingMinor),
          taxMinor: money(order.taxMinor),
          tipMinor: money(order.tipMinor),
          giftCardMinor: money(order.giftCardMinor),
          feeMinor: 0n,
          refundMinor: money(order.refunds?.reduce((sum, refund) => sum + (refund.productMinor ?? 0), 0)),
          netMinor: 0n,
          costMinor: money(order.costMinor),
          costedNetMinor: money(order.costedNetMinor),
          differenceMinor: money(order.differenceMinor),
          presentmentCurrency: "EUR",
          presentmentTotalMinor: 0n,
          channel: "web",
          discountCodes: "[]",
          financialStatus: "paid",
          flags: order.flags ?? 0,
          leadProductId: order.product === undefined ? null : BigInt(order.product),
          version,
        },
      });
      for (const [index, refund] of (order.refunds ?? []).entries()) {
        await tx.prisma.refund.create({
          data: {
            ...key,
            id: BigInt(LARGE_ID + index),
            refundedAt: BigInt(Date.parse(`${refund.on}T12:00:00Z`)),
            day: dayFromIso(refund.on),
            productMinor: money(refund.productMinor),
            shippingMinor: money(refund.shippingMinor),
            taxMinor: money(refund.taxMinor),
            giftCardMinor: money(refund.giftCardMinor),
            otherMinor: 0n,
            costMinor: money(refund.costMinor),
          },
        });
      }
    }
    await also?.(tx, version);
  });
}

async function createShop(db: Database, domain: string): Promise<number> {
  const shop = await db.write((tx) => tx.prisma.shop.create({ data: { domain, currency: "EUR" } }));
  return shop.id;
}

function addCustomer(tx: Transaction, shopId: number, id: number, excluded: boolean, version: number) {
  return tx.prisma.customer.create({
    data: { shopId, id: BigInt(id), createdAt: 0n, updatedAt: 0n, state: "enabled", excluded, version },
  });
}

const FIRST: SampleOrder[] = [
  { id: LARGE_ID + 3, on: "2025-06-01", customer: LARGE_ID + 70, product: 12, grossMinor: 999, taxMinor: 7 },
  { id: LARGE_ID + 1, on: "2026-01-31", customer: LARGE_ID + 70, grossMinor: 5_000_000_000, flags: 16 },
  {
    id: LARGE_ID + 2,
    on: "2025-12-24T23:59:59Z",
    customer: LARGE_ID + 71,
    product: 11,
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
  { id: LARGE_ID + 4, on: "2025-12-25", grossMinor: 1, flags: 64 },
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
    expect(await reader.read(shopId + 1, null, 0)).toBeNull();
    await reader.close();
    const facts = { shopId, installGeneration: 0, syncComplete: false };
    expect(columns).toEqual(sampleColumns(FIRST, facts, [LARGE_ID + 72]));
    expect(await reportShop(db.url, shopId)).toEqual(
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
      { id: LARGE_ID + 1, on: "2025-05-31", customer: LARGE_ID + 70, product: 13, grossMinor: 12 },
      { id: LARGE_ID + 9, on: "2026-02-01", customer: LARGE_ID + 69, product: 11, grossMinor: 12 },
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
});
