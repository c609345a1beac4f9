/** A webhook is a hint: stored once, worked once, and what it names is fetched. Nothing that it says is kept or believed. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { giveToken, startLocalShopify, until, type LocalShopify } from "../support/local-shopify.ts";
import { openShop, value, workEvents } from "../support/open-shop.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { shopRows } from "../support/shop-rows.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import { syncStatus } from "../../app/db/queries/sync-status.server.ts";
import { installShop } from "../../app/services/sync/install-shop.server.ts";
import { processEvents } from "../../app/services/sync/process-events.server.ts";
import { rebuildDays } from "../../app/services/sync/rebuild-days.server.ts";
import { receiveEvent, type IncomingEvent } from "../../app/services/sync/receive-event.server.ts";
import { recostOrders } from "../../app/services/sync/recost-orders.server.ts";
import { syncProducts } from "../../app/services/sync/sync-products.server.ts";
import { syncOrders } from "../../app/services/sync/sync-orders.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import type { ShopState } from "../../devstore/state/model.ts";
import { publishProgrammeLater } from "../../app/db/stores/publications.server.ts";
import { findStorefront, saveStorefront } from "../../app/db/stores/storefronts.server.ts";
import { changeShop, uninstallApp } from "../../devstore/state/shop-actions.ts";
import { now } from "../../devstore/state/world.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

function event(
  shop: ShopState,
  topic: string,
  payload: unknown,
  more: Partial<IncomingEvent> = {},
): IncomingEvent {
  return {
    shopDomain: shop.domain,
    topic,
    eventId: crypto.randomUUID(),
    triggeredAt: now(local.world),
    payload,
    ...more,
  };
}

describeOnBothDatabases("events", (open) => {
  it("brings an order, its payment, its refund and its deletion", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId, customer } = at;
    const order = at.order(customer.id);
    await workEvents(local, at);
    const [row] = (await shopRows(db, shopId))["orders"] as { customerId: number; netMinor: number }[];
    expect(row).toMatchObject({ customerId: customer.id, netMinor: 2_000, refundMinor: 0 });

    const [line] = order.lines;
    value(
      actions.refundOrder(local.world, shop, {
        orderId: order.id,
        lines: [{ lineId: line?.id ?? 0, quantity: 1 }],
      }),
    );
    await workEvents(local, at);
    const [refunded] = (await shopRows(db, shopId))["orders"] as object[];
    expect(refunded).toMatchObject({ netMinor: 1_000, refundMinor: 1_000 });

    value(actions.deleteOrder(local.world, shop, { orderId: order.id }));
    await workEvents(local, at);
    expect((await shopRows(db, shopId))["orders"]).toEqual([]);
    // A late answer does not bring it back.
    await syncOrders(db, shopId, [order.id]);
    expect((await shopRows(db, shopId))["orders"]).toEqual([]);
  });

  it("stores an event once, however often and however many at a time it comes", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId } = at;
    await workEvents(local, at);
    const before = await db.prisma.inboxEvent.count({ where: { shopId } });
    const events = Array.from({ length: 300 }, (_, index) =>
      event(shop, "orders/updated", { id: 1_000 + (index % 100) }, { eventId: `event-${index % 100}` }),
    );
    const receptions = await Promise.all(events.map((one) => receiveEvent(db, one)));
    expect(receptions.filter((reception) => reception === "stored")).toHaveLength(100);
    expect(receptions.filter((reception) => reception === "known")).toHaveLength(200);
    expect(await db.prisma.inboxEvent.count({ where: { shopId } })).toBe(before + 100);
    await workEvents(local, at);
  });

  it("keeps no payload", async () => {
    const at = await openShop(local, await open());
    at.order(at.customer.id);
    await local.devstore.webhooks.idle();
    const stored = JSON.stringify(await at.db.prisma.inboxEvent.findMany(), (_, cell: unknown) =>
      typeof cell === "bigint" ? Number(cell) : cell,
    );
    expect(stored).toContain("orders/create");
    expect(stored).not.toMatch(/ann|example\.com/i);
    await workEvents(local, at);
  });

  it("answers for shops and topics that it does not know, and refuses what is not Shopify's payload", async () => {
    const at = await openShop(local, await open());
    const stranger = { ...at.shop, domain: "stranger.myshopify.com" };
    expect(await receiveEvent(at.db, event(stranger, "orders/create", { id: 1 }))).toBe("unknown-shop");
    expect(await receiveEvent(at.db, event(at.shop, "themes/publish", { id: 1 }))).toBe("unknown-topic");
    await expect(receiveEvent(at.db, event(at.shop, "orders/create", { id: "x" }))).rejects.toThrow();
    await workEvents(local, at);
  });

  it("moves a merged customer's orders to the survivor that the webhook names", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId, customer } = at;
    const other = value(actions.createCustomer(local.world, shop, { firstName: "Ann", lastName: "B" }));
    at.order(customer.id);
    at.order(other.id);
    await workEvents(local, at);
    const merge = value(
      actions.mergeCustomers(local.world, shop, { customerOneId: customer.id, customerTwoId: other.id }),
    );
    await workEvents(local, at);
    const rows = await shopRows(db, shopId);
    expect((rows["customers"] as { id: number }[]).map(({ id }) => id)).toEqual([...shop.customers.keys()]);
    const owners = (rows["orders"] as { customerId: number }[]).map(({ customerId }) => customerId);
    expect(owners).toEqual([...shop.orders.values()].map(({ customerId }) => customerId));
    expect(merge).toBeDefined();
  });

  it("works the other events when one record cannot be saved", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId, customer } = at;
    at.order(customer.id);
    const broken = at.order(customer.id);
    at.order(customer.id);
    value(actions.refundOrder(local.world, shop, { orderId: broken.id, adjustmentMinor: 100 }));
    await local.devstore.webhooks.idle();
    // One refund told twice.
    broken.agreements.push(...broken.agreements.slice(-1));
    await expect(processEvents(db, shopId, AbortSignal.timeout(20_000))).rejects.toThrow(
      /could not be worked/,
    );
    expect(await db.prisma.order.count({ where: { shopId } })).toBe(2);
    const left = await db.prisma.inboxEvent.findMany({ where: { shopId, processedAt: null } });
    expect(new Set(left.map(({ resourceId }) => Number(resourceId)))).toEqual(new Set([broken.id]));
  });

  it("remembers a record that cannot be read, and works all events of it and others", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId, customer } = at;
    at.order(customer.id);
    const broken = at.order(customer.id);
    await local.devstore.webhooks.idle();
    const [sale] = broken.agreements.flatMap(({ sales }) => sales);
    const { totalMinor = 0 } = sale ?? {};
    // An amount that no currency has.
    Object.assign(sale ?? {}, { totalMinor: Number.NaN });
    await workEvents(local, at);
    expect(await db.prisma.order.count({ where: { shopId } })).toBe(1);
    expect((await syncStatus(db, shopId)).unreadableRecords).toBe(1);
    expect(await db.prisma.unreadableRecord.findMany()).toMatchObject([
      { shopId, resource: "orders", id: BigInt(broken.id), reason: "not an amount: [value]" },
    ]);

    Object.assign(sale ?? {}, { totalMinor });
    value(
      actions.refundOrder(local.world, shop, {
        orderId: broken.id,
        adjustmentMinor: 100,
        at: now(local.world) + 2_000,
      }),
    );
    await workEvents(local, at);
    expect(await db.prisma.order.count({ where: { shopId } })).toBe(2);
    expect((await syncStatus(db, shopId)).unreadableRecords).toBe(0);
  });

  it("does not take an unreadable old order for a deleted one", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId } = at;
    const sixtyOneDays = 61 * 86_400_000;
    const old = value(
      actions.createOrder(local.world, shop, {
        lines: [{ variantId: at.product.variantIds[0] ?? 0, quantity: 1 }],
        at: now(local.world) - sixtyOneDays,
      }),
    );
    // Still listed, and not younger than the one that will be gone.
    at.order();
    const young = at.order();
    await workEvents(local, at);
    expect(await db.prisma.order.count({ where: { shopId } })).toBe(3);
    if (shop.installation) shop.installation.scopes = ["read_orders", "read_customers", "read_products"];
    await db.write((tx) => tx.prisma.shop.update({ where: { id: shopId }, data: { scopes: "read_orders" } }));
    shop.orders.delete(young.id);
    await syncOrders(db, shopId, [old.id, young.id]);
    const ids = (await db.prisma.order.findMany({ where: { shopId } })).map(({ id }) => Number(id));
    expect(ids).toContain(old.id);
    expect(ids).not.toContain(young.id);
    await workEvents(local, at);
  });

  it("counts days anew when the shop changes its time zone", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId } = at;
    const order = at.order();
    value(actions.refundOrder(local.world, shop, { orderId: order.id, adjustmentMinor: 100 }));
    await workEvents(local, at);
    value(changeShop(local.world, shop, { timeZone: "Pacific/Kiritimati" }));
    await workEvents(local, at);
    expect((await findShopById(db, shopId))?.timeZone).toBe("Pacific/Kiritimati");
    await rebuildDays(db, shopId, AbortSignal.timeout(10_000));
    const day = Math.floor((order.processedAt + 14 * 3_600_000) / 86_400_000);
    expect((await db.prisma.order.findFirstOrThrow({ where: { shopId } })).day).toBe(day);
    const refund = await db.prisma.refund.findFirstOrThrow({ where: { shopId } });
    expect(refund.day).toBe(Math.floor((Number(refund.refundedAt) + 14 * 3_600_000) / 86_400_000));
  });

  it("gives an order the cost of a product that arrives after it", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId } = at;
    const order = at.order();
    const [line] = order.lines;
    const refunded = { orderId: order.id, lines: [{ lineId: line?.id ?? 0, quantity: 1 }] };
    value(actions.refundOrder(local.world, shop, refunded));
    await syncOrders(db, shopId, [order.id]);
    const bare = await db.prisma.order.findFirstOrThrow({ where: { shopId } });
    expect([bare.costMinor, bare.costedNetMinor]).toEqual([0n, 0n]);

    await db.write((tx) => tx.prisma.syncState.update({ where: { shopId }, data: { phase: "complete" } }));
    await syncProducts(db, shopId, [at.product.id]);
    await recostOrders(db, shopId);
    const recosted = await shopRows(db, shopId);
    expect(recosted["orders"]).toMatchObject([{ costMinor: 400, costedNetMinor: 1_000 }]);
    expect(recosted["refunds"]).toMatchObject([{ costMinor: 400 }]);
    await syncOrders(db, shopId, [order.id]);
    expect(await shopRows(db, shopId)).toEqual(recosted);
    await workEvents(local, at);
  });

  it("keeps a unit cost that changes while nothing else of its product does", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId } = at;
    await syncProducts(db, shopId, [at.product.id]);
    const [variantId = 0] = at.product.variantIds;
    value(actions.setUnitCost(local.world, shop, { variantId, unitCostMinor: 450 }));
    await workEvents(local, at);
    const costs = await db.prisma.unitCost.findMany({ where: { shopId }, orderBy: { validFrom: "asc" } });
    expect(costs.map(({ costMinor }) => Number(costMinor))).toEqual([400, 450]);
    value(
      actions.createOrder(local.world, shop, {
        lines: [{ variantId, quantity: 1 }],
        at: now(local.world) + 2_000,
      }),
    );
    await workEvents(local, at);
    const [line] = (await shopRows(db, shopId))["lines"] as object[];
    expect(line).toMatchObject({ unitCostMinor: 450 });
    // An item that is gone by the time its event is worked.
    value(actions.setUnitCost(local.world, shop, { variantId, unitCostMinor: 460 }));
    value(actions.deleteProduct(local.world, shop, { productId: at.product.id }));
    await workEvents(local, at);
    expect(await db.prisma.unitCost.count({ where: { shopId } })).toBe(2);
  });

  it("ignores an earlier install's late uninstall, and obeys the present one's without a call to Shopify", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId } = at;
    await workEvents(local, at);
    const longAgo = Date.now() - 3_600_000;
    await receiveEvent(db, event(shop, "app/uninstalled", { id: shop.id }, { triggeredAt: longAgo }));
    await processEvents(db, shopId, AbortSignal.timeout(10_000));
    expect((await findShopById(db, shopId))?.uninstalledAt).toBeNull();

    await db.write(async (tx) => {
      await saveStorefront(tx, shopId, { state: "on", startedAt: 1 });
      await publishProgrammeLater(tx, shopId);
    });
    expect(await db.prisma.publication.count({ where: { shopId } })).toBeGreaterThan(0);
    value(uninstallApp(local.world, shop));
    await until("the uninstall to arrive", async () => {
      await local.devstore.webhooks.idle();
      return (await db.prisma.inboxEvent.count({ where: { shopId, topic: "app/uninstalled" } })) === 2;
    });
    await processEvents(db, shopId, AbortSignal.timeout(10_000));
    expect((await findShopById(db, shopId))?.uninstalledAt).not.toBeNull();
    expect(await db.prisma.session.count({ where: { shopId } })).toBe(0);
    // What was published went with the app, so nothing may be taken to stand there when it comes back.
    expect(await db.prisma.publication.count({ where: { shopId } })).toBe(0);
    expect(await findStorefront(db, shopId)).toMatchObject({ state: "off" });

    local.devstore.install(shop.domain);
    await giveToken(db, shop);
    expect(await installShop(db, shop.domain)).toMatchObject({ installGeneration: 2, isNew: true });
    expect((await syncStatus(db, shopId)).phase).toBe("waiting");
  });

  it.each(["before the uninstall is heard of", "between its arrival and its work"])(
    "goes on with a shop whose merchant came back %s",
    async (when) => {
      const at = await openShop(local, await open());
      const { db, shop, shopId } = at;
      await workEvents(local, at);
      const comeBack = async () => {
        local.devstore.install(shop.domain);
        await giveToken(db, shop);
        // Nothing is known of an end, so there is nothing to begin.
        expect(await installShop(db, shop.domain)).toMatchObject({ installGeneration: 1, isNew: false });
      };
      const arrived = () => db.prisma.inboxEvent.count({ where: { shopId, topic: "app/uninstalled" } });
      local.world.chaos.delayWebhook.next = 1;
      local.world.chaos.webhookDelayMs = when.startsWith("before") ? 1_500 : 1;
      value(uninstallApp(local.world, shop));
      if (when.startsWith("before")) await comeBack();
      if (when.startsWith("before")) expect(await arrived()).toBe(0);
      await until("the uninstall to arrive", async () => (await arrived()) === 1);
      if (when.startsWith("between")) await comeBack();

      await workEvents(local, at);
      expect((await findShopById(db, shopId))?.uninstalledAt).toBeNull();
      expect(await db.prisma.session.count({ where: { shopId } })).toBe(1);
      const order = at.order();
      await workEvents(local, at);
      expect(await db.prisma.order.count({ where: { shopId, id: order.id } })).toBe(1);

      // The next end is believed.
      value(uninstallApp(local.world, shop));
      await until("the second uninstall to arrive", async () => (await arrived()) === 2);
      await workEvents(local, at);
      expect((await findShopById(db, shopId))?.uninstalledAt).not.toBeNull();
    },
  );
});
