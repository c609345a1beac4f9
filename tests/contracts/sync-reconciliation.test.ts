/** What webhooks lose, sweeps and audits find, and they count what they found. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { orderColumnsReader } from "../../app/db/bulk/order-columns.ts";
import { driftSince } from "../../app/db/queries/drift.server.ts";
import type { Database } from "../../app/db/types.ts";
import { auditShop } from "../../app/services/sync/audit-shop.server.ts";
import { reconciliationJob, scheduleShops } from "../../app/services/sync/schedule-shops.server.ts";
import { sweepShop } from "../../app/services/sync/sweep-shop.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import type { OrderState } from "../../devstore/state/model.ts";
import { now } from "../../devstore/state/world.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import {
  startAppWorker,
  startLocalShopify,
  untilSynced,
  type LocalShopify,
} from "../support/local-shopify.ts";
import { QUICK } from "../support/quick-settings.ts";
import { openShop, value, workEvents, type OpenShop } from "../support/open-shop.ts";
import { shopRows } from "../support/shop-rows.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

const soon = () => AbortSignal.timeout(30_000);

async function syncedShop(db: Database, before?: (shop: OpenShop) => void): Promise<OpenShop> {
  const at = await openShop(local, db);
  before?.(at);
  await workEvents(local, at);
  const worker = await startAppWorker(db);
  await untilSynced(db, at.shopId);
  await worker.stop();
  await sweepShop(db, at.shopId, soon(), QUICK);
  await db.write((tx) => tx.prisma.reconciliation.deleteMany({ where: { shopId: at.shopId } }));
  return at;
}

/** Runs actions of which no webhook tells. */
async function unheard(work: () => void): Promise<void> {
  local.world.chaos.dropWebhook.probability = 1;
  try {
    work();
  } finally {
    local.world.chaos.dropWebhook.probability = 0;
  }
  await local.devstore.webhooks.idle();
}

function spoil(agreements: OrderState["agreements"]): void {
  for (const { sales } of agreements) for (const sale of sales) sale.totalMinor = Number.NaN;
}

async function drift(db: Database, shopId: number, kind: "sweep" | "audit") {
  const [last] = await db.prisma.reconciliation.findMany({
    where: { shopId, kind },
    orderBy: { startedAt: "desc" },
    take: 1,
    select: { missingCount: true, staleCount: true, surplusCount: true },
  });
  return last;
}

