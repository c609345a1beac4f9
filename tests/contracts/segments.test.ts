/** Segments of a shop: told by its own rules, from its orders and checkouts of now, and never by another shop's. */
import { afterAll, expect, test } from "vitest";
import { PRODUCTS_ONLY } from "../../app/core/metrics/amounts.ts";
import type { SegmentRule } from "../../app/core/segments/segment-rule.ts";
import { USUAL_RULES, type SegmentName } from "../../app/core/segments/usual-segments.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { findTable } from "../../app/services/metrics/tables.server.ts";
import { changeSegment } from "../../app/services/segments/change-segment.server.ts";
import { openSegment } from "../../app/services/segments/open-segment.server.ts";
import { openSegments } from "../../app/services/segments/open-segments.server.ts";
import { sizeOfRule } from "../../app/services/segments/size-of-rule.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import type { SampleOrder } from "../support/order-columns.ts";
import { createShop, writeOrders } from "../support/order-rows.ts";

const ORDERS: SampleOrder[] = [
  { id: 1, on: "2026-01-05", customer: 11, grossMinor: 1_000 },
  { id: 2, on: "2026-02-05", customer: 12, grossMinor: 2_000, discountMinor: 200 },
  { id: 3, on: "2026-03-05", customer: 11, grossMinor: 1_500 },
  { id: 4, on: "2026-04-05", customer: 13, grossMinor: 8_000 },
];

async function shopWith(db: Database, domain: string, orders: readonly SampleOrder[]): Promise<number> {
  const shopId = await createShop(db, domain);
  await writeOrders(db, shopId, orders);
  return shopId;
}

async function shopRow(db: Database, shopId: number) {
  const shop = await findShopById(db, shopId);
  if (!shop) throw new Error("the shop is there");
  return shop;
}

async function leaveCheckout(db: Database, shopId: number, customerId: number, on: string, done?: string) {
  const at = (date: string) => BigInt(Date.parse(`${date}T12:00:00Z`));
  const row = { customerId, createdAt: at(on), completedAt: done === undefined ? null : at(done) };
  await db.write(
    async (tx) =>
      void (await tx.prisma.abandonedCheckout.upsert({
        where: { shopId_id: { shopId, id: customerId } },
        create: { shopId, id: customerId, ...row, updatedAt: at(done ?? on) },
        update: { ...row, updatedAt: at(done ?? on) },
      })),
  );
}

/** With all that the page would wait for. */
async function opened(db: Database, shopId: number) {
  const page = await openSegments(db, await shopRow(db, shopId));
  return { ...page, sizes: (await page.sizes).figures, values: (await page.values).figures };
}

async function openedOne(db: Database, shopId: number, name: string) {
  const page = await openSegment(db, await shopRow(db, shopId), name);
  return (
    page && { ...page, figures: (await page.figures).figures, movement: (await page.below.movement).figures }
  );
}

async function customersIn(db: Database, shopId: number, name: SegmentName) {
  return (await opened(db, shopId)).sizes[name]?.customers;
}

async function idsIn(db: Database, shopId: number, name: string): Promise<unknown[]> {
  const table = findTable("segment-customers");
  if (!table) throw new Error("there is such a table");
  const view = { included: PRODUCTS_ONLY } as Parameters<typeof table.load>[2];
  const { rows } = await table.load(
    db,
    await shopRow(db, shopId),
    view,
    new URLSearchParams({ segment: name }),
  );
  const ids: unknown[] = [];
  for await (const row of rows) ids.push(row[0]);
  return ids;
}

const asForm = (rule: SegmentRule, begunFrom = USUAL_RULES["vip"]) => ({
  intent: "save-rule",
  rule: JSON.stringify(rule),
  begunFrom: JSON.stringify(begunFrom),
});

