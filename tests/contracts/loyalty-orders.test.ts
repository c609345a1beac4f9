/** Orders earn as Shopify tells of them: in the transaction that saves them, whatever comes twice, late or by bulk. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { EarningRules } from "../../app/core/loyalty/programme.ts";
import type { Order } from "../../app/core/order.ts";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { earnPoints } from "../../app/core/loyalty/earn-points.ts";
import { lockAccounts, saveChanges } from "../../app/db/stores/ledger.server.ts";
import { membersOf } from "../../app/db/stores/members.server.ts";
import { openDisputes } from "../../app/db/stores/order-accruals.server.ts";
import { saveOrders } from "../../app/db/stores/orders.server.ts";
import { addProgrammeVersion, findProgramme, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { ensureShop, lockShop, markInstalled } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { adminFor } from "../../app/services/access/admin-access.server.ts";
import { accrueChangedOrders } from "../../app/services/loyalty/accrue-changed-orders.server.ts";
import { accrueOrders } from "../../app/services/loyalty/accrue-orders.server.ts";
import { findCollections, nameCollections } from "../../app/services/loyalty/find-collections.server.ts";
import { adjustPoints } from "../../app/services/loyalty/adjust-points.server.ts";
import { changeProgramme } from "../../app/services/loyalty/change-programme.server.ts";
import { advancePoints } from "../../app/services/loyalty/advance-points.server.ts";
import { joinProgramme } from "../../app/services/loyalty/join-programme.server.ts";
import { redactCustomer } from "../../app/services/privacy/redact-customer.server.ts";
import { syncDisputedOrders } from "../../app/services/sync/sync-disputed-orders.server.ts";
import { subscribeDisputes } from "../../app/services/sync/subscribe-disputes.server.ts";
import { syncOrders } from "../../app/services/sync/sync-orders.server.ts";
import { collectionsOfProducts } from "../../app/shopify/fetch-collections.server.ts";
import { ShopifyError } from "../../app/shopify/shopify-error.ts";
import * as actions from "../../devstore/state/actions.ts";
import { createCollection, updateCollection } from "../../devstore/state/collections.ts";
import { subscribeToWebhook } from "../../devstore/state/webhook-subscriptions.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { APP, giveToken, startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { giveMembersPoints } from "../support/loyalty-members.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { openShop, value, workEvents } from "../support/open-shop.ts";
import { DAY_MS, makeLine, makeOrder, START } from "../support/orders.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

interface Given {
  rules?: Partial<EarningRules>;
  membership?: "automatic" | "joining";
  startedAt?: number;
}

async function startProgramme(db: Database, shopId: number, given: Given = {}): Promise<void> {
  const { rules, membership = "automatic", startedAt = START } = given;
  await db.write(async (tx) => {
    await saveProgramme(tx, shopId, { state: "running", membership, startedAt });
    await addProgrammeVersion(tx, shopId, startedAt, makeRules(rules));
  });
}

/** What a customer has as a member: pending and available, or nothing. */
async function pointsOf(db: Database, shopId: number, customerId: number): Promise<number | null> {
  const memberId = (await membersOf(db, shopId, [customerId])).get(customerId);
  if (memberId === undefined) return null;
  const balance = await memberBalance(db, shopId, memberId, Date.now());
  return balance && balance.pending + balance.available - balance.debt;
}

const accrued = async (db: Database, shopId: number) =>
  (await db.prisma.orderAccrual.findMany({ where: { shopId }, orderBy: { orderId: "asc" } })).map(
    ({ postedPoints, because, memberId }) => [Number(postedPoints), because, memberId],
  );

