import { expect, test } from "vitest";
import type { Database } from "../../app/db/database.server.ts";
import { customerData, dataRequest, dataRequests } from "../../app/db/queries/data-requests.server.ts";
import { driftSince } from "../../app/db/queries/drift.server.ts";
import { syncStatus } from "../../app/db/queries/sync-status.server.ts";
import { plain } from "../../app/db/plain.ts";
import { parseKeys, seal, unseal } from "../../app/db/seal.server.ts";
import { saveCheckouts } from "../../app/db/stores/checkouts.server.ts";
import { mergeCustomers, saveCustomers } from "../../app/db/stores/customers.server.ts";
import { addDataRequest, markDownloaded } from "../../app/db/stores/data-requests.server.ts";
import { addEvent, markProcessed, pendingEvents } from "../../app/db/stores/events.server.ts";
import { saveOrders } from "../../app/db/stores/orders.server.ts";
import { deleteProduct, saveProducts } from "../../app/db/stores/products.server.ts";
import { saveReconciliation } from "../../app/db/stores/reconciliations.server.ts";
import {
  loadSession,
  claimSession,
  resealSession,
  saveSession,
  tokenContext,
} from "../../app/db/stores/sessions.server.ts";
import {
  ensureShop,
  findShop,
  findShopById,
  installedShops,
  markInstalled,
  markUninstalled,
} from "../../app/db/stores/shops.server.ts";
import {
  beginSync,
  changeSyncState,
  changeWindow,
  countApplied,
  loadWindow,
  loadWindows,
  planWindows,
} from "../../app/db/stores/sync-state.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { makeCustomer, makeOrder, makeProduct, makeRefund, START } from "../support/orders.ts";

const KEY_A = `a:${Buffer.alloc(32, 1).toString("base64")}`;
const KEY_B = `b:${Buffer.alloc(32, 2).toString("base64")}`;

