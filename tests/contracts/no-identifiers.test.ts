/** What Shopify tells of people (names, e-mail addresses, phones) comes by in webhooks and answers, and stays nowhere. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { addProgrammeVersion, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { publishProducts } from "../../app/services/storefront/publish-products.server.ts";
import { publishProfiles } from "../../app/services/storefront/publish-profiles.server.ts";
import { publishProgramme } from "../../app/services/storefront/publish-programme.server.ts";
import { republishShop } from "../../app/services/storefront/republish-shop.server.ts";
import { switchStorefront } from "../../app/services/storefront/switch-storefront.server.ts";
import { auditShop } from "../../app/services/sync/audit-shop.server.ts";
import { sweepShop } from "../../app/services/sync/sweep-shop.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import type { ShopState } from "../../devstore/state/model.ts";
import { createShop } from "../../devstore/state/world.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { everyColumn } from "../support/every-column.ts";
import {
  installApp,
  startAppWorker,
  startLocalShopify,
  untilSynced,
  type LocalShopify,
} from "../support/local-shopify.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { value, workEvents } from "../support/open-shop.ts";
import { QUICK } from "../support/quick-settings.ts";

const PERSON = {
  firstName: "Zyxelina",
  lastName: "Quorvath",
  email: "zyxelina.q@persons.example",
  phone: "+15550199123",
};
const GUEST = "guest.of.the.shop@persons.example";
const OWNER = "owner@persons.example";
const MARKS = [...Object.values(PERSON), GUEST, OWNER];

let local: LocalShopify;
let count = 0;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(async () => {
  await closeShopMetrics();
  await local.stop();
});

/** Of persons, and of any customer: what stands with a customer is that customer's by its place. */
function identifiersInMetafields({ customers, metafields }: ShopState): string[] {
  const marks = [...MARKS, ...[...customers.keys()].map(String)].map((mark) => mark.toLowerCase());
  return [...metafields].flatMap(([owner, fields]) =>
    [...fields.values()].flatMap(({ key, value: text }) =>
      marks.filter((mark) => text.toLowerCase().includes(mark)).map((mark) => `${owner} ${key}: ${mark}`),
    ),
  );
}

describeOnBothDatabases("identifiers of persons", (open) => {
  it("stand in no column after a history, webhooks of every kind and a reconciliation", async () => {
    const db = await open();
    const { world } = local;
    count += 1;
    const facts = { domain: `persons-${count}.myshopify.com`, plan: "plus", email: OWNER } as const;
    const shop = value(createShop(world, facts));
    const product = value(
      actions.createProduct(world, shop, { title: "Tea", variants: [{ priceMinor: 900 }] }),
    );
    const lines = [{ variantId: product.variantIds[0] ?? 0, quantity: 2 }];
    const customer = value(actions.createCustomer(world, shop, PERSON));
    const order = value(
      actions.createOrder(world, shop, { lines, customerId: customer.id, email: PERSON.email }),
    );
    value(actions.createOrder(world, shop, { lines, email: GUEST }));

    const shopId = await installApp(local, db, shop);
    await db.write(async (tx) => {
      await saveProgramme(tx, shopId, { state: "running", membership: "automatic", startedAt: 0 });
      await addProgrammeVersion(tx, shopId, 0, makeRules());
    });
    const worker = await startAppWorker(db);
    try {
      await untilSynced(db, shopId);
    } finally {
      await worker.stop();
    }
    const twin = value(
      actions.createCustomer(world, shop, { ...PERSON, email: `2${PERSON.email}`, phone: null }),
    );
    value(actions.updateCustomer(world, shop, { customerId: twin.id, tags: ["vip"] }));
    value(actions.createOrder(world, shop, { lines, customerId: twin.id }));
    value(actions.createOrder(world, shop, { lines, email: GUEST }));
    value(actions.abandonCheckout(world, shop, { lines, customerId: customer.id }));
    value(
      actions.refundOrder(world, shop, {
        orderId: order.id,
        adjustmentMinor: 100,
        note: `For ${PERSON.firstName}`,
      }),
    );
    value(actions.requestCustomerData(world, shop, { customerId: customer.id }));
    value(actions.mergeCustomers(world, shop, { customerOneId: twin.id, customerTwoId: customer.id }));
    await workEvents(local, { db, shopId });
    await sweepShop(db, shopId, AbortSignal.timeout(20_000), QUICK);
    await auditShop(db, shopId, AbortSignal.timeout(20_000), QUICK);
    shop.installation?.scopes.push("write_customers", "write_products");
    expect(await switchStorefront(db, shopId, true)).toMatchObject({ ok: true });
    await republishShop(db, shopId, AbortSignal.timeout(20_000));
    for (const publish of [publishProfiles, publishProducts, publishProgramme])
      await publish(db, shopId, AbortSignal.timeout(20_000));

    // They did come by.
    const told = [...world.deliveries.values()].filter(({ shopDomain }) => shopDomain === shop.domain);
    for (const mark of [...Object.values(PERSON), GUEST])
      expect(
        told.some(({ body }) => body.includes(mark)),
        mark,
      ).toBe(true);
    expect(await db.prisma.order.count({ where: { shopId } })).toBe(4);
    expect(await db.prisma.dataRequest.count({ where: { shopId } })).toBe(1);
    expect(await db.prisma.ledgerPosting.count({ where: { shopId } })).toBeGreaterThan(2);

    const found: string[] = [];
    for await (const { table, column, value: stored } of everyColumn(db)) {
      const text = stored.toLowerCase();
      const isPersonal =
        MARKS.some((mark) => text.includes(mark.toLowerCase())) || /[\w.]@[\w-]+\./.test(text);
      if (isPersonal) found.push(`${table}.${column}: ${stored}`);
    }
    expect(found).toEqual([]);
    expect(shop.metafields.get(`gid://shopify/Customer/${customer.id}`)?.size).toBeGreaterThan(2);
    expect(identifiersInMetafields(shop)).toEqual([]);
  });
});
