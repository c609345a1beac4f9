/** The three compliance topics, from Shopify's webhook to the last column of the database. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { dataRequests } from "../../app/db/queries/data-requests.server.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { expireRecords } from "../../app/services/privacy/expire-records.server.ts";
import { exportCustomerData } from "../../app/services/privacy/export-customer-data.server.ts";
import { redactShop as eraseShop } from "../../app/services/privacy/redact-shop.server.ts";
import { installShop } from "../../app/services/sync/install-shop.server.ts";
import { receiveEvent } from "../../app/services/sync/receive-event.server.ts";
import { startSync } from "../../app/services/sync/start-sync.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import { redactShop, uninstallApp } from "../../devstore/state/shop-actions.ts";
import { breakingAfter } from "../support/breaking-database.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { everyColumn } from "../support/every-column.ts";
import {
  giveToken,
  startAppWorker,
  startLocalShopify,
  until,
  untilSynced,
  type LocalShopify,
} from "../support/local-shopify.ts";
import { openShop, value, workEvents } from "../support/open-shop.ts";
import { QUICK } from "../support/quick-settings.ts";
import { shopRows } from "../support/shop-rows.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

/** Where a number or a text stands in the database, as a whole word. */
async function placesOf(db: Database, needle: number | string): Promise<string[]> {
  const word = new RegExp(`(?<![\\w])${needle}(?![\\w])`);
  const places: string[] = [];
  for await (const { table, column, value } of everyColumn(db)) {
    if (word.test(value)) places.push(`${table}.${column}`);
  }
  return places;
}

function shopsOf(db: Database, id: number): Promise<number> {
  return db.prisma.shop.count({ where: { id } });
}

