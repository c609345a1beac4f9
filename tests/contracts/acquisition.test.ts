/** What was spent on acquiring customers: saved whole or not at all, told against what they bring, and gone with its shop. */
import { afterAll, expect, test } from "vitest";
import { dayFromIso, monthOf } from "../../app/core/calendar.ts";
import type { Database } from "../../app/db/database.server.ts";
import { deleteSomeRows } from "../../app/db/bulk/delete-rows.ts";
import { loadAcquisitionCosts } from "../../app/db/stores/acquisition-costs.server.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import { parseCosts } from "../../app/services/acquisition/costs-input.server.ts";
import {
  loadAcquisition,
  readAcquisitionView,
} from "../../app/services/acquisition/load-acquisition.server.ts";
import { saveCosts } from "../../app/services/acquisition/save-costs.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { fitValue } from "../../app/services/value/fit-value.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { createShop, writeOrders } from "../support/order-rows.ts";

const month = (iso: string) => monthOf(dayFromIso(`${iso}-01`));
const BOUNDS = { currency: "EUR", firstMonth: month("1990-01"), lastMonth: month("2026-06") };

async function shopRow(db: Database, shopId: number) {
  const shop = await findShopById(db, shopId);
  if (!shop) throw new Error("the shop is there");
  return shop;
}

/** Forty customers of two months; every other one comes back each month of the year. */
async function shopOfTwoMonths(db: Database, domain: string): Promise<number> {
  const shopId = await createShop(db, domain);
  await db.write((tx) => tx.prisma.shop.update({ where: { id: shopId }, data: { installedAt: 1n } }));
  let id = 0;
  await writeOrders(
    db,
    shopId,
    Array.from({ length: 40 }, (_, customer) => {
      const first = customer < 30 ? 1 : 2;
      const orders = customer % 2 === 0 ? 13 - first : 1;
      return Array.from({ length: orders }, (_of, later) => ({
        id: ++id,
        on: `2025-${String(first + later).padStart(2, "0")}-${10 + (customer % 15)}`,
        customer: customer + 1,
        grossMinor: 1_000,
      }));
    }).flat(),
  );
  return shopId;
}

function sent(costs: unknown): FormData {
  const data = new FormData();
  data.set("costs", typeof costs === "string" ? costs : JSON.stringify(costs));
  return data;
}

const view = (query: string) => readAcquisitionView(new URLSearchParams(query));