describeOnBothDatabases("orders of a shop with a programme", (open) => {
  async function openProgramme(given: Given = {}) {
    const at = await openShop(local, await open());
    await startProgramme(at.db, at.shopId, given);
    const points = (customerId = at.customer.id) => pointsOf(at.db, at.shopId, customerId);
    return { ...at, points };
  }

  it("earn when they are paid, and what a refund, a cancellation or a deletion takes is taken once", async () => {
    const at = await openProgramme();
    const { shop, customer, points, db, shopId } = at;
    const lines = [{ variantId: at.product.variantIds[0] ?? 0, quantity: 2 }];
    const placed = { lines, customerId: customer.id, payment: "pending" } as const;
    const order = value(actions.createOrder(local.world, shop, placed));
    await workEvents(local, at);
    expect(await points()).toBeNull();
    expect(await accrued(db, shopId)).toEqual([[0, "unpaid", null]]);

    value(actions.payOrder(local.world, shop, { orderId: order.id }));
    await workEvents(local, at);
    expect(await points()).toBe(20);

    const units = [{ lineId: order.lines[0]?.id ?? 0, quantity: 1 }];
    value(actions.refundOrder(local.world, shop, { orderId: order.id, lines: units, storeCredit: true }));
    await workEvents(local, at);
    expect(await points()).toBe(10);
    const before = await db.prisma.ledgerTransaction.count();
    await syncOrders(db, shopId, [order.id]);
    await syncOrders(db, shopId, [order.id, order.id]);
    expect(await db.prisma.ledgerTransaction.count()).toBe(before);

    const other = at.order(customer.id);
    const third = at.order(customer.id);
    await workEvents(local, at);
    expect(await points()).toBe(50);
    value(actions.cancelOrder(local.world, shop, { orderId: other.id }));
    value(actions.deleteOrder(local.world, shop, { orderId: third.id }));
    await workEvents(local, at);
    expect(await points()).toBe(10);
    const [, cancelled, deleted] = await accrued(db, shopId);
    expect(cancelled?.[0]).toBe(0);
    expect(deleted).toEqual([0, "deleted", 1]);
  });

  it("are edited and exchanged by the terms that they were placed under", async () => {
    const at = await openProgramme();
    const { shop, customer, points, db, shopId } = at;
    const order = at.order(customer.id);
    await workEvents(local, at);
    await db.write((tx) =>
      addProgrammeVersion(tx, shopId, Date.now(), makeRules({ base: { points: 5, perMinor: 100 } })),
    );
    const addedLines = [{ variantId: at.product.variantIds[0] ?? 0, quantity: 1 }];
    value(actions.editOrder(local.world, shop, { orderId: order.id, addedLines }));
    value(actions.payOrder(local.world, shop, { orderId: order.id }));
    await workEvents(local, at);
    expect(await points()).toBe(30);
    const later = value(
      actions.createOrder(local.world, shop, {
        lines: addedLines,
        customerId: customer.id,
        at: Date.now() + 5_000,
      }),
    );
    await workEvents(local, at);
    expect(later.id).toBeGreaterThan(order.id);
    expect(await points()).toBe(80);
  });

  it("lose their points while a chargeback is open, and have them again when it is won", async () => {
    const at = await openProgramme();
    const { shop, points } = at;
    const order = at.order(at.customer.id);
    await workEvents(local, at);
    const hear = async () => {
      await syncOrders(at.db, at.shopId, [order.id]);
      return points();
    };
    const dispute = value(actions.disputeOrder(local.world, shop, { orderId: order.id }));
    expect(await hear()).toBe(0);
    expect(await accrued(at.db, at.shopId)).toEqual([[0, "disputed", 1]]);
    value(actions.settleDispute(local.world, shop, { disputeId: dispute.id, status: "WON" }));
    expect(await hear()).toBe(20);
  });

  it("hold their points as soon as Shopify tells of a chargeback, once the merchant allows it to", async () => {
    const at = await openProgramme();
    const { db, shop, shopId, points } = at;
    const order = at.order(at.customer.id);
    await workEvents(local, at);
    const subscribed = () =>
      (shop.installation?.subscriptions ?? []).map(({ topic, url }) => [topic, new URL(url).pathname]);
    const waiting = () => db.prisma.job.count({ where: { shopId, kind: "subscribe-disputes" } });
    await subscribeDisputes(db, shopId);
    expect(subscribed()).toEqual([]);
    value(actions.disputeOrder(local.world, shop, { orderId: order.id, type: "INQUIRY" }));
    await workEvents(local, at);
    expect([await points(), await waiting()]).toEqual([20, 0]);

    shop.installation?.scopes.push("read_shopify_payments_disputes");
    expect(await changeProgramme(db, shopId, { intent: "scopes-granted" })).toMatchObject({ ok: true });
    if (db.dialect === "sqlite") expect(await waiting()).toBe(1);
    // An earlier try came half way, and the app lived at another address before.
    const subscribe = (topic: string, url: string) =>
      value(
        subscribeToWebhook(local.world, shop, {
          clientId: APP.clientId,
          topic,
          url,
          includeFields: ["order_id"],
        }),
      );
    subscribe("DISPUTES_CREATE", "https://old.example.com/webhooks/disputes");
    subscribe("DISPUTES_UPDATE", new URL("/webhooks/disputes", process.env["SHOPIFY_APP_URL"]).href);
    await subscribeDisputes(db, shopId);
    await subscribeDisputes(db, shopId);
    expect(subscribed()).toEqual([
      ["DISPUTES_UPDATE", "/webhooks/disputes"],
      ["DISPUTES_CREATE", "/webhooks/disputes"],
    ]);

    const dispute = value(actions.disputeOrder(local.world, shop, { orderId: order.id }));
    await workEvents(local, at);
    expect(await points()).toBe(0);
    value(actions.settleDispute(local.world, shop, { disputeId: dispute.id, status: "WON" }));
    await workEvents(local, at);
    expect(await points()).toBe(20);
    const heard = [...local.world.deliveries.values()].filter(
      ({ shopDomain, topic }) => shopDomain === shop.domain && topic.startsWith("disputes/"),
    );
    expect(heard.map(({ topic, body }) => [topic, JSON.parse(body) as unknown])).toEqual([
      ["disputes/create", { id: dispute.id, order_id: order.id }],
      ["disputes/update", { order_id: order.id }],
    ]);
  });

  it("hold their points also where no news of a chargeback comes, from the next day's look on", async () => {
    const at = await openProgramme();
    const { db, shop, shopId, points } = at;
    const [first, second] = [at.order(at.customer.id), at.order(at.customer.id)];
    await workEvents(local, at);
    const look = async (scopes: string) => {
      const client = await adminFor(db, shopId);
      await syncDisputedOrders(db, { id: shopId, scopes }, client, Date.now() - DAY_MS);
      return points();
    };
    const dispute = value(actions.disputeOrder(local.world, shop, { orderId: first.id }));
    expect(await look("read_orders")).toBe(40);
    shop.installation?.scopes.push("read_shopify_payments_disputes");
    expect(await look("read_orders,read_shopify_payments_disputes")).toBe(20);
    value(actions.settleDispute(local.world, shop, { disputeId: dispute.id, status: "LOST" }));
    value(actions.disputeOrder(local.world, shop, { orderId: second.id, type: "INQUIRY" }));
    // What is open here is asked about without the scope, too.
    expect(await look("read_orders")).toBe(20);
    expect(await accrued(db, shopId)).toEqual([
      [0, "disputed", 1],
      [20, null, 1],
    ]);
    expect(await openDisputes(db, shopId)).toEqual([]);
  });

  it("that are given to another customer take their points with them, spent or not", async () => {
    const at = await openProgramme();
    const { db, shop, shopId, customer, points } = at;
    const createdBo = actions.createCustomer(local.world, shop, { firstName: "Bo" });
    const other = value(createdBo);
    const order = at.order(customer.id);
    await workEvents(local, at);
    const spent = { key: "spent", memberId: 1, points: -15, reason: "spent" };
    const shopNow = await db.write((tx) => lockShop(tx, shopId));
    expect(await adjustPoints(db, shopNow, spent)).toMatchObject({ ok: true });
    const giveTo = async (customerId: number) => {
      value(actions.setOrderCustomer(local.world, shop, { orderId: order.id, customerId }));
      await workEvents(local, at);
      return [await points(), await points(other.id)];
    };
    expect(await giveTo(other.id)).toEqual([-15, 20]);
    value(actions.refundOrder(local.world, shop, { orderId: order.id, adjustmentMinor: 500 }));
    await workEvents(local, at);
    expect([await points(), await points(other.id)]).toEqual([-15, 15]);
    expect(await giveTo(customer.id)).toEqual([0, 0]);
    expect(await accrued(db, shopId)).toEqual([[15, null, 1]]);
    const reasons = await db.prisma.ledgerTransaction.findMany({ where: { shopId, kind: "claw-back" } });
    expect(reasons.map(({ reason }) => reason)).toEqual(["reassigned", null, "reassigned"]);
  });

  it("wait until their customer joins, and those of customers who are left out earn nothing", async () => {
    const at = await openProgramme({ membership: "joining", rules: { firstOrderPoints: 100 } });
    const { db, shopId, customer, points } = at;
    at.order(customer.id);
    at.order(customer.id);
    await workEvents(local, at);
    expect(await points()).toBeNull();
    expect(await joinProgramme(db, shopId, customer.id)).toMatchObject({ ok: true, memberId: 1 });
    expect(await points()).toBe(140);
    expect(await joinProgramme(db, shopId, customer.id)).toMatchObject({ ok: true, memberId: 1 });
    expect(await points()).toBe(140);
    at.order(customer.id);
    await workEvents(local, at);
    expect(await points()).toBe(160);
    await redactCustomer(db, shopId, customer.id, []);
    expect(await points()).toBeNull();
    expect(await joinProgramme(db, shopId, customer.id)).toEqual({ ok: false, reason: "erased" });
    // What is owed to the member stays in the books.
    expect(await memberBalance(db, shopId, 1, Date.now())).toMatchObject({ available: 160 });
  });

  it("of merged customers are the survivor's, also when they change later", async () => {
    const at = await openProgramme();
    const { shop, customer, points } = at;
    const other = value(
      actions.createCustomer(local.world, shop, { firstName: "Bo", email: "bo@example.com" }),
    );
    const order = at.order(other.id);
    at.order(customer.id);
    await workEvents(local, at);
    expect([await points(), await points(other.id)]).toEqual([20, 20]);
    const merged = { customerOneId: other.id, customerTwoId: customer.id };
    const { kept } = value(actions.mergeCustomers(local.world, shop, merged));
    await workEvents(local, at);
    expect(await points(kept.id)).toBe(40);
    value(actions.cancelOrder(local.world, shop, { orderId: order.id }));
    await workEvents(local, at);
    expect(await points(kept.id)).toBe(20);
  });

  it("earn by the collections that their products are in when they are first seen, whatever becomes of these", async () => {
    const at = await openProgramme();
    const { db, shop, shopId, product, customer, points } = at;
    const createdCup = actions.createProduct(local.world, shop, {
      title: "Cup",
      variants: [{ priceMinor: 500 }],
    });
    const cup = value(createdCup).variantIds[0] ?? 0;
    const made = createCollection(local.world, shop, { title: "Teas", productIds: [product.id] });
    const { id: teas } = value(made);
    const multipliers = [{ match: { collectionIds: [teas] }, factorPercent: 300 }];
    // Before the rules name any, nobody is asked; from then on whoever comes is bound by them.
    const first = at.order(customer.id);
    await workEvents(local, at);
    await db.write((tx) => addProgrammeVersion(tx, shopId, Date.now(), makeRules({ multipliers })));
    const lines = [
      { variantId: product.variantIds[0] ?? 0, quantity: 1 },
      { variantId: cup, quantity: 1 },
    ];
    const placed = { lines, customerId: customer.id, at: Date.now() + 2_000 };
    const second = value(actions.createOrder(local.world, shop, placed));
    await workEvents(local, at);
    expect(await points()).toBe(20 + 30 + 5);
    value(updateCollection(local.world, shop, { collectionId: teas, productIds: [] }));
    await syncOrders(db, shopId, [first.id, second.id]);
    expect(await points()).toBe(20 + 30 + 5);
    // What is added to the order is bound when it appears.
    const addedLines = [{ variantId: product.variantIds[0] ?? 0, quantity: 1 }];
    value(actions.editOrder(local.world, shop, { orderId: second.id, addedLines }));
    value(actions.payOrder(local.world, shop, { orderId: second.id }));
    await workEvents(local, at);
    expect(await points()).toBe(20 + 30 + 5 + 10);
  });

  it("know every collection of a product, however many there are, and find them by name", async () => {
    const { db, shop, shopId, product } = await openShop(local, await open());
    const ids = Array.from({ length: 130 }, (_, index) => {
      const title = index === 7 ? "Black teas, loose" : `Shelf ${index}`;
      return value(createCollection(local.world, shop, { title, productIds: [product.id] })).id;
    });
    const told = await collectionsOfProducts(await adminFor(db, shopId), [product.id, 4]);
    expect([...told]).toEqual([
      [product.id, ids],
      [4, []],
    ]);
    const loose = { id: ids[7], title: "Black teas, loose" };
    expect(await findCollections(db, shopId, "black lo")).toEqual([loose]);
    expect(await findCollections(db, shopId, "title:x")).toEqual([]);
    expect(await findCollections(db, shopId, "")).toHaveLength(20);
    expect(await nameCollections(db, shopId, [ids[7] ?? 0, 5])).toEqual({ [loose.id ?? 0]: loose.title });
    shop.installation?.accessTokens.clear();
    expect(await findCollections(db, shopId, "black")).toBeNull();
  });

  it("wait while Shopify cannot say in which collections their products are, and none is lost", async () => {
    const multipliers = [{ match: { collectionIds: [1] }, factorPercent: 200 }];
    const at = await openProgramme({ rules: { multipliers } });
    const { db, shop, shopId, product, customer, points } = at;
    const made = createCollection(local.world, shop, { title: "Teas", productIds: [product.id] });
    const { id: teas } = value(made);
    const named = [{ match: { collectionIds: [teas] }, factorPercent: 200 }];
    await db.write(async (tx) => {
      await addProgrammeVersion(tx, shopId, START, makeRules({ multipliers: named }));
      const line = { id: 1, productId: product.id };
      const orders = [1, 2, 3].map((id) =>
        makeOrder({ id, customerId: customer.id, lines: [makeLine({ ...line, id })] }),
      );
      await saveOrders(tx, shopId, orders);
      const shopNow = await lockShop(tx, shopId);
      // In a transaction nobody is asked.
      expect(await accrueOrders(tx, shopNow, [1, 2, 3], Date.now())).toEqual([1, 2, 3]);
    });
    shop.installation?.scopes.splice(0);
    await expect(accrueChangedOrders(db, shopId, AbortSignal.timeout(10_000))).rejects.toThrow(ShopifyError);
    expect([await points(), await accrued(db, shopId)]).toEqual([null, []]);
    local.devstore.install(shop.domain);
    await giveToken(db, shop);
    await accrueChangedOrders(db, shopId, AbortSignal.timeout(10_000));
    await accrueChangedOrders(db, shopId, AbortSignal.timeout(10_000));
    expect(await points()).toBe(60);
  });

  it("from before the programme's start earn nothing", async () => {
    const at = await openProgramme({ startedAt: Date.now() + DAY_MS });
    at.order(at.customer.id);
    await workEvents(local, at);
    expect(await accrued(at.db, at.shopId)).toEqual([]);
  });

  it("that came by bulk earn once, in the programme's time, wherever the work stopped", async () => {
    const db = await open();
    const shopId = await db.write(async (tx) => {
      const { id } = await ensureShop(tx, "bulk.myshopify.com");
      await markInstalled(tx, id, {}, START);
      const orders = Array.from({ length: 230 }, (_, index) =>
        makeOrder({
          id: index + 1,
          customerId: 5 + (index % 7),
          placedAt: START + (index - 30) * 60_000,
          lines: [makeLine({ id: index })],
        }),
      );
      await saveOrders(tx, id, orders);
      return id;
    });
    await startProgramme(db, shopId);
    const signal = AbortSignal.timeout(30_000);
    await accrueChangedOrders(db, shopId, signal);
    expect(await db.prisma.orderAccrual.count()).toBe(200);
    const sum = async () =>
      (await db.prisma.memberBalance.aggregate({ _sum: { available: true } }))._sum.available;
    expect(await sum()).toBe(2_000n);
    expect((await findProgramme(db, shopId))?.accruedVersion).toBeGreaterThan(0);
    await db.write((tx) =>
      saveOrders(tx, shopId, [makeOrder({ id: 200, updatedAt: START + DAY_MS, cancelledAt: START })]),
    );
    await accrueChangedOrders(db, shopId, signal);
    await accrueChangedOrders(db, shopId, signal);
    expect(await sum()).toBe(1_990n);
  });
});