describeOnBothDatabases("privacy", (open) => {
  it("leaves a redacted customer's id in no column, also after late events and answers", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId, customer } = at;
    const order = at.order(customer.id);
    value(
      actions.abandonCheckout(local.world, shop, {
        lines: [{ variantId: at.product.variantIds[0] ?? 0, quantity: 1 }],
        customerId: customer.id,
      }),
    );
    const gone = value(actions.createCustomer(local.world, shop, { firstName: "Ann" }));
    value(actions.requestCustomerData(local.world, shop, { customerId: customer.id }));
    await workEvents(local, at);
    await startSync(db, shopId, 1, QUICK);
    expect(await placesOf(db, customer.id)).not.toEqual([]);
    const merged = value(
      actions.mergeCustomers(local.world, shop, { customerOneId: gone.id, customerTwoId: customer.id }),
    );
    expect(merged.kept.id).toBe(customer.id);
    await workEvents(local, at);

    value(actions.redactCustomer(local.world, shop, { customerId: customer.id }));
    await workEvents(local, at);
    expect(await placesOf(db, customer.id)).toEqual([]);
    expect(await placesOf(db, gone.id)).toEqual([]);
    const row = await db.prisma.order.findFirstOrThrow({ where: { shopId, id: order.id } });
    expect(row.customerId).toBeNull();
    expect(Number(row.netMinor)).toBe(2_000);

    for (const topic of ["customers/update", "customers/delete", "customers/merge"]) {
      await receiveEvent(db, {
        shopDomain: shop.domain,
        topic,
        eventId: `late ${topic}`,
        triggeredAt: Date.now(),
        payload: {
          id: customer.id,
          admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${gone.id}`,
          admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${customer.id}`,
        },
      });
    }
    await workEvents(local, at);
    expect(await placesOf(db, customer.id)).toEqual([]);
    expect(await placesOf(db, gone.id)).toEqual([]);
  });

  it("answers a data request with a file of everything stored, once per request", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId, customer } = at;
    const order = at.order(customer.id);
    value(actions.requestCustomerData(local.world, shop, { customerId: customer.id }));
    await workEvents(local, at);
    const [request] = await dataRequests(db, shopId);
    expect(request).toMatchObject({ customerId: customer.id, orderIds: [order.id], downloadedAt: null });
    const file = await exportCustomerData(db, shopId, request?.id ?? "");
    const content = JSON.parse(file?.content ?? "null") as { orders: unknown[] };
    expect(content).toMatchObject({ shop: shop.domain, customerId: customer.id });
    expect(content.orders).toMatchObject([{ id: order.id, netMinor: 2_000, lines: [{ quantity: 2 }] }]);
    expect((await dataRequests(db, shopId))[0]?.downloadedAt).not.toBeNull();
    expect(await exportCustomerData(db, shopId, "another")).toBeNull();
    expect(await exportCustomerData(db, shopId + 1, request?.id ?? "")).toBeNull();
  });

  it("erases a shop that has left, with its jobs and events", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId, customer } = at;
    const order = at.order(customer.id);
    await workEvents(local, at);
    value(uninstallApp(local.world, shop));
    value(redactShop(local.world, shop));
    await local.devstore.webhooks.idle();
    const worker = await startAppWorker(db);
    try {
      await until("the shop to be erased", async () => (await shopsOf(db, shopId)) === 0);
    } finally {
      await worker.stop();
    }
    expect(await placesOf(db, shop.domain)).toEqual([]);
    expect(await placesOf(db, order.id)).toEqual([]);
    expect(await placesOf(db, customer.id)).toEqual([]);
  });

  it("lets a merchant begin anew who comes back while the shop is erased, and erases the rest", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId } = at;
    at.order(at.customer.id);
    await workEvents(local, at);
    value(uninstallApp(local.world, shop));
    await workEvents(local, at);
    local.devstore.install(shop.domain);
    await giveToken(db, shop);
    const signal = AbortSignal.timeout(30_000);
    // The redaction begins between the install's question to Shopify and its commit.
    let writes = 0;
    const interrupted: Database = {
      ...db,
      async write(work) {
        writes += 1;
        if (writes === 2)
          await expect(eraseShop(breakingAfter(db, 1), shopId, 1, signal)).rejects.toThrow("the power");
        return db.write(work);
      },
    };
    await expect(installShop(interrupted, shop.domain)).rejects.toThrow("erased during its install");
    expect(await findShop(db, shop.domain)).toBeNull();

    await giveToken(db, shop);
    const back = await installShop(db, shop.domain);
    expect(back).toMatchObject({ isNew: true, installGeneration: 1 });
    expect(back.shopId).not.toBe(shopId);
    const worker = await startAppWorker(db);
    await untilSynced(db, back.shopId);
    await worker.stop();
    const rows = await shopRows(db, back.shopId);
    expect(rows["orders"]).toHaveLength(1);
    // The job that was cut off is lost as well: the daily look for what is over finds the rest.
    await expireRecords(db);
    const second = await startAppWorker(db);
    await until("the rest to be erased", async () => (await shopsOf(db, shopId)) === 0);
    await second.stop();
    expect(await db.prisma.order.count({ where: { shopId } })).toBe(0);
    expect(await shopRows(db, back.shopId)).toEqual(rows);
  });

  it("keeps a shop that came back before its redaction arrived", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId } = at;
    await workEvents(local, at);
    value(uninstallApp(local.world, shop));
    await workEvents(local, at);
    local.devstore.install(shop.domain);
    await giveToken(db, shop);
    await installShop(db, shop.domain);
    value(redactShop(local.world, shop));
    await workEvents(local, at);
    expect((await findShop(db, shop.domain))?.uninstalledAt).toBeNull();
    expect(await db.prisma.session.count({ where: { shopId } })).toBe(1);
  });

  it("believes a redaction whose uninstall was never heard of", async () => {
    const at = await openShop(local, await open());
    const { db, shop } = at;
    await workEvents(local, at);
    local.world.chaos.dropWebhook.next = 1;
    value(uninstallApp(local.world, shop));
    value(redactShop(local.world, shop));
    await workEvents(local, at);
    expect((await findShop(db, shop.domain))?.uninstalledAt).not.toBeNull();
  });

  it("expires what nobody needs any more, and a shop whose redaction never came", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId } = at;
    at.order();
    await workEvents(local, at);
    const before = await db.prisma.inboxEvent.count({ where: { shopId } });
    expect(before).toBeGreaterThan(0);
    await expireRecords(db);
    expect(await db.prisma.inboxEvent.count({ where: { shopId } })).toBe(before);
    const later = Date.now() + 31 * 86_400_000;
    await expireRecords(db, later);
    expect(await db.prisma.inboxEvent.count({ where: { shopId } })).toBe(0);
    expect(await findShop(db, shop.domain)).not.toBeNull();

    value(uninstallApp(local.world, shop));
    await workEvents(local, at);
    await expireRecords(db, later);
    const worker = await startAppWorker(db);
    try {
      await until("the shop to be erased", async () => (await shopsOf(db, shopId)) === 0);
    } finally {
      await worker.stop();
    }
  });
});