describeOnBothDatabases("acquisition costs", (open) => {
  afterAll(closeShopMetrics);

  test("are kept by shop and month, changed, and taken away", async () => {
    const db = await open();
    const shopId = await createShop(db, "one.myshopify.com");
    const other = await createShop(db, "other.myshopify.com");
    const [may, june] = [month("2026-05"), month("2026-06")];
    const first = { month: may, beforeMinor: null, amountMinor: 9_000_000_000_000 };
    expect(await saveCosts(db, shopId, [first, { ...first, month: june, amountMinor: 0 }])).toEqual({
      ok: true,
    });
    expect(await saveCosts(db, other, [{ ...first, amountMinor: 7 }])).toEqual({ ok: true });
    expect([...(await loadAcquisitionCosts(db, shopId))]).toEqual([
      [may, 9_000_000_000_000],
      [june, 0],
    ]);
    const changes = [
      { month: may, beforeMinor: 9_000_000_000_000, amountMinor: null },
      { month: june, beforeMinor: 0, amountMinor: 5 },
    ];
    expect(await saveCosts(db, shopId, changes)).toEqual({ ok: true });
    expect([...(await loadAcquisitionCosts(db, shopId))]).toEqual([[june, 5]]);

    await db.write((tx) => deleteSomeRows(tx, shopId, "AcquisitionCost", 10));
    expect((await loadAcquisitionCosts(db, shopId)).size).toBe(0);
    expect((await loadAcquisitionCosts(db, other)).size).toBe(1);
  });

  test("of two who change a month, or who are cut off, nothing is half saved", async () => {
    const db = await open();
    const shopId = await createShop(db, "one.myshopify.com");
    const edit = (name: string, beforeMinor: number | null, amountMinor: number) => ({
      ...{ month: month(name), beforeMinor, amountMinor },
    });
    await saveCosts(db, shopId, [edit("2026-01", null, 100)]);
    expect(await saveCosts(db, shopId, [edit("2026-02", null, 1), edit("2026-01", null, 200)])).toEqual({
      ...{ ok: false, reason: "changed-meanwhile" },
    });
    expect([...(await loadAcquisitionCosts(db, shopId))]).toEqual([[month("2026-01"), 100]]);

    // The database refuses the second of the same month.
    const broken = [edit("2026-01", 100, 200), edit("2026-02", null, 1), edit("2026-02", null, 1)];
    await expect(saveCosts(db, shopId, broken)).rejects.toThrow();
    expect([...(await loadAcquisitionCosts(db, shopId))]).toEqual([[month("2026-01"), 100]]);
  });

  test("are held against what their customers bring", async () => {
    const db = await open();
    const shopId = await shopOfTwoMonths(db, "two-months.myshopify.com");
    const early = await loadAcquisition(db, await shopRow(db, shopId), view(""));
    expect(early).toMatchObject({ isEmpty: false, hasModel: false, costs: [] });
    expect(early.months.slice(-2)).toEqual(["2025-02", "2025-01"]);
    const before = await early.report;
    expect(before.figures).toMatchObject({ hasModel: false, total: null });
    expect(before.figures.rows.map((row) => [row.month, row.customers, row.broughtMinor])).toEqual([
      ["2025-01", 30, 195_000],
      ["2025-02", 10, 60_000],
    ]);

    await saveCosts(db, shopId, [{ month: month("2025-01"), beforeMinor: null, amountMinor: 90_000 }]);
    await fitValue(db, shopId, new AbortController().signal);
    const late = await loadAcquisition(db, await shopRow(db, shopId), view("months=24&cohort=2025-02"));
    expect(late).toMatchObject({ hasModel: true, costs: [{ month: "2025-01", amountMinor: 90_000 }] });
    const { figures, shown } = await late.report;
    expect(shown?.month).toBe("2025-02");
    expect(shown?.pathMinor.slice(0, 2)).toEqual([
      { mean: 10_000, low: 10_000, high: 10_000 },
      { mean: 15_000, low: 15_000, high: 15_000 },
    ]);
    const [january, february] = figures.rows;
    // 30 customers in January, half of whom come back: 30,000, then 15,000 a month; 90,000 are in by May.
    expect(january).toMatchObject({ costMinor: 3_000, payback: { month: 5, early: 5, late: 5 } });
    expect(january?.ratio?.mean).toBeGreaterThan(195_000 / 90_000);
    expect(january?.ratio?.mean).toBeCloseTo((195_000 + (january?.expectedMinor?.mean ?? NaN)) / 90_000, 9);
    expect(february).toMatchObject({ spentMinor: null, costMinor: null, ratio: null, payback: null });
    expect(figures.total).toMatchObject({ months: 1, customers: 30, spentMinor: 90_000 });

    // Another order is in the figures at once.
    await writeOrders(db, shopId, [{ id: 9_999, on: "2025-12-29", customer: 1, grossMinor: 500 }]);
    const later = await (await loadAcquisition(db, await shopRow(db, shopId), view(""))).report;
    expect(later.figures.rows[0]?.broughtMinor).toBe(195_500);
  });

  test("a shop without orders is empty", async () => {
    const db = await open();
    const shopId = await createShop(db, "empty.myshopify.com");
    const { isEmpty, months, report } = await loadAcquisition(
      db,
      await shopRow(db, shopId),
      view("months=x"),
    );
    expect({ isEmpty, months, shown: (await report).shown }).toEqual({
      isEmpty: true,
      months: [],
      shown: null,
    });
  });
});

test("what the form sends is read, or each fault is said beside its month", () => {
  const cost = (name: string, amount: string, beforeMinor: number | null = null) => ({
    ...{ month: name, amount, beforeMinor },
  });
  expect(parseCosts(sent([cost("2026-06", " 1.234,5 "), cost("2026-05", "", 7)]), BOUNDS)).toEqual({
    ok: true,
    edits: [
      { month: month("2026-06"), beforeMinor: null, amountMinor: 123_450 },
      { month: month("2026-05"), beforeMinor: 7, amountMinor: null },
    ],
  });
  expect(
    parseCosts(sent([cost("2026-07", "1"), cost("2026-05", "much"), cost("2026-04", "1")]), BOUNDS),
  ).toEqual({
    ok: false,
    errors: {
      "2026-07": "This month has not come yet.",
      "2026-05": "“much” is not in EUR, the currency of your shop.",
    },
  });
  for (const wrong of [
    "",
    "{",
    [cost("2026-13", "1")],
    [{ month: "2026-01" }],
    [cost("2026-01", "1", -1)],
    [cost("2026-01", "1"), cost("2026-01", "2")],
  ]) {
    expect(parseCosts(sent(wrong), BOUNDS)).toBeNull();
  }
});
