/** A shop's history arrives whole, whatever happens to its bulk operations, and the app says truly how far it is. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "../../app/db/types.ts";
import { syncStatus } from "../../app/db/queries/sync-status.server.ts";
import { isoDate, shopCalendar } from "../../app/core/calendar.ts";
import { loadWindows } from "../../app/db/stores/sync-state.server.ts";
import { adminFor } from "../../app/services/access/admin-access.server.ts";
import { windowQuery } from "../../app/services/sync/read-bulk-records.server.ts";
import { installShop } from "../../app/services/sync/install-shop.server.ts";
import { planBackfill } from "../../app/services/sync/plan-backfill.server.ts";
import { runBackfillWindow } from "../../app/services/sync/run-backfill-window.server.ts";
import { startSync } from "../../app/services/sync/start-sync.server.ts";
import { syncOrders } from "../../app/services/sync/sync-orders.server.ts";
import { syncProducts } from "../../app/services/sync/sync-products.server.ts";
import { uninstallShop } from "../../app/services/sync/uninstall-shop.server.ts";
import { cancelBulkOperation, startBulkQuery } from "../../app/shopify/bulk.server.ts";
import { generateHistory } from "../../devstore/history/generate.ts";
import * as actions from "../../devstore/state/actions.ts";
import { fillShop } from "../../devstore/state/fill.ts";
import type { ShopState } from "../../devstore/state/model.ts";
import { createShop } from "../../devstore/state/world.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import {
  giveToken,
  installApp,
  startAppWorker,
  startLocalShopify,
  untilSynced,
  type LocalShopify,
} from "../support/local-shopify.ts";
import { QUICK } from "../support/quick-settings.ts";
import { openShop, value, workEvents } from "../support/open-shop.ts";
import { shopRows } from "../support/shop-rows.ts";

let local: LocalShopify;
let shops = 0;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

function smallShop(options: { orders?: number; customers?: number; days?: number } = {}): ShopState {
  shops += 1;
  const history = generateHistory({
    seed: shops,
    orders: 120,
    customers: 60,
    products: 12,
    days: 300,
    endDay: Math.floor(Date.now() / 86_400_000) - 1,
    ...options,
  });
  const { shop } = fillShop(local.world, `backfill-${shops}.myshopify.com`, history);
  shop.plan = "plus";
  return shop;
}

async function expectWhole(db: Database, shopId: number, shop: ShopState): Promise<void> {
  const rows = await shopRows(db, shopId);
  expect(rows["orders"]).toHaveLength(shop.orders.size);
  expect(rows["customers"]).toHaveLength(shop.customers.size);
  expect(rows["products"]).toHaveLength(shop.products.size);
  expect(rows["variants"]).toHaveLength(shop.variants.size);
  expect(rows["checkouts"]).toHaveLength(shop.checkouts.size);
  const status = await syncStatus(db, shopId);
  expect(status.phase).toBe("complete");
  expect(status.ordersApplied).toBe(shop.orders.size);
  expect(status.ordersExpected).toBe(shop.orders.size);
  expect(status.customersApplied).toBe(shop.customers.size);
  expect(status.error).toBeNull();
}

describeOnBothDatabases("backfill", (open) => {
  async function syncWith(shop: ShopState, settings = QUICK): Promise<{ db: Database; shopId: number }> {
    const db = await open();
    const shopId = await installApp(local, db, shop);
    const worker = await startAppWorker(db, settings);
    try {
      await untilSynced(db, shopId);
    } finally {
      await worker.stop();
    }
    return { db, shopId };
  }

  it("brings the newest orders first and then everything, in several windows", async () => {
    const shop = smallShop();
    const { db, shopId } = await syncWith(shop);
    await expectWhole(db, shopId, shop);
    const windows = await db.prisma.backfillWindow.findMany({ where: { shopId, resource: "orders" } });
    expect(windows.length).toBeGreaterThan(2);
    const state = await db.prisma.syncState.findUniqueOrThrow({ where: { shopId } });
    expect(state.recentAt).not.toBeNull();
    expect(Number(state.recentAt)).toBeLessThanOrEqual(Number(state.completedAt));
  });

  it("completes at once for a shop without any order", async () => {
    shops += 1;
    const created = createShop(local.world, { domain: `backfill-${shops}.myshopify.com`, plan: "plus" });
    if (!created.ok) throw new Error(created.message);
    const { db, shopId } = await syncWith(created.value);
    await expectWhole(db, shopId, created.value);
  });

  it("shows the newest orders while the history has not begun", async () => {
    const shop = smallShop();
    const db = await open();
    const shopId = await installApp(local, db, shop);
    await startSync(db, shopId, 1, QUICK);
    const orders = await db.prisma.order.findMany({ where: { shopId }, select: { createdAt: true } });
    expect(orders).toHaveLength(QUICK.recentOrders);
    const all = [...shop.orders.values()].map(({ createdAt }) => createdAt).sort((a, b) => b - a);
    expect(orders.map(({ createdAt }) => Number(createdAt)).sort((a, b) => b - a)).toEqual(
      all.slice(0, QUICK.recentOrders),
    );
    const status = await syncStatus(db, shopId);
    // No worker runs here that would plan it.
    expect(status.phase).toBe("recent");
    expect(status.recentAt).not.toBeNull();
    expect(status.completedAt).toBeNull();
  });

  it("gives up a stalled operation and tries again", async () => {
    const shop = smallShop();
    local.world.chaos.stallBulk.next = 2;
    const { db, shopId } = await syncWith(shop);
    await expectWhole(db, shopId, shop);
    expect(local.world.chaos.stallBulk.next).toBe(0);
    expect(await attempts(db, shopId)).toBeGreaterThan(0);
  });

  it("tries a failed operation again and leaves its partial result alone", async () => {
    const shop = smallShop();
    local.world.chaos.failBulk.next = 3;
    const { db, shopId } = await syncWith(shop);
    await expectWhole(db, shopId, shop);
    expect(local.world.chaos.failBulk.next).toBe(0);
    expect(await attempts(db, shopId)).toBeGreaterThan(0);
  });

  it("cuts a window that keeps failing into halves", async () => {
    const shop = smallShop({ orders: 150 });
    const settings = { ...QUICK, windowTarget: { ...QUICK.windowTarget, orders: 1_000, customers: 1_000 } };
    // Products, customers and checkouts have one window each and are tried first.
    local.world.chaos.failBulk.probability = 0.5;
    try {
      const { db, shopId } = await syncWith(shop, settings);
      local.world.chaos.failBulk.probability = 0;
      await expectWhole(db, shopId, shop);
    } finally {
      local.world.chaos.failBulk.probability = 0;
    }
  });

  it("starts another operation where the result's address has expired", async () => {
    const shop = smallShop();
    local.world.chaos.expireBulkUrl.next = 2;
    const { db, shopId } = await syncWith(shop);
    await expectWhole(db, shopId, shop);
    expect(local.world.chaos.expireBulkUrl.next).toBe(0);
  });

  it("finds an operation again whose start was answered to nobody", async () => {
    const shop = smallShop({ orders: 30, customers: 20 });
    const db = await open();
    const shopId = await installApp(local, db, shop);
    await startSync(db, shopId, 1, QUICK);
    await planBackfill(db, shopId, 1, QUICK);
    const [window] = (await loadWindows(db, shopId)).filter(({ status }) => status === "running");
    if (!window) throw new Error("no window");
    const client = await adminFor(db, shopId);
    // Stalled, so that it still runs when it is looked for.
    local.world.chaos.stallBulk.next = 1;
    const lost = await startBulkQuery(client, windowQuery(window));
    if (!lost.ok) throw new Error("not started");
    await runBackfillWindow(
      db,
      shopId,
      { installGeneration: 1, resource: window.resource, fromAt: window.fromAt },
      AbortSignal.timeout(5_000),
      QUICK,
    );
    const [found] = (await loadWindows(db, shopId)).filter(({ fromAt }) => fromAt === window.fromAt);
    expect(found?.bulkOperationId).toBe(lost.id);
    await cancelBulkOperation(client, lost.id);
  });

  it("survives refused, failed and cut answers", async () => {
    const shop = smallShop({ orders: 40, customers: 20 });
    const { chaos } = local.world;
    chaos.answer500.probability = 0.05;
    chaos.answer429.probability = 0.05;
    chaos.cutAnswerAfterWork.probability = 0.05;
    try {
      const { db, shopId } = await syncWith(shop);
      await expectWhole(db, shopId, shop);
    } finally {
      chaos.answer500.probability = 0;
      chaos.answer429.probability = 0;
      chaos.cutAnswerAfterWork.probability = 0;
    }
  });

  it("needs no finish webhook, and is hastened by one", async () => {
    const shop = smallShop({ orders: 40, customers: 20 });
    const slow = { ...QUICK, pollFirstMs: 60_000, pollLongestMs: 60_000 };
    const { db, shopId } = await syncWith(shop, slow);
    await expectWhole(db, shopId, shop);
  });

  it("says since when it can read where read_all_orders is missing", async () => {
    const shop = smallShop();
    local.devstore.install(shop.domain);
    if (shop.installation) {
      shop.installation.scopes = shop.installation.scopes.filter((scope) => scope !== "read_all_orders");
    }
    const db = await open();
    await giveToken(db, shop);
    local.listen(shop.domain, db);
    const { shopId } = await installShop(db, shop.domain);
    const worker = await startAppWorker(db);
    try {
      await untilSynced(db, shopId);
    } finally {
      await worker.stop();
    }
    const limit = Date.now() - 60 * 86_400_000;
    const readable = [...shop.orders.values()].filter(({ createdAt }) => createdAt >= limit);
    expect(await db.prisma.order.count({ where: { shopId } })).toBe(readable.length);
    const { readableFromDay } = await syncStatus(db, shopId);
    expect(readableFromDay === null ? null : isoDate(readableFromDay)).toBe(
      isoDate(shopCalendar(shop.timeZone).dayOf(limit)),
    );
  });

  it("brings an order of many lines and many refunds whole, by id and by bulk alike", async () => {
    const at = await openShop(local, await open());
    const [variantId = 0] = at.product.variantIds;
    const lines = Array.from({ length: 260 }, () => ({ variantId, quantity: 2 }));
    const order = value(actions.createOrder(local.world, at.shop, { lines }));
    for (const [index, line] of order.lines.slice(0, 12).entries()) {
      const refund = { orderId: order.id, lines: [{ lineId: line.id, quantity: 1 + (index % 2) }] };
      value(actions.refundOrder(local.world, at.shop, refund));
    }
    value(
      actions.editOrder(local.world, at.shop, {
        orderId: order.id,
        quantities: order.lines.slice(20, 80).map(({ id }) => ({ lineId: id, quantity: 1 })),
      }),
    );
    await workEvents(local, at);
    await syncProducts(at.db, at.shopId, [at.product.id]);
    await syncOrders(at.db, at.shopId, [order.id]);
    const byId = await shopRows(at.db, at.shopId);
    expect(byId["lines"]).toHaveLength(260);
    expect(byId["refunds"]).toHaveLength(12);
    const units = 260 * 2 - 60;
    expect(byId["orders"]).toMatchObject([
      { grossMinor: units * 1_000, refundMinor: 18 * 1_000, differenceMinor: 0 },
    ]);
    const { db, shopId } = await syncWith(at.shop);
    const byBulk = await shopRows(db, shopId);
    for (const table of ["orders", "lines", "refunds"]) expect(byBulk[table]).toEqual(byId[table]);
  });

  it("brings a shop of guests only", async () => {
    const at = await openShop(local, await open());
    value(actions.deleteCustomer(local.world, at.shop, { customerId: at.customer.id }));
    for (let index = 0; index < 30; index++) at.order();
    const { db, shopId } = await syncWith(at.shop);
    await expectWhole(db, shopId, at.shop);
    expect(await db.prisma.order.count({ where: { shopId, customerId: null } })).toBe(30);
  });

  it("leaves an earlier install's jobs without effect", async () => {
    const shop = smallShop({ orders: 20, customers: 10 });
    const db = await open();
    const shopId = await installApp(local, db, shop);
    await db.write((tx) => uninstallShop(tx, shopId, { installGeneration: 1, receivedAt: Date.now() }));
    await giveToken(db, shop);
    expect(await installShop(db, shop.domain)).toMatchObject({ installGeneration: 2, isNew: true });
    await startSync(db, shopId, 1, QUICK);
    await planBackfill(db, shopId, 1, QUICK);
    expect(await db.prisma.order.count({ where: { shopId } })).toBe(0);
    expect((await syncStatus(db, shopId)).phase).toBe("waiting");
    expect(await installShop(db, shop.domain)).toMatchObject({ installGeneration: 2, isNew: false });
  });
});

async function attempts(db: Database, shopId: number): Promise<number> {
  const windows = await loadWindows(db, shopId);
  return Math.max(...windows.map((window) => window.attempts));
}