describeOnBothDatabases("a programme that is started", (open) => {
  it("gives points for what is ordered from then on, and for nothing that was there, whichever way it came", async () => {
    const { db, shopId } = await openShop(local, await open());
    const placedAt = Date.now() - DAY_MS;
    const save = (id: number, facts: Partial<Order>) => {
      const made = makeOrder({ id, customerId: id, paidAt: facts.placedAt ?? null, ...facts });
      return db.write((tx) => saveOrders(tx, shopId, [{ ...made, lines: [makeLine({ id })] }]));
    };
    const bulk = () => accrueChangedOrders(db, shopId, AbortSignal.timeout(10_000));
    await save(1, { placedAt });
    const started = { intent: "start", template: "steady", membership: "automatic" };
    expect(await changeProgramme(db, shopId, started)).toMatchObject({ ok: true });
    const { startedAt, accruedVersion } = (await findProgramme(db, shopId)) ?? {};
    expect(accruedVersion).toBeGreaterThan(0);
    await save(2, { placedAt });
    await save(3, { placedAt: startedAt ?? 0 });
    await save(4, { placedAt: (startedAt ?? 0) - 1 });
    await save(1, { placedAt, updatedAt: START + DAY_MS });
    await bulk();
    const orders = await db.prisma.orderAccrual.findMany({ select: { orderId: true } });
    expect(orders).toEqual([{ orderId: 3n }]);
  });
});

describeOnBothDatabases("what time does", (open) => {
  it("is written by the job for those of whom something is due, and for nobody twice", async () => {
    const db = await open();
    const shopId = await db.write(async (tx) => {
      const { id } = await ensureShop(tx, "time.myshopify.com");
      await giveMembersPoints(tx, id, [1, 2, 3], START);
      const account = (await lockAccounts(tx, id, [3])).get(3);
      if (!account) throw new Error("no member");
      const late = {
        orderId: "late",
        sequence: 0,
        points: 7,
        ripensAt: Date.now() + DAY_MS,
        expiresAt: null,
      };
      await saveChanges(tx, id, [earnPoints(account, { ...late, reason: null }, START)]);
      return id;
    });
    await advancePoints(db, shopId, AbortSignal.timeout(10_000));
    const rows = await db.prisma.memberBalance.findMany({ orderBy: { memberId: "asc" } });
    expect(rows.map(({ pending, available }) => [pending, available])).toEqual([
      [0n, 120n],
      [0n, 120n],
      [7n, 120n],
    ]);
    const written = await db.prisma.ledgerTransaction.count();
    await advancePoints(db, shopId, AbortSignal.timeout(10_000));
    expect(await db.prisma.ledgerTransaction.count()).toBe(written);
  });
});