describeOnBothDatabases("reconciliation", (open) => {
  it("finds nothing where webhooks brought everything", async () => {
    const at = await syncedShop(await open());
    at.order(at.customer.id);
    await workEvents(local, at);
    await auditShop(at.db, at.shopId, soon(), QUICK);
    const none = { missingCount: 0, staleCount: 0, surplusCount: 0 };
    expect(await drift(at.db, at.shopId, "sweep")).toEqual(none);
    expect(await drift(at.db, at.shopId, "audit")).toEqual(none);
  });

  it("sweeps in what no webhook told, and counts it as drift", async () => {
    const at = await syncedShop(await open(), (shop) => shop.order());
    const { db, shop, shopId } = at;
    const [known] = shop.orders.values();
    await unheard(() => {
      at.order(at.customer.id);
      value(
        actions.refundOrder(local.world, shop, {
          orderId: known?.id ?? 0,
          adjustmentMinor: 100,
          at: Date.now() + 2_000,
        }),
      );
      value(
        actions.updateProduct(local.world, shop, {
          productId: at.product.id,
          title: "Green tea",
          at: Date.now() + 2_000,
        }),
      );
    });
    await sweepShop(db, shopId, soon(), QUICK);
    expect(await drift(db, shopId, "sweep")).toEqual({ missingCount: 1, staleCount: 2, surplusCount: 0 });
    const rows = await shopRows(db, shopId);
    expect(rows["orders"]).toHaveLength(2);
    expect(rows["refunds"]).toHaveLength(1);
    expect(rows["products"]).toMatchObject([{ title: "Green tea" }]);
    await sweepShop(db, shopId, soon(), QUICK);
    expect(await drift(db, shopId, "sweep")).toEqual({ missingCount: 0, staleCount: 0, surplusCount: 0 });
  });

  it("counts no drift while a webhook may still be under way", async () => {
    const at = await syncedShop(await open());
    await unheard(() => void at.order());
    await sweepShop(at.db, at.shopId, soon(), { ...QUICK, driftGraceMs: 60_000 });
    expect(await drift(at.db, at.shopId, "sweep")).toEqual({
      missingCount: 0,
      staleCount: 0,
      surplusCount: 0,
    });
    expect(await at.db.prisma.order.count({ where: { shopId: at.shopId } })).toBe(1);
  });

  it("catches two changes within one second", async () => {
    const at = await syncedShop(await open());
    const second = Math.floor(Date.now() / 1_000) * 1_000 + 5_000;
    const [variantId = 0] = at.product.variantIds;
    const order = value(
      actions.createOrder(local.world, at.shop, { lines: [{ variantId, quantity: 3 }], at: second }),
    );
    await workEvents(local, at);
    await unheard(() => {
      value(
        actions.refundOrder(local.world, at.shop, {
          orderId: order.id,
          adjustmentMinor: 300,
          at: second + 400,
        }),
      );
    });
    expect(await at.db.prisma.refund.count({ where: { shopId: at.shopId } })).toBe(0);
    await sweepShop(at.db, at.shopId, soon(), QUICK);
    expect(await at.db.prisma.refund.count({ where: { shopId: at.shopId } })).toBe(1);
  });

  it("audits away what was deleted or merged unheard", async () => {
    const at = await syncedShop(await open(), (shop) => {
      shop.order(shop.customer.id);
      shop.order();
    });
    const { db, shop, shopId, customer } = at;
    const other = value(actions.createCustomer(local.world, shop, { firstName: "Ann" }));
    const third = value(actions.createCustomer(local.world, shop, { firstName: "Cid" }));
    await workEvents(local, at);
    const guestOrder = [...shop.orders.values()].find(({ customerId }) => customerId === null);
    await unheard(() => {
      value(actions.deleteOrder(local.world, shop, { orderId: guestOrder?.id ?? 0 }));
      value(
        actions.mergeCustomers(local.world, shop, { customerOneId: customer.id, customerTwoId: other.id }),
      );
      value(actions.deleteCustomer(local.world, shop, { customerId: third.id }));
    });
    await auditShop(db, shopId, soon(), QUICK);
    expect(await drift(db, shopId, "audit")).toEqual({ missingCount: 0, staleCount: 0, surplusCount: 3 });
    const rows = await shopRows(db, shopId);
    expect(rows["orders"]).toMatchObject(
      [...shop.orders.values()].map(({ id, customerId }) => ({ id, customerId })),
    );
    expect(rows["orders"]).toHaveLength(1);
    expect(rows["customers"]).toMatchObject([...shop.customers.keys()].map((id) => ({ id })));
    expect(rows["customers"]).toHaveLength(1);
    await auditShop(db, shopId, soon(), QUICK);
    expect(await drift(db, shopId, "audit")).toEqual({ missingCount: 0, staleCount: 0, surplusCount: 0 });
  });

  it("knows what could not be read, counts it apart, and tries it again", async () => {
    const broken: OrderState[] = [];
    const ninetyDays = 90 * 86_400_000;
    const at = await syncedShop(await open(), (shop) => {
      for (let index = 0; index < 3; index++) {
        broken.push(
          value(
            actions.createOrder(local.world, shop.shop, {
              lines: [{ variantId: shop.product.variantIds[0] ?? 0, quantity: 2 }],
              at: now(local.world) - ninetyDays + index * 60_000,
            }),
          ),
        );
      }
      // An amount that no currency has.
      for (const { agreements } of broken.slice(1)) spoil(agreements);
    });
    const { db, shopId } = at;
    const none = { missingCount: 0, staleCount: 0, surplusCount: 0 };
    const left = async () => (await driftSince(db, shopId, 0)).unreadableCount;
    expect(await db.prisma.order.count({ where: { shopId } })).toBe(1);
    expect(await left()).toBe(2);
    const reader = orderColumnsReader(db.url);
    expect((await reader.read(shopId, null, 0))?.shop.unreadableOrders).toBe(2);
    await reader.close();

    for (let day = 0; day < 2; day++) {
      await auditShop(db, shopId, soon(), QUICK);
      expect(await drift(db, shopId, "audit")).toEqual(none);
    }
    expect(await left()).toBe(2);

    // Readable by now, as after a new version of the app: nothing at Shopify changed.
    const [, second, third] = broken;
    for (const sale of second?.agreements.flatMap(({ sales }) => sales) ?? []) sale.totalMinor = 2_000;
    await unheard(() => void value(actions.deleteOrder(local.world, at.shop, { orderId: third?.id ?? 0 })));
    await auditShop(db, shopId, soon(), QUICK);
    expect(await drift(db, shopId, "audit")).toEqual(none);
    expect(await left()).toBe(0);
    const ids = (await db.prisma.order.findMany({ where: { shopId } })).map(({ id }) => Number(id));
    expect(ids.sort()).toEqual([broken[0]?.id, second?.id].sort());
  });

  it("does not take an order that can no longer be read for a stale one", async () => {
    const at = await syncedShop(await open(), (shop) => shop.order());
    const { db, shop, shopId } = at;
    const [order] = shop.orders.values();
    const before = await shopRows(db, shopId);
    value(
      actions.refundOrder(local.world, shop, {
        orderId: order?.id ?? 0,
        adjustmentMinor: 100,
        at: now(local.world) + 2_000,
      }),
    );
    spoil(order?.agreements ?? []);
    await workEvents(local, at);
    await auditShop(db, shopId, soon(), QUICK);
    const none = { missingCount: 0, staleCount: 0, surplusCount: 0 };
    expect(await drift(db, shopId, "sweep")).toEqual(none);
    expect(await drift(db, shopId, "audit")).toEqual(none);
    expect((await driftSince(db, shopId, 0)).unreadableCount).toBe(1);
    // It stands as it was last read.
    expect((await shopRows(db, shopId))["orders"]).toEqual(before["orders"]);
  });

  it("audits in a unit cost of which no webhook told", async () => {
    const at = await syncedShop(await open());
    const { db, shopId } = at;
    const [variantId = 0] = at.product.variantIds;
    const costs = async () =>
      (await db.prisma.unitCost.findMany({ where: { shopId }, orderBy: { validFrom: "asc" } })).map(
        ({ costMinor }) => Number(costMinor),
      );
    await unheard(
      () => void value(actions.setUnitCost(local.world, at.shop, { variantId, unitCostMinor: 500 })),
    );
    expect(await costs()).toEqual([400]);
    await auditShop(db, shopId, soon(), QUICK);
    expect(await costs()).toEqual([400, 500]);
    // What is known already is not kept again.
    await auditShop(db, shopId, soon(), QUICK);
    expect(await costs()).toEqual([400, 500]);
  });

  it("brings by bulk what is too much to sweep, and nothing else", async () => {
    const hour = 3_600_000;
    const at = await syncedShop(await open(), (shop) => {
      for (let index = 0; index < 5; index++) {
        value(
          actions.createOrder(local.world, shop.shop, {
            lines: [{ variantId: shop.product.variantIds[0] ?? 0, quantity: 1 }],
            at: now(local.world) - (50 - index) * hour,
          }),
        );
      }
    });
    const { db, shop, shopId } = at;
    const versions = async () =>
      new Map(
        (await db.prisma.order.findMany({ where: { shopId } })).map(({ id, version }) => [
          Number(id),
          version,
        ]),
      );
    const before = await versions();
    const [old] = shop.orders.values();
    await unheard(() => {
      for (let index = 0; index < 60; index++) at.order(at.customer.id);
      value(
        actions.refundOrder(local.world, shop, {
          orderId: old?.id ?? 0,
          adjustmentMinor: 100,
          at: now(local.world) + 1_000,
        }),
      );
    });
    await sweepShop(db, shopId, soon(), { ...QUICK, sweepAtMost: 5 });
    const windows = await db.prisma.backfillWindow.findMany({ where: { shopId, resource: "orders" } });
    expect(windows.length).toBeGreaterThan(1);
    expect(new Set(windows.map(({ basis }) => basis))).toEqual(new Set(["updated"]));
    // Changed once more after the windows were counted.
    await unheard(() => {
      value(
        actions.refundOrder(local.world, shop, {
          orderId: old?.id ?? 0,
          adjustmentMinor: 50,
          at: now(local.world) + 5_000,
        }),
      );
    });
    const worker = await startAppWorker(db);
    await untilSynced(db, shopId);
    await expect.poll(() => db.prisma.refund.count({ where: { shopId } }), { timeout: 10_000 }).toBe(2);
    await worker.stop();
    const after = await versions();
    expect(after.size).toBe(65);
    // A sweep looks back from the last change that it saw, so the newest of them is fetched again.
    const untouched = [...before.keys()].sort().slice(1, -1);
    expect(untouched).toHaveLength(3);
    for (const id of untouched) expect(after.get(id)).toBe(before.get(id));
    // How far the history is stays told by its own windows.
    const state = await db.prisma.syncState.findUniqueOrThrow({ where: { shopId } });
    expect(state).toMatchObject({ phase: "complete", ordersExpected: 5, ordersApplied: 5 });
  });

  it("sweeps every installed shop at a tick, once", async () => {
    const at = await syncedShop(await open());
    await scheduleShops(at.db, 0, (id, runAt) => reconciliationJob(id, "sweep-shop", runAt));
    await scheduleShops(at.db, 0, (id, runAt) => reconciliationJob(id, "sweep-shop", runAt));
    const worker = await startAppWorker(at.db);
    try {
      await expect
        .poll(() => at.db.prisma.reconciliation.count({ where: { shopId: at.shopId, kind: "sweep" } }), {
          timeout: 10_000,
        })
        .toBe(1);
    } finally {
      await worker.stop();
    }
  });
});