describeOnBothDatabases("segments", (open) => {
  afterAll(closeShopMetrics);

  test("are told for the orders and checkouts of now", async () => {
    const db = await open();
    const shopId = await shopWith(db, "now.myshopify.com", ORDERS);
    await shopWith(db, "other.myshopify.com", [{ id: 9, on: "2026-04-01", customer: 99, grossMinor: 1 }]);
    const { sizes, values, isEmpty, changed } = await opened(db, shopId);
    expect([isEmpty, changed]).toEqual([false, []]);
    expect(sizes["first-time"]).toMatchObject({
      customers: 2,
      share: 2 / 3,
      netMinor: 9_800,
    });
    // No model yet: sizes are known, and nothing is expected.
    expect(values["repeat"]).toMatchObject({ customers: 1, expectedMinor: null });
    expect(await idsIn(db, shopId, "first-time")).toEqual(["12", "13"]);
    expect(await idsIn(db, shopId, "no-such")).toEqual([]);

    expect(await customersIn(db, shopId, "cart-abandoners")).toBe(0);
    await leaveCheckout(db, shopId, 11, "2026-04-01");
    await leaveCheckout(db, shopId, 12, "2026-04-02");
    expect(await customersIn(db, shopId, "cart-abandoners")).toBe(2);
    await leaveCheckout(db, shopId, 12, "2026-04-02", "2026-04-03");
    expect(await idsIn(db, shopId, "cart-abandoners")).toEqual(["11"]);
    await writeOrders(db, shopId, [{ id: 5, on: "2026-04-05", customer: 12, grossMinor: 100 }]);
    expect(await idsIn(db, shopId, "repeat")).toEqual(["11", "12"]);

    const page = await openedOne(db, shopId, "repeat");
    expect(page?.movement?.since).toMatchObject({ customers: 1, cameIn: 1, wentOut: 0 });
    expect(await openedOne(db, shopId, "no-such")).toBeNull();
  });

  test("have the merchant's own rule until the usual one is taken back", async () => {
    const db = await open();
    const shopId = await shopWith(db, "mine.myshopify.com", ORDERS);
    const otherId = await shopWith(db, "theirs.myshopify.com", ORDERS);
    const mine: SegmentRule = [{ fact: "netMinor", is: "at-least", value: 2_500 }];
    expect(await sizeOfRule(db, await shopRow(db, shopId), JSON.stringify(mine))).toEqual({
      customers: 2,
      share: 2 / 3,
    });
    // Asking for a size saves nothing.
    expect(await idsIn(db, shopId, "vip")).toEqual([]);
    expect(await changeSegment(db, shopId, "vip", asForm(mine))).toMatchObject({ ok: true });
    expect(await idsIn(db, shopId, "vip")).toEqual(["11", "13"]);
    expect(await idsIn(db, otherId, "vip")).toEqual([]);
    expect((await opened(db, shopId)).changed).toEqual(["vip"]);
    expect(await openedOne(db, shopId, "vip")).toMatchObject({ rule: mine });

    expect(await changeSegment(db, shopId, "vip", asForm(USUAL_RULES["vip"], mine))).toMatchObject({
      ok: true,
    });
    expect((await opened(db, shopId)).changed).toEqual([]);
    expect(await db.prisma.segment.count({ where: { shopId } })).toBe(0);
  });

  test("of two who change a rule at once keep the first one's, and the second is told", async () => {
    const db = await open();
    const shopId = await shopWith(db, "two.myshopify.com", ORDERS);
    const first: SegmentRule = [{ fact: "netMinor", is: "at-least", value: 2_500 }];
    const second: SegmentRule = [{ fact: "orders", is: "at-least", value: 2 }];
    const answers = await Promise.all([
      changeSegment(db, shopId, "vip", asForm(first)),
      changeSegment(db, shopId, "vip", asForm(second)),
    ]);
    expect(answers.map((answer) => answer?.changedMeanwhile ?? false).toSorted()).toEqual([false, true]);
    const kept = answers[0]?.ok ? first : second;
    expect(await openedOne(db, shopId, "vip")).toMatchObject({ rule: kept });
    const other = answers[0]?.ok ? second : first;
    expect(await changeSegment(db, shopId, "vip", asForm(other, kept))).toMatchObject({ ok: true });
    expect(await openedOne(db, shopId, "vip")).toMatchObject({ rule: other });
  });

  test("take no rule that makes no sense", async () => {
    const db = await open();
    const shopId = await shopWith(db, "senseless.myshopify.com", ORDERS);
    const shop = await shopRow(db, shopId);
    for (const rule of [
      "",
      "{}",
      "[]",
      JSON.stringify([{ fact: "shoeSize", is: "at-least", value: 1 }]),
      JSON.stringify([{ fact: "orders", is: "at-least", value: 1.5 }]),
      JSON.stringify([{ fact: "recencyScore", is: "at-least", value: 6 }]),
      JSON.stringify([{ fact: "netMinor", is: "highest", value: 0 }]),
      JSON.stringify(Array(9).fill({ fact: "orders", is: "at-least", value: 1 })),
    ]) {
      expect(await sizeOfRule(db, shop, rule), rule).toBeNull();
      expect(
        await changeSegment(db, shopId, "vip", { ...asForm(USUAL_RULES["vip"]), rule }),
        rule,
      ).toMatchObject({
        ok: false,
      });
    }
    expect(await changeSegment(db, shopId, "no-such", asForm(USUAL_RULES["vip"]))).toBeNull();
    expect(await changeSegment(db, shopId, "vip", { intent: "dance" })).toBeNull();
    // A rule that an older version of the app wrote falls back to the usual one.
    await db.write(
      async (tx) =>
        void (await tx.prisma.segment.create({
          data: { shopId, name: "repeat", rule: `[{"fact":"shoeSize"}]`, updatedAt: 0 },
        })),
    );
    expect(await idsIn(db, shopId, "repeat")).toEqual(["11"]);
    const waiting: SegmentRule = [{ fact: "churnRisk", is: "at-least", value: 50 }];
    expect(await sizeOfRule(db, shop, JSON.stringify(waiting))).toEqual({ customers: null, share: null });
  });

  test("of a shop without orders, or of guests only, are empty", async () => {
    const db = await open();
    const empty = await shopWith(db, "empty.myshopify.com", []);
    const guests = await shopWith(db, "guests.myshopify.com", [{ id: 1, on: "2026-04-01", grossMinor: 900 }]);
    for (const shopId of [empty, guests]) {
      const { sizes, isEmpty } = await opened(db, shopId);
      expect(isEmpty).toBe(shopId === empty);
      expect(sizes["repeat"]).toMatchObject({ customers: 0, share: null });
      expect((await openedOne(db, shopId, "repeat"))?.movement).toEqual({
        points: [],
        since: null,
      });
      expect(await idsIn(db, shopId, "repeat")).toEqual([]);
    }
  });
});