describeOnBothDatabases("stores", (open) => {
  async function openShop(): Promise<{ db: Database; shopId: number }> {
    const db = await open();
    const { id } = await db.write((tx) => ensureShop(tx, "a.myshopify.com"));
    return { db, shopId: id };
  }

  test("what is read by SQL of its own is what Prisma reads", async () => {
    const { db, shopId } = await openShop();
    const changes = { installedAt: Date.now(), countsTax: true, flatMarginBasisPoints: 4_000 };
    await db.write((tx) => tx.prisma.shop.update({ where: { id: shopId }, data: changes }));
    const shop = plain(await db.prisma.shop.findUniqueOrThrow({ where: { id: shopId } }));
    expect(shop).toMatchObject(changes);
    expect(await findShopById(db, shopId)).toStrictEqual(shop);
    expect(await findShop(db, shop.domain)).toStrictEqual(shop);
    expect(await findShopById(db, shopId + 1)).toBeNull();
    expect(await findShop(db, "nobody.myshopify.com")).toBeNull();

    const fromAt = START;
    const window = { resource: "orders", basis: "created", fromAt, toAt: fromAt + 1_000 } as const;
    await db.write((tx) =>
      planWindows(tx, shopId, "orders", [{ ...window, expectedCount: 3, installGeneration: 1 }]),
    );
    const [stored] = await loadWindows(db, shopId);
    expect(stored).toMatchObject(window);
    expect(await loadWindow(db, shopId, "orders", fromAt)).toStrictEqual(stored);
    expect(await loadWindow(db, shopId, "orders", fromAt + 1)).toBeNull();
  });

  test("a shop is added once, installed once, and a late uninstall of an earlier install does nothing", async () => {
    const { db, shopId } = await openShop();
    const install = (at: number) => db.write((tx) => markInstalled(tx, shopId, { currency: "EUR" }, at));
    expect((await db.write((tx) => ensureShop(tx, "a.myshopify.com"))).id).toBe(shopId);
    expect(await install(1)).toEqual({ installGeneration: 1, isNewInstall: true });
    expect(await install(2)).toEqual({ installGeneration: 1, isNewInstall: false });
    expect(await db.write((tx) => markUninstalled(tx, shopId, 1, 3))).toBe(true);
    expect(await installedShops(db)).toEqual([]);
    expect(await install(4)).toEqual({ installGeneration: 2, isNewInstall: true });
    expect(await db.write((tx) => markUninstalled(tx, shopId, 1, 5))).toBe(false);
    expect(await findShop(db, "a.myshopify.com")).toMatchObject({
      currency: "EUR",
      installedAt: 4,
      uninstalledAt: null,
    });
  });

  test("an event is new once, and pending until it is processed", async () => {
    const { db, shopId } = await openShop();
    const event = {
      topic: "orders/create",
      eventId: "e1",
      resourceId: 7,
      relatedIds: [1, 2],
      installGeneration: 1,
      receivedAt: 10,
    };
    const add = () => db.write((tx) => addEvent(tx, shopId, event));
    expect(await Promise.all([add(), add(), add()]).then((added) => added.filter(Boolean).length)).toBe(1);
    expect(await pendingEvents(db, shopId, 10)).toEqual([event]);
    await db.write((tx) => markProcessed(tx, shopId, [event], 11));
    expect(await pendingEvents(db, shopId, 10)).toEqual([]);
    expect(await add()).toBe(false);
  });

  test("customers are written when newer, and not when merged away", async () => {
    const { db, shopId } = await openShop();
    const save = (...facts: Parameters<typeof makeCustomer>) =>
      db.write((tx) => saveCustomers(tx, shopId, [makeCustomer(...facts)]));
    await save({ state: "enabled", updatedAt: START + 2 });
    expect(await save({ state: "invited", updatedAt: START + 1 })).toEqual({ applied: 0 });
    await db.write((tx) => mergeCustomers(tx, shopId, 5, 6, START));
    expect(await save({ updatedAt: START + 3 })).toEqual({ applied: 0 });
    expect(await db.prisma.customer.count()).toBe(0);
  });

  test("products are replaced with their variants and each change of a unit cost is kept", async () => {
    const { db, shopId } = await openShop();
    const save = (at: number, unitCostMinor: number | null, updatedAt = START) =>
      db.write((tx) =>
        saveProducts(
          tx,
          shopId,
          [makeProduct({ updatedAt, variants: [{ id: 100, title: "", priceMinor: 1, unitCostMinor }] })],
          at,
        ),
      );
    for (const [at, cost] of [
      [1, null],
      [2, 400],
      [3, 400],
      [4, 500],
      [5, null],
      [4, 500],
    ] as const)
      await save(at, cost);
    expect(await save(6, 9, START - 1)).toEqual({ applied: 0, firstCosts: 0 });
    const costs = await db.prisma.unitCost.findMany({ orderBy: { validFrom: "asc" } });
    expect(costs.map((row) => [row.validFrom, row.costMinor])).toEqual([
      [2n, 400n],
      [4n, 500n],
    ]);
    await db.write((tx) => deleteProduct(tx, shopId, 10));
    expect([
      await db.prisma.product.count(),
      await db.prisma.productVariant.count(),
      await db.prisma.unitCost.count(),
    ]).toEqual([0, 0, 2]);
  });

  test("an abandoned checkout is its survivor's and only newer facts apply", async () => {
    const { db, shopId } = await openShop();
    const checkout = { id: 1, customerId: 5, createdAt: 1, updatedAt: 2, completedAt: null };
    await db.write((tx) => mergeCustomers(tx, shopId, 5, 6, START));
    await db.write((tx) => saveCheckouts(tx, shopId, [checkout]));
    await db.write((tx) => saveCheckouts(tx, shopId, [{ ...checkout, updatedAt: 1, completedAt: 1 }]));
    expect(await db.prisma.abandonedCheckout.findMany()).toMatchObject([
      { customerId: 6n, completedAt: null },
    ]);
  });

  test("the status of a sync adds up and starts over with a new install only", async () => {
    const { db, shopId } = await openShop();
    expect(await syncStatus(db, shopId)).toMatchObject({ phase: "waiting", windows: 0 });
    const begin = (generation: number) => db.write((tx) => beginSync(tx, shopId, generation, 1));
    await begin(1);
    const window = {
      resource: "orders" as const,
      fromAt: 0,
      toAt: 10,
      installGeneration: 1,
      basis: "created" as const,
      expectedCount: 5,
    };
    await db.write(async (tx) => {
      await planWindows(tx, shopId, "orders", [window, { ...window, fromAt: 10, toAt: 20 }]);
      await changeSyncState(tx, shopId, { phase: "history", ordersExpected: 10, readableFromDay: 3 });
      await countApplied(tx, shopId, { orders: 5 });
      await countApplied(tx, shopId, { orders: 1, customers: 2 });
      await changeWindow(tx, shopId, "orders", 10, { status: "done", appliedCount: 6 });
    });
    await begin(1);
    expect((await loadWindows(db, shopId)).map(({ fromAt, status }) => [fromAt, status])).toEqual([
      [10, "done"],
      [0, "pending"],
    ]);
    expect(await syncStatus(db, shopId)).toMatchObject({
      phase: "history",
      ordersApplied: 6,
      ordersExpected: 10,
      customersApplied: 2,
      windows: 2,
      windowsDone: 1,
      readableFromDay: 3,
    });
    await begin(2);
    expect(await syncStatus(db, shopId)).toMatchObject({ phase: "waiting", ordersApplied: 0, windows: 0 });
  });

  test("drift sums what finished runs found", async () => {
    const { db, shopId } = await openShop();
    const run = {
      id: "r1",
      kind: "sweep" as const,
      startedAt: 5,
      finishedAt: null,
      checkedCount: 0,
      missingCount: 0,
      staleCount: 0,
      surplusCount: 0,
    };
    await db.write((tx) => saveReconciliation(tx, shopId, run));
    expect((await driftSince(db, shopId, 0)).runs).toEqual([]);
    await db.write((tx) =>
      saveReconciliation(tx, shopId, { ...run, finishedAt: 6, checkedCount: 9, missingCount: 1 }),
    );
    expect(await driftSince(db, shopId, 0)).toMatchObject({
      checkedCount: 9,
      missingCount: 1,
      staleCount: 0,
    });
  });

  test("a data request is kept once, with all that is stored about the customer", async () => {
    const { db, shopId } = await openShop();
    const request = { id: "d1", customerId: 5, orderIds: [1, 2], requestedAt: 3 };
    await db.write((tx) => addDataRequest(tx, shopId, request));
    await db.write((tx) => addDataRequest(tx, shopId, request));
    await db.write((tx) => markDownloaded(tx, shopId, "d1", 4));
    expect(await dataRequests(db, shopId)).toEqual([{ ...request, downloadedAt: 4 }]);
    expect(await dataRequest(db, shopId, "d2")).toBeNull();

    await db.write((tx) => saveCustomers(tx, shopId, [makeCustomer()]));
    await db.write((tx) => mergeCustomers(tx, shopId, 4, 5, START));
    const refunds = [makeRefund({ productMinor: 10 })];
    await db.write((tx) =>
      saveOrders(tx, shopId, [
        makeOrder({ id: 1, refunds }),
        makeOrder({ id: 2, customerId: null }),
        makeOrder({ id: 3, customerId: 9 }),
      ]),
    );
    const data = await customerData(db, shopId, 5, [2]);
    expect(data.customer).toMatchObject({ id: 5, state: "disabled" });
    expect(data.formerIds).toEqual([4]);
    expect(data.orders.map((order) => [order.id, order.lines.length, order.refunds.length])).toEqual([
      [1, 1, 1],
      [2, 1, 0],
    ]);
  });

  test("tokens are stored sealed and change to a new key", async () => {
    const { db, shopId } = await openShop();
    const old = parseKeys(KEY_A);
    const keys = parseKeys(`${KEY_B},${KEY_A}`);
    const context = tokenContext(shopId, "access");
    const session = {
      sessionId: "offline_a.myshopify.com",
      scope: "read_orders",
      accessToken: seal(old, "shpat_secret", context),
      expiresAt: 5,
      refreshToken: seal(old, "shprt_secret", tokenContext(shopId, "refresh")),
      refreshExpiresAt: 6,
      leasedAt: null,
      updatedAt: 1,
    };
    await db.write((tx) => saveSession(tx, shopId, session));
    expect(await loadSession(db, shopId)).toEqual(session);
    const reseal = (now: number) => db.write((tx) => resealSession(tx, shopId, keys, now));
    // Whoever refreshes writes over the very tokens that it read.
    expect(await db.write((tx) => claimSession(tx, shopId, session, 1_000))).toBe(true);
    expect(await reseal(2_000)).toBe(false);
    expect(await loadSession(db, shopId)).toEqual({ ...session, leasedAt: 1_000 });
    expect(await reseal(60_000)).toBe(true);
    expect(await reseal(60_000)).toBe(false);
    const stored = await loadSession(db, shopId);
    expect(unseal(parseKeys(KEY_B), stored?.accessToken ?? "", context)).toBe("shpat_secret");
    expect(unseal(parseKeys(KEY_B), stored?.refreshToken ?? "", tokenContext(shopId, "refresh"))).toBe(
      "shprt_secret",
    );
  });
});
