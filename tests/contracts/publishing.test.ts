/** What customers see of themselves in the storefront is written into Shopify's metafields: what changed, once, and nothing of anybody else. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { customerData } from "../../app/db/queries/data-requests.server.ts";
import { eraseCustomer } from "../../app/db/stores/erasures.server.ts";
import { addProgrammeVersion } from "../../app/db/stores/programmes.server.ts";
import { duePublications, publishLater } from "../../app/db/stores/publications.server.ts";
import { changeShop, findShopById } from "../../app/db/stores/shops.server.ts";
import { findStorefront } from "../../app/db/stores/storefronts.server.ts";
import { issueRedemption } from "../../app/services/loyalty/issue-redemption.server.ts";
import { redeemReward } from "../../app/services/loyalty/redeem-reward.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { redactCustomer } from "../../app/services/privacy/redact-customer.server.ts";
import { shopifyCounters } from "../../app/shopify/admin-client.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import { setMetafields } from "../../devstore/state/shop-actions.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { givePoints, REWARD_SCOPES, type OpenProgramme } from "../support/open-programme.ts";
import { value, workEvents } from "../support/open-shop.ts";
import {
  never,
  openPublished,
  profile,
  publish,
  published,
  requestsOf,
  waiting,
} from "../support/open-published.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(async () => {
  await closeShopMetrics();
  await local.stop();
});

const CHILD = path.resolve(import.meta.dirname, "../support/publish-child.ts");

const membership = (open: OpenProgramme, customerId = open.customer.id) =>
  JSON.parse(profile(open, customerId)["membership"] ?? "null") as Record<string, unknown>;

/** Uses up what the shop's plan allows beside the app, as another process of it may, until there was enough of that. */
function spendPoints(
  { shop }: OpenProgramme,
  isEnough: () => boolean,
): { isEmpty: Promise<void>; hasEnded: Promise<unknown> } {
  const empty = Promise.withResolvers<void>();
  const [token = ""] = shop.installation?.accessTokens.keys() ?? [];
  const metafield = `{ ownerId: "gid://shopify/Customer/1", namespace: "elsewhere", key: "none" }`;
  const query = `mutation { metafieldsDelete(metafields: [${metafield}]) { userErrors { message } } }`;
  const headers = { "Content-Type": "application/json", "X-Shopify-Shop": shop.domain };
  const inTurn = async () => {
    while (!isEnough()) {
      const answer = await fetch(`${local.devstore.url}/admin/api/2026-07/graphql.json`, {
        method: "POST",
        headers: { ...headers, "X-Shopify-Access-Token": token },
        body: JSON.stringify({ query }),
      });
      if ((await answer.text()).includes("THROTTLED")) empty.resolve();
    }
  };
  return { isEmpty: empty.promise, hasEnded: Promise.all(Array.from({ length: 16 }, inTurn)) };
}

