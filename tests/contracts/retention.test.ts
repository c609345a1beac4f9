import { afterAll, expect, test } from "vitest";
import { dayFromIso } from "../../app/core/calendar.ts";
import type { CsvRow } from "../../app/core/csv.ts";
import { daysOf } from "../../app/core/metrics/period.ts";
import type { View } from "../../app/core/metrics/view.ts";
import type { Database } from "../../app/db/database.server.ts";
import { findShopById, type Shop } from "../../app/db/stores/shops.server.ts";
import {
  firstProductRates,
  shownCohorts,
  timeToSecondOrder,
  yearRetention,
} from "../../app/services/metrics/retention.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { findTable } from "../../app/services/metrics/tables.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { createShop, writeOrders } from "../support/order-rows.ts";

const view: View = {
  preset: "all-time",
  period: { firstDay: dayFromIso("2025-01-05"), lastDay: dayFromIso("2025-02-15") },
  compareKind: "none",
  compare: null,
  included: { tax: false, shipping: false, giftCards: false },
  basis: "order date",
  today: dayFromIso("2025-02-16"),
  notice: null,
};

/** Two customers of January, of whom one comes back in February, one new one in February, and a guest. */
async function smallShop(db: Database): Promise<Shop> {
  const shopId = await createShop(db, "small.myshopify.com");
  await writeOrders(db, shopId, [
    { id: 1, on: "2025-01-05", customer: 1, product: 11, grossMinor: 1000 },
    { id: 2, on: "2025-01-20", customer: 2, product: 11, grossMinor: 2000 },
    { id: 3, on: "2025-02-01", customer: 3, product: 12, grossMinor: 700 },
    { id: 4, on: "2025-02-10", customer: 1, product: 12, grossMinor: 500 },
    { id: 5, on: "2025-02-15", grossMinor: 1 },
  ]);
  return shopOf(db, shopId);
}

async function shopOf(db: Database, shopId: number): Promise<Shop> {
  const shop = await findShopById(db, shopId);
  if (!shop) throw new Error("no shop");
  return shop;
}

async function exported(db: Database, shop: Shop, name: string, params = "") {
  const table = findTable(name);
  if (!table) throw new Error(`no table ${name}`);
  const { headings, rows } = await table.load(db, shop, view, new URLSearchParams(params));
  const all: CsvRow[] = [];
  for await (const row of rows) all.push(row);
  return { headings, rows: all };
}

describeOnBothDatabases("retention", (open) => {
  afterAll(closeShopMetrics);

  test("cohorts, curves and times say the same on the page and in the files", async () => {
    const db = await open();
    const shop = await smallShop(db);
    const scope = { db, shopId: shop.id, view };
    const { figures } = await shownCohorts(scope, "month");
    expect(figures.earlier).toBe(0);
    expect(figures.cohorts).toMatchObject([
      { start: "2025-01", customers: 2, wholeAges: 1, active: [2, 1], netMinor: [3000, 500] },
      { start: "2025-02", customers: 1, wholeAges: 0, active: [1], netMinor: [700] },
    ]);
    expect(figures.curves).toEqual([{ year: null, points: [] }]);

    expect(await exported(db, shop, "cohorts")).toEqual({
      headings: ["Month of first order", "Customers", "Whole months", "Month 0", "Month 1"],
      rows: [
        ["2025-01", 2, 1, 1, 0.5],
        ["2025-02", 1, 0, 1, null],
      ],
    });
    expect((await exported(db, shop, "cohorts", "measure=cumulative")).rows).toEqual([
      ["2025-01", 2, 1, { decimal: "15.00" }, { decimal: "17.50" }],
      ["2025-02", 1, 0, { decimal: "7.00" }, null],
    ]);
    const weeks = await exported(db, shop, "cohorts", "grain=week&measure=orders");
    expect(weeks.rows.map(([start]) => start)).toEqual(["2024-12-30", "2025-01-20", "2025-01-27"]);
    expect((await exported(db, shop, "order-intervals")).rows.filter(([, , pairs]) => pairs !== 0)).toEqual([
      [31, 60, 1],
    ]);
  });

  test("the drawn curve of the second order is that of its file", async () => {
    const db = await open();
    const shop = await smallShop(db);
    const { figures } = await timeToSecondOrder({ db, shopId: shop.id, view });
    expect(figures).toMatchObject({ customers: 3, reordered: 1, medianDays: 36 });
    const { rows } = await exported(db, shop, "second-order");
    expect(rows).toHaveLength(figures.curve.length);
    expect([rows[0], rows.at(-1)]).toEqual([
      [0, 0, null, null],
      [36, 1, null, null],
    ]);
  });

  test("retention over 12 months ends with the period and has the published rates beside it", async () => {
    const db = await open();
    const shop = await smallShop(db);
    const later = { ...view, period: { ...view.period, lastDay: dayFromIso("2026-02-07") } };
    const { figures, coverage } = await yearRetention({ db, shopId: shop.id, view: later });
    expect(daysOf(coverage.period)).toBe(365);
    // The year begins on 8 February 2025: of the three customers before it, one ordered in it.
    expect(figures).toMatchObject({ atStart: 3, retained: 1, rate: 1 / 3 });
    expect(figures.published).not.toBeNull();
  });

  test("first products have the titles of their own shop", async () => {
    const db = await open();
    for (const domain of ["mine.myshopify.com", "theirs.myshopify.com"]) {
      const shopId = await createShop(db, domain);
      const orders = Array.from({ length: 31 }, (_, index) => ({
        id: index + 1,
        on: `2025-01-${String(5 + (index % 20)).padStart(2, "0")}`,
        customer: 1 + (index % 30),
        product: 11,
      }));
      const later = { id: 99, on: "2025-02-28", grossMinor: 1 };
      await writeOrders(db, shopId, [...orders, later], (tx) =>
        tx.prisma.product.create({
          data: {
            shopId,
            id: 11n,
            title: `=Tea of ${domain}`,
            productType: "",
            status: "active",
            isGiftCard: false,
            createdAt: 0n,
            updatedAt: 0n,
          },
        }),
      );
      const { figures } = await firstProductRates({ db, shopId, view }, "ever");
      expect(figures).toMatchObject({
        left: 0,
        rows: [{ name: `=Tea of ${domain}`, customers: 30, repeatCustomers: 1 }],
      });
      const shop = await shopOf(db, shopId);
      expect((await exported(db, shop, "first-products")).rows).toEqual([
        [`=Tea of ${domain}`, 30, 1, 0.033333, 0.005909, 0.166704],
      ]);
      // Wilson's interval of 1 of 30. Within a year there is nobody: none has been seen for so long.
      expect((await exported(db, shop, "first-products", "within=365")).rows).toEqual([]);
      expect((await exported(db, shop, "retention-curves")).rows).toEqual([
        ["all", 0, 30, 1, 0.033333],
        ["all", 1, 30, 0, 0.033333],
      ]);
    }
  });
});
