import { expect, test } from "vitest";
import type { Order } from "../../app/core/order.ts";
import type { Database } from "../../app/db/database.server.ts";
import { writeOrdersInBulk } from "../../app/db/bulk/write-in-bulk.server.ts";
import { plain } from "../../app/db/plain.ts";
import { deleteCustomer, mergeCustomers } from "../../app/db/stores/customers.server.ts";
import { eraseCustomer } from "../../app/db/stores/erasures.server.ts";
import { deleteOrder, saveOrders } from "../../app/db/stores/orders.server.ts";
import { saveProducts } from "../../app/db/stores/products.server.ts";
import { ensureShop } from "../../app/db/stores/shops.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { makeLine, makeOrder, makeProduct, makeRefund, START } from "../support/orders.ts";

const ways = {
  "in a transaction": (db: Database, shopId: number, orders: Order[]) =>
    db.write((tx) => saveOrders(tx, shopId, orders)),
  "in bulk": writeOrdersInBulk,
};

describeOnBothDatabases("orders", (open) => {
  async function openShop() {
    const db = await open();
    const { id: shopId } = await db.write((tx) => ensureShop(tx, "a.myshopify.com"));
    return { db, shopId };
  }
  const orderOf = async (db: Database, id: number) =>
    plain(await db.prisma.order.findFirstOrThrow({ where: { id } }));

  for (const [way, write] of Object.entries(ways)) {
    test(`${way}, an order is stored with its lines and refunds`, async () => {
      const { db, shopId } = await openShop();
      const order = makeOrder({
        discountCodes: ["WELCOME", 'a"b'],
        firstSource: "Müsli 日本",
        lines: [makeLine({ id: 1, quantity: 2 }), makeLine({ id: 2, productId: 11, grossMinor: 5000 })],
        refunds: [makeRefund({ productMinor: 300, taxMinor: 50 })],
      });
      expect(await write(db, shopId, [order])).toEqual({ applied: 1 });
      expect(await orderOf(db, 1)).toMatchObject({
        shopId,
        netMinor: 6700,
        discountCodes: '["WELCOME","a\\"b"]',
        firstSource: "Müsli 日本",
        flags: 0,
        leadProductId: 11,
        version: 1,
      });
      expect(await db.prisma.orderLine.count({ where: { shopId, orderId: 1 } })).toBe(2);
      expect(await db.prisma.refund.count({ where: { shopId, orderId: 1 } })).toBe(1);
    });

    test(`${way}, saving again changes nothing but the version`, async () => {
      const { db, shopId } = await openShop();
      const orders = [makeOrder(), makeOrder({ id: 2, customerId: null })];
      await write(db, shopId, orders);
      const before = await orderOf(db, 2);
      await write(db, shopId, orders);
      expect(await orderOf(db, 2)).toEqual({ ...before, version: 2 });
      expect(await db.prisma.orderLine.count()).toBe(2);
    });

    test(`${way}, what is older than stored is left out, and nothing applied bumps nothing`, async () => {
      const { db, shopId } = await openShop();
      await write(db, shopId, [makeOrder({ updatedAt: START + 2, channel: "new" })]);
      expect(await write(db, shopId, [makeOrder({ updatedAt: START + 1, channel: "old" })])).toEqual({
        applied: 0,
      });
      expect(await orderOf(db, 1)).toMatchObject({ channel: "new", version: 1 });
      expect((await db.prisma.shop.findFirstOrThrow()).dataVersion).toBe(1);
    });

    test(`${way}, the newest of one id in a batch wins`, async () => {
      const { db, shopId } = await openShop();
      const versions = [2, 3, 1].map((n) => makeOrder({ updatedAt: START + n, channel: String(n) }));
      expect(await write(db, shopId, versions)).toEqual({ applied: 1 });
      expect(await orderOf(db, 1)).toMatchObject({ channel: "3" });
    });

    test(`${way}, lines and refunds that are gone from the order go`, async () => {
      const { db, shopId } = await openShop();
      const refunds = [makeRefund({ productMinor: 100 })];
      await write(db, shopId, [makeOrder({ lines: [makeLine({ id: 1 }), makeLine({ id: 2 })], refunds })]);
      await write(db, shopId, [makeOrder({ lines: [makeLine({ id: 2 })] })]);
      expect(await db.prisma.orderLine.findMany({ select: { id: true } })).toEqual([{ id: 2n }]);
      expect(await db.prisma.refund.count()).toBe(0);
    });

    test(`${way}, a deleted order stays deleted`, async () => {
      const { db, shopId } = await openShop();
      await write(db, shopId, [makeOrder()]);
      await db.write((tx) => deleteOrder(tx, shopId, 1, START));
      await db.write((tx) => deleteOrder(tx, shopId, 2, START));
      const late = [makeOrder({ updatedAt: START + 9 }), makeOrder({ id: 2 })];
      expect(await write(db, shopId, late)).toEqual({ applied: 0 });
      expect(await db.prisma.order.count()).toBe(0);
      expect(await db.prisma.orderLine.count()).toBe(0);
      expect(
        (await db.prisma.orderTombstone.findMany({ orderBy: { orderId: "asc" } })).map((row) => row.version),
      ).toEqual([2, 3]);
    });

    test(`${way}, a merged customer's order is the survivor's, however long the chain`, async () => {
      const { db, shopId } = await openShop();
      await write(db, shopId, [makeOrder({ id: 1, customerId: 5 })]);
      await db.write((tx) => mergeCustomers(tx, shopId, 5, 6, START));
      await db.write((tx) => mergeCustomers(tx, shopId, 6, 7, START));
      expect((await orderOf(db, 1)).customerId).toBe(7);
      await write(
        db,
        shopId,
        [5, 6, 7, 8].map((customerId) => makeOrder({ id: customerId, customerId })),
      );
      const orders = await db.prisma.order.findMany({ orderBy: { id: "asc" } });
      expect(orders.map((order) => Number(order.customerId))).toEqual([7, 7, 7, 7, 8]);
    });

    test(`${way}, an erased customer's order is a guest's, by any former id`, async () => {
      const { db, shopId } = await openShop();
      await db.write((tx) => mergeCustomers(tx, shopId, 4, 5, START));
      await write(db, shopId, [makeOrder({ id: 1, customerId: 5 }), makeOrder({ id: 2, customerId: 6 })]);
      await db.write((tx) => eraseCustomer(tx, shopId, 5, [1], START));
      await write(db, shopId, [makeOrder({ id: 3, customerId: 4 }), makeOrder({ id: 4, customerId: 5 })]);
      const orders = await db.prisma.order.findMany({ orderBy: { id: "asc" } });
      expect(orders.map(({ customerId, flags }) => [customerId, flags])).toEqual([
        [null, 64],
        [6n, 0],
        [null, 64],
        [null, 64],
      ]);
    });

    test(`${way}, merges told in the wrong order end at the last survivor`, async () => {
      const { db, shopId } = await openShop();
      await write(db, shopId, [makeOrder({ id: 1, customerId: 5 }), makeOrder({ id: 2, customerId: 6 })]);
      await db.write((tx) => mergeCustomers(tx, shopId, 6, 7, START));
      await db.write((tx) => mergeCustomers(tx, shopId, 5, 6, START));
      await db.write((tx) => mergeCustomers(tx, shopId, 5, 6, START));
      await write(db, shopId, [makeOrder({ id: 3, customerId: 5 })]);
      const orders = await db.prisma.order.findMany({ orderBy: { id: "asc" } });
      expect(orders.map(({ customerId }) => customerId)).toEqual([7n, 7n, 7n]);
    });

    test(`${way}, a deleted customer's orders are found when a merge explains the deletion`, async () => {
      const { db, shopId } = await openShop();
      await write(db, shopId, [makeOrder({ id: 1, customerId: 5 })]);
      await db.write((tx) => deleteCustomer(tx, shopId, 5));
      expect((await orderOf(db, 1)).customerId).toBe(5);
      await db.write((tx) => mergeCustomers(tx, shopId, 5, 6, START));
      expect((await orderOf(db, 1)).customerId).toBe(6);
    });

    test(`${way}, units cost what the snapshot at the purchase says, and keep that`, async () => {
      const { db, shopId } = await openShop();
      const product = (unitCostMinor: number, updatedAt: number) =>
        makeProduct({ updatedAt, variants: [{ id: 100, title: "", priceMinor: 1, unitCostMinor }] });
      await db.write((tx) => saveProducts(tx, shopId, [product(400, START)], START + 100));
      await db.write((tx) => saveProducts(tx, shopId, [product(500, START + 1)], START + 200));
      const at = [50, 150, 250].map((time, index) =>
        makeOrder({
          id: index + 1,
          placedAt: START + time,
          lines: [
            makeLine({ quantity: 3, refundedQuantity: 1, refundMinor: 1000 }),
            makeLine({ id: 2, variantId: 101 }),
          ],
          refunds: [makeRefund({ productMinor: 1000, returnedUnits: [{ lineId: 1, quantity: 1 }] })],
        }),
      );
      await write(db, shopId, at);
      const costs = async () =>
        (await db.prisma.order.findMany({ orderBy: { id: "asc" } })).map((order) => [
          Number(order.costMinor),
          Number(order.costedNetMinor),
        ]);
      expect(await costs()).toEqual([
        [800, 2000],
        [800, 2000],
        [1000, 2000],
      ]);
      expect((await db.prisma.refund.findFirstOrThrow()).costMinor).toBe(400n);
      await db.write((tx) => tx.prisma.unitCost.updateMany({ data: { costMinor: 1 } }));
      await write(db, shopId, at);
      expect(await costs()).toEqual([
        [800, 2000],
        [800, 2000],
        [1000, 2000],
      ]);
    });

    test(`${way}, shops do not see each other`, async () => {
      const { db, shopId } = await openShop();
      const other = await db.write((tx) => ensureShop(tx, "b.myshopify.com"));
      await db.write((tx) => mergeCustomers(tx, shopId, 5, 6, START));
      await db.write((tx) => deleteOrder(tx, shopId, 1, START));
      await write(db, other.id, [makeOrder()]);
      expect(await db.prisma.order.findMany({ select: { shopId: true, customerId: true } })).toEqual([
        { shopId: other.id, customerId: 5n },
      ]);
    });
  }
});
