/** What segments do at Shopify: audiences of those who agreed, and tags that come, go, and never touch anybody else's. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PRODUCTS_ONLY } from "../../app/core/metrics/amounts.ts";
import { RetryAt } from "../../app/core/retry-at.ts";
import type { SegmentRule } from "../../app/core/segments/segment-rule.ts";
import { USUAL_RULES } from "../../app/core/segments/usual-segments.ts";
import { customerData } from "../../app/db/queries/data-requests.server.ts";
import { mergeCustomers } from "../../app/db/stores/customers.server.ts";
import { eraseCustomer } from "../../app/db/stores/erasures.server.ts";
import { segmentTags } from "../../app/db/stores/segment-tags.server.ts";
import { changeShop, findShopById } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { findTable } from "../../app/services/metrics/tables.server.ts";
import { changeSegment } from "../../app/services/segments/change-segment.server.ts";
import { openSegment } from "../../app/services/segments/open-segment.server.ts";
import { tagSegment } from "../../app/services/segments/tag-segment.server.ts";
import { excludedTagsOf } from "../../app/services/sync/customer-mapper.ts";
import * as actions from "../../devstore/state/actions.ts";
import type { CustomerState } from "../../devstore/state/model.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { everyColumn } from "../support/every-column.ts";
import {
  startAppWorker,
  startLocalShopify,
  untilSynced,
  type LocalShopify,
} from "../support/local-shopify.ts";
import { openShop, value, workEvents, type OpenShop } from "../support/open-shop.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(async () => {
  await closeShopMetrics();
  await local.stop();
});

const TAG = "perennial:repeat";
const CHILD = path.resolve(import.meta.dirname, "../support/tag-segment-child.ts");
/** Where a process may be killed while it tags or untags, only while it tags, and only while it untags. */
const STEPS = ["before-request", "after-request", "before-settle-commit", "after-settle-commit"];
const ADDING = [
  ...["before-reserve-commit", "after-reserve-commit"],
  ...["before-tagged-commit", "after-tagged-commit"],
];
const REMOVING = ["before-untagged-commit", "after-untagged-commit"];
const never = new AbortController().signal;
const asForm = (rule: SegmentRule) => ({
  intent: "save-rule",
  rule: JSON.stringify(rule),
  begunFrom: JSON.stringify(USUAL_RULES["repeat"]),
});

/** Three customers who came back, each with a tag of the merchant's, and one who did not. */
async function tagShop(db: Database) {
  const open = await openShop(local, db);
  const { shop, shopId } = open;
  const customers = ["A.One@Example.com", " two@example.com", "three@example.com", "four@example.com"].map(
    (email, index) =>
      value(
        actions.createCustomer(local.world, shop, {
          firstName: `Person ${index}`,
          email: email.trim(),
          tags: ["wholesale"],
        }),
      ),
  );
  customers.forEach((customer, index) => {
    open.order(customer.id);
    if (index < 3) open.order(customer.id);
  });
  const worker = await startAppWorker(db);
  await untilSynced(db, shopId);
  await worker.stop();
  return { ...open, customers, worker };
}

function tagsOf(customers: readonly CustomerState[]): string[][] {
  return customers.map(({ tags }) => [...tags].sort());
}

function allow({ shop }: OpenShop): void {
  shop.installation?.scopes.push("write_customers");
}

async function shopRow(db: Database, shopId: number) {
  const shop = await findShopById(db, shopId);
  if (!shop) throw new Error("the shop is there");
  return shop;
}

async function tagState(db: Database, shopId: number) {
  const page = await openSegment(db, await shopRow(db, shopId), "repeat");
  await Promise.all([page?.figures, page?.below.movement]);
  return page?.tags;
}

const tag = (db: Database, shopId: number, longestMs?: number) =>
  tagSegment(db, shopId, "repeat", never, longestMs);