describeOnBothDatabases("publishing to the storefront", (open) => {
  test("follows orders, redemptions and what becomes of them, and writes nothing that stands there", async () => {
    const db = await open();
    const shop = await openPublished(local, db);
    const { shopId, customer } = shop;
    expect(profile(shop)).toMatchObject({ points: "1000", pending: "0" });
    expect(membership(shop)).toMatchObject({ member: true, goal: null, codes: [] });
    const { programme, rules } = published(shop, `AppInstallation/${shop.shop.id}`);
    expect(JSON.parse(programme ?? "")).toMatchObject({ active: true, currency: shop.shop.currency });
    expect(JSON.parse(rules ?? "")).toMatchObject({ v: 1, currency: shop.shop.currency });
    const { ui } = published(shop, `Shop/${shop.shop.id}`);
    const { rewards } = JSON.parse(programme ?? "") as { rewards: unknown[] };
    expect(JSON.parse(ui ?? "")).toEqual({
      ...{ v: 1, name: null, state: "on", currency: shop.shop.currency, texts: {} },
      ...{ api: expect.stringMatching(/^http:\/\/localhost:\d+\/ui$/) as string, holdMinutes: 60 },
      ...{ rules: JSON.parse(rules ?? "") as unknown, rewards, survey: null },
    });

    await db.write((tx) => publishLater(tx, shopId, [customer.id], { first: true }));
    expect(await requestsOf(() => publish(shop))).toBe(0);
    expect(await waiting(shop)).toBe(0);

    await db.write((tx) => addProgrammeVersion(tx, shopId, 1, makeRules()).then(() => undefined));
    shop.order(customer.id);
    await workEvents(local, shop);
    const { actedAt } = await db.prisma.publication.findFirstOrThrow({ where: { ownerType: "customer" } });
    expect(Number(actedAt)).toBeGreaterThan(0);
    const version = (await findShopById(db, shopId))?.dataVersion;
    // One call for the whole profile.
    expect(await requestsOf(() => publish(shop))).toBe(1);
    expect(profile(shop)["points"]).toBe("1020");
    // Our own writing comes back as news of the customer, and is none: nobody is asked, nothing moves, nothing waits.
    await local.devstore.webhooks.idle();
    const news = { shopId, topic: "customers/update", resourceId: customer.id };
    expect(await db.prisma.inboxEvent.count({ where: news })).toBeGreaterThan(0);
    expect(await db.prisma.inboxEvent.count({ where: { shopId, processedAt: null } })).toBe(0);
    expect(await requestsOf(() => workEvents(local, shop))).toBe(0);
    expect((await findShopById(db, shopId))?.dataVersion).toBe(version);
    expect(await waiting(shop)).toBe(0);
    const kept = await db.prisma.customer.findFirstOrThrow({ where: { shopId, id: customer.id } });
    expect(Number(kept.updatedAt)).toBe(customer.updatedAt);

    // So does a product's; what somebody else changed of it is asked for.
    const { product } = shop;
    const ownerId = `gid://shopify/Product/${product.id}`;
    const text = { namespace: "elsewhere", key: "note", type: "single_line_text_field", value: "A note" };
    value(setMetafields(local.world, shop.shop, [{ ...text, ownerId }], Date.now() + 60_000));
    expect(await requestsOf(() => workEvents(local, shop))).toBe(0);
    const noted = await db.prisma.product.findFirstOrThrow({ where: { shopId, id: product.id } });
    expect(Number(noted.updatedAt)).toBe(product.updatedAt);
    const variantId = product.variantIds[0] ?? 0;
    value(actions.setPrice(local.world, shop.shop, { variantId, priceMinor: 1_100 }));
    expect(await requestsOf(() => workEvents(local, shop))).toBe(1);
    const sold = { shopId, id: variantId };
    expect(Number((await db.prisma.productVariant.findFirstOrThrow({ where: sold })).priceMinor)).toBe(1_100);

    const memberId = shop.members[0]?.memberId ?? 0;
    const redeemed = await redeemReward(db, shopId, { memberId, rewardId: "percentage", requestKey: "r" });
    if (!redeemed.ok) throw new Error(redeemed.reason);
    await issueRedemption(db, shopId, redeemed.redemption.id, { signal: never }, 0);
    await publish(shop);
    expect(profile(shop)["points"]).toBe("920");
    expect(membership(shop)["codes"]).toMatchObject([
      { id: redeemed.redemption.id, reward: "percentage", code: redeemed.redemption.code },
    ]);

    const told = await customerData(db, shopId, customer.id, []);
    expect(told.metafields).toEqual(expect.arrayContaining(["membership", "pending", "points", "buy_again"]));
    await redactCustomer(db, shopId, customer.id, []);
    expect(profile(shop)).toEqual({});
    expect(await db.prisma.publication.count({ where: { shopId, ownerType: "customer" } })).toBe(0);
    // One whom Shopify has no more is erased all the same.
    const other = value(actions.createCustomer(local.world, shop.shop, { firstName: "Bea" }));
    value(actions.deleteCustomer(local.world, shop.shop, { customerId: other.id }));
    await redactCustomer(db, shopId, other.id, []);
  }, 60_000);

  test("writes 25 at a time, whoever acted first before all others, and leaves out whom Shopify refuses", async () => {
    const db = await open();
    const shop = await openPublished(local, db, 30);
    const { shopId, members } = shop;
    expect(members.map(({ customer }) => profile(shop, customer.id)["points"])).toEqual(
      Array(30).fill("1000"),
    );
    for (const { memberId } of members) await givePoints(db, shopId, memberId, 5);
    const [gone, last] = [members[3], members[29]];
    if (!gone || !last) throw new Error("there are members");
    value(actions.deleteCustomer(local.world, shop.shop, { customerId: gone.customer.id }));
    await db.write((tx) => publishLater(tx, shopId, [last.customer.id], { first: true }));
    const [next] = await duePublications(db, shopId, "customer", Date.now(), 1);
    expect(next?.ownerId).toBe(last.customer.id);
    // Points and membership of each: twelve customers fit into a call, and the one who is gone costs another.
    expect(await requestsOf(() => publish(shop))).toBeLessThanOrEqual(5);
    const left = members.filter((each) => each !== gone);
    expect(left.map(({ customer }) => profile(shop, customer.id)["points"])).toEqual(Array(29).fill("1005"));
    expect(await db.prisma.publication.count({ where: { shopId, ownerType: "customer" } })).toBe(29);
    expect(await waiting(shop)).toBe(0);
  }, 60_000);

  test("waits where Shopify asks it to, and loses nothing", async () => {
    const db = await open();
    const shop = await openPublished(local, db, 30);
    const { shopId, members } = shop;
    shop.shop.plan = "basic";
    for (const { memberId } of members) await givePoints(db, shopId, memberId, 5);
    const before = shopifyCounters.throttled;
    const wasThrottled = () => shopifyCounters.throttled > before;
    let isPublished = false;
    const spending = spendPoints(shop, () => wasThrottled() || isPublished);
    await spending.isEmpty;
    await publish(shop);
    isPublished = true;
    await spending.hasEnded;
    expect(wasThrottled()).toBe(true);
    expect(members.map(({ customer }) => profile(shop, customer.id)["points"])).toEqual(
      Array(30).fill("1005"),
    );
    expect(await waiting(shop)).toBe(0);
    expect(await requestsOf(() => publish(shop))).toBe(0);
  }, 60_000);

  test("believes what stands at Shopify where it is not what it was, and is right after a crash anywhere", async () => {
    const db = await open();
    const shop = await openPublished(local, db);
    const { shopId, customer, members } = shop;
    const memberId = members[0]?.memberId ?? 0;
    let points = 1000;
    const give = async () => {
      points += 1;
      await givePoints(db, shopId, memberId, 1);
    };
    await give();
    const own = [...(shop.shop.metafields.get(`gid://shopify/Customer/${customer.id}`)?.values() ?? [])];
    const namespace = own.find(({ key }) => key === "points")?.namespace ?? "";
    const somebody = { ownerId: `gid://shopify/Customer/${customer.id}`, namespace, type: "number_integer" };
    value(setMetafields(local.world, shop.shop, [{ ...somebody, key: "points", value: "7" }]));
    // Refused, read again, written.
    expect(await requestsOf(() => publish(shop))).toBe(3);
    expect(profile(shop)["points"]).toBe(String(points));

    for (const place of [
      "metafields:before-set",
      "metafields:after-set",
      "publish:before-settle-commit",
      "publish:after-settle-commit",
    ]) {
      await give();
      const child = spawn(process.execPath, [CHILD, db.url, String(shopId)], {
        env: { ...process.env, FAILPOINT: place },
        stdio: ["ignore", "ignore", "inherit"],
      });
      const [, signal] = (await once(child, "exit")) as [number | null, string | null];
      expect(signal, place).toBe("SIGKILL");
      await publish(shop);
      expect(profile(shop)["points"], place).toBe(String(points));
      expect(await waiting(shop), place).toBe(0);
      expect(await requestsOf(() => publish(shop)), place).toBe(0);
    }

    // Erased between the answer and its being noted: what was written goes again.
    await give();
    const [row] = await db.prisma.publication.findMany({ where: { shopId, ownerType: "customer" } });
    expect(row?.dueAt).not.toBeNull();
    shop.shop.installation?.scopes.splice(0, Infinity, ...REWARD_SCOPES, "read_customers");
    await db.write((tx) => changeShop(tx, shopId, { scopes: "read_orders" }));
    expect(await requestsOf(() => publish(shop))).toBe(0);
    expect((await findStorefront(db, shopId))?.state).toBe("stopped");
    expect((await findShopById(db, shopId))?.scopes).toBe("read_orders");
    await db.write((tx) => eraseCustomer(tx, shopId, customer.id, [], 1));
    expect(await db.prisma.publication.count({ where: { shopId, ownerType: "customer" } })).toBe(0);
  }, 60_000);
});