describeOnBothDatabases("segments at Shopify", (open) => {
  test("give an audience of hashed addresses of those who agreed, and keep none", async () => {
    const db = await open();
    const { shopId, customers } = await tagShop(db);
    for (const place of [0, 1, 3]) if (customers[place]) customers[place].acceptsMarketing = true;
    const table = findTable("audience");
    const view = { included: PRODUCTS_ONLY } as Parameters<NonNullable<typeof table>["load"]>[2];
    const loaded = await table?.load(
      db,
      await shopRow(db, shopId),
      view,
      new URLSearchParams({ segment: "repeat" }),
    );
    const hashes: unknown[] = [];
    for await (const [hash] of loaded?.rows ?? []) hashes.push(hash);
    const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
    expect(hashes).toEqual([hashOf("a.one@example.com"), hashOf("two@example.com")]);
    for await (const { value: stored } of everyColumn(db)) {
      expect(stored).not.toContain("@example");
      expect(hashes).not.toContain(stored);
    }
  }, 60_000);

  test("tag members once the merchant allows it, follow who comes and goes, and take all of it away", async () => {
    const db = await open();
    const shop = await tagShop(db);
    const { shopId, customers } = shop;
    expect(await changeSegment(db, shopId, "repeat", { intent: "tag" })).toMatchObject({ ok: false });
    await tag(db, shopId);
    expect(tagsOf(customers)).toEqual(Array(4).fill(["wholesale"]));
    allow(shop);
    expect(await changeSegment(db, shopId, "repeat", { intent: "tag" })).toMatchObject({ ok: true });
    await tag(db, shopId);
    expect(tagsOf(customers)).toEqual([...Array<string[]>(3).fill([TAG, "wholesale"]), ["wholesale"]]);
    expect(await tagState(db, shopId)).toMatchObject({ tagged: 3, scope: null, tagging: { state: "on" } });
    expect((await tagState(db, shopId))?.tagging?.finishedAt).not.toBeNull();

    // Our own tags come back as news of customers, and change nothing.
    await workEvents(local, shop);
    const version = (await shopRow(db, shopId)).dataVersion;
    const updatedAt = customers.map((customer) => customer.updatedAt);
    await tag(db, shopId);
    expect(customers.map((customer) => customer.updatedAt)).toEqual(updatedAt);
    await workEvents(local, shop);
    expect((await shopRow(db, shopId)).dataVersion).toBe(version);

    await changeSegment(db, shopId, "repeat", asForm([{ fact: "orders", is: "at-most", value: 1 }]));
    await tag(db, shopId);
    expect(tagsOf(customers)).toEqual([...Array<string[]>(3).fill(["wholesale"]), [TAG, "wholesale"]]);

    expect(await changeSegment(db, shopId, "repeat", { intent: "untag" })).toMatchObject({ ok: true });
    expect(await tagState(db, shopId)).toMatchObject({ tagging: { state: "removing" } });
    await tag(db, shopId);
    expect(tagsOf(customers)).toEqual(Array(4).fill(["wholesale"]));
    expect(await tagState(db, shopId)).toMatchObject({ tagged: 0, tagging: null });
    expect(await db.prisma.segmentTag.count()).toBe(0);
    expect(await changeSegment(db, shopId, "repeat", { intent: "untag" })).toMatchObject({ ok: false });
  }, 90_000);

  test("go on where they were cut off, and stop when the merchant says so", async () => {
    const db = await open();
    const shop = await tagShop(db);
    const { shopId, customers } = shop;
    allow(shop);
    await changeSegment(db, shopId, "repeat", { intent: "tag" });
    // As a crash between Shopify's answer and ours would leave it: one is tagged and not ticked off, one only written down.
    const [first, second] = customers;
    if (!first || !second) throw new Error("there are customers");
    first.tags.push(TAG);
    await db.write(
      async (tx) =>
        void (await tx.prisma.segmentTag.createMany({
          data: [first, second].map(({ id }) => ({
            shopId,
            name: "repeat",
            customerId: id,
            isTagged: false,
          })),
        })),
    );
    // No time left: it makes room for others and says when to go on.
    expect(await tag(db, shopId, -1)).toBeInstanceOf(RetryAt);
    await tag(db, shopId);
    expect(tagsOf(customers).map((tags) => tags.filter((one) => one === TAG).length)).toEqual([1, 1, 1, 0]);
    expect([...(await segmentTags(db, shopId, "repeat")).values()]).toEqual([true, true, true]);

    await changeSegment(db, shopId, "repeat", { intent: "stop-tagging" });
    await changeSegment(db, shopId, "repeat", asForm([{ fact: "orders", is: "at-most", value: 1 }]));
    await tag(db, shopId);
    expect(tagsOf(customers)[0]).toContain(TAG);
    // Somebody has been deleted at Shopify meanwhile; the others lose the tag all the same.
    value(actions.deleteCustomer(local.world, shop.shop, { customerId: shop.customer.id }));
    await db.write(
      async (tx) =>
        void (await tx.prisma.segmentTag.create({
          data: { shopId, name: "repeat", customerId: shop.customer.id, isTagged: true },
        })),
    );
    await changeSegment(db, shopId, "repeat", { intent: "untag" });
    await tag(db, shopId);
    expect(tagsOf(customers)).toEqual(Array(4).fill(["wholesale"]));
    expect(await tagState(db, shopId)).toMatchObject({ tagging: null });
  }, 90_000);

  test("are right after a process was killed at any step", async () => {
    const db = await open();
    const shop = await tagShop(db);
    const { shopId, customers } = shop;
    allow(shop);
    const dieAt = async (place: string) => {
      const child = spawn(process.execPath, [CHILD, db.url, String(shopId)], {
        env: { ...process.env, FAILPOINT: `tag-segment:${place}` },
        stdio: ["ignore", "ignore", "inherit"],
      });
      const [, signal] = (await once(child, "exit")) as [number | null, string | null];
      expect(signal, place).toBe("SIGKILL");
    };
    for (const place of [...STEPS, ...ADDING]) {
      await changeSegment(db, shopId, "repeat", { intent: "tag" });
      await dieAt(place);
      await tag(db, shopId);
      expect(tagsOf(customers), place).toEqual([
        ...Array<string[]>(3).fill([TAG, "wholesale"]),
        ["wholesale"],
      ]);
      expect(await tagState(db, shopId), place).toMatchObject({ tagged: 3 });
      await changeSegment(db, shopId, "repeat", { intent: "untag" });
      await tag(db, shopId);
    }
    for (const place of [...STEPS, ...REMOVING]) {
      await changeSegment(db, shopId, "repeat", { intent: "tag" });
      await tag(db, shopId);
      await changeSegment(db, shopId, "repeat", { intent: "untag" });
      await dieAt(place);
      await tag(db, shopId);
      expect(tagsOf(customers), place).toEqual(Array(4).fill(["wholesale"]));
      expect(await tagState(db, shopId), place).toMatchObject({ tagged: 0, tagging: null });
    }
  }, 180_000);

  test("keep their tags where the scope is taken back, and follow merges and erasures", async () => {
    const db = await open();
    const shop = await tagShop(db);
    const { shopId, customers } = shop;
    allow(shop);
    await changeSegment(db, shopId, "repeat", { intent: "tag" });
    await tag(db, shopId);
    const [first, second, third, fourth] = customers.map(({ id }) => id);
    if (!first || !second || !third || !fourth) throw new Error("there are customers");
    await db.write((tx) => mergeCustomers(tx, shopId, first, fourth, 1));
    expect((await customerData(db, shopId, fourth, [])).segmentTags).toEqual(["repeat"]);
    await db.write((tx) => eraseCustomer(tx, shopId, second, [], 1));
    expect([...(await segmentTags(db, shopId, "repeat")).keys()].sort()).toEqual([third, fourth].sort());

    await db.write((tx) => changeShop(tx, shopId, { scopes: "read_orders" }));
    await tag(db, shopId);
    expect(await tagState(db, shopId)).toMatchObject({
      scope: "write_customers",
      tagging: { state: "stopped" },
    });
    expect(tagsOf(customers)[2]).toContain(TAG);
  }, 60_000);

  test("never leave anybody out by a tag of their own", () => {
    expect(excludedTagsOf({ excludedTags: JSON.stringify(["wholesale", "Perennial:VIP"]) })).toEqual([
      "wholesale",
    ]);
  });
});
