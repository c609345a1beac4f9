import { describe, expect, test } from "vitest";
import { sampleColumns } from "../../../tests/support/order-columns.ts";
import { dayFromIso } from "../calendar.ts";
import { countOrders } from "../metrics/counted-orders.ts";
import { acquiredCohorts } from "./acquired-cohorts.ts";
import { acquisitionReport } from "./acquisition-report.ts";
import { fitShopModel } from "./shop-model.ts";
import { shopPurchases } from "./shop-purchases.ts";

const TODAY = dayFromIso("2024-03-11");
/** Two customers of January, one of March; a guest and a test order, which acquire nobody. */
const columns = sampleColumns(
  [
    { on: "2024-01-01", customer: 1, grossMinor: 1_000 },
    { on: "2024-02-01", customer: 1, grossMinor: 1_000 },
    { on: "2024-01-31", customer: 2, grossMinor: 500, refunds: [{ on: "2024-03-01", productMinor: 100 }] },
    { on: "2024-02-10", grossMinor: 700 },
    { on: "2024-02-11", customer: 4, grossMinor: 700, flags: 1 },
    { on: "2024-03-11", customer: 3, grossMinor: 2_000 },
  ],
  { flatMarginBasisPoints: 5_000 },
);
const counted = countOrders(columns);
const OPTIONS = { months: 12, yearlyDiscount: 0, today: TODAY } as const;

describe("without a model", () => {
  const acquired = acquiredCohorts(columns, counted, { ...OPTIONS, model: null });

  test("cohorts have what they brought, by the end of each month", () => {
    expect(acquired).toEqual({
      ...{ marginShare: 0.5, expectedMarginShare: 0.5, deviation: null, expectedMinor: null },
      cohorts: [
        {
          ...{ month: "2024-01", customers: 2, broughtMinor: 2_400, broughtByMonth: [1_400, 2_400] },
          ...{ expectedMinor: null, expectedByMonth: [0] },
        },
        {
          ...{ month: "2024-03", customers: 1, broughtMinor: 2_000, broughtByMonth: [] },
          ...{ expectedMinor: null, expectedByMonth: [0] },
        },
      ],
    });
  });

  test("points cost what sales so far do not show, and what is expected bears them at the rate since they began", () => {
    // Of 5,100 net sales 2,700 came since February's beginning, and a guest's are among both.
    const pointsCost = { costMinor: 270, sinceDay: dayFromIso("2024-02-02") };
    const bearing = acquiredCohorts(columns, counted, { ...OPTIONS, model: null, pointsCost });
    expect(bearing.marginShare).toBeCloseTo(0.5 - 270 / 5_100, 12);
    expect(bearing.expectedMarginShare).toBeCloseTo(0.5 - 270 / 2_700, 12);
    const { rows } = acquisitionReport(bearing, new Map(), "margin");
    expect(rows[0]?.broughtMinor).toBeCloseTo(2_400 * (0.5 - 270 / 5_100), 9);
    const before = { costMinor: 270, sinceDay: TODAY + 1 };
    const nothingSince = acquiredCohorts(columns, counted, { ...OPTIONS, model: null, pointsCost: before });
    expect(nothingSince.expectedMarginShare).toBe(nothingSince.marginShare);
  });

  test("what was spent is held against it, in sales or margin", () => {
    const costs = new Map([
      ["2024-01", 2_000],
      ["2024-02", 300],
    ]);
    const { rows, total, hasModel, hasInterval } = acquisitionReport(acquired, costs, "sales");
    expect({ hasModel, hasInterval }).toEqual({ hasModel: false, hasInterval: false });
    expect(
      rows.map(({ month, costMinor, ratio, payback }) => ({ month, costMinor, ratio, payback })),
    ).toEqual([
      { month: "2024-01", costMinor: 1_000, ratio: null, payback: { month: 2, early: 2, late: 2 } },
      { month: "2024-02", costMinor: null, ratio: null, payback: null },
      { month: "2024-03", costMinor: null, ratio: null, payback: null },
    ]);
    // Of the months with a cost: 2,300 for two customers, the month without any among them.
    expect(total).toMatchObject({ months: 2, customers: 2, spentMinor: 2_300, costMinor: 1_150 });
    const margin = acquisitionReport(acquired, costs, "margin");
    expect(margin.rows[0]).toMatchObject({ broughtMinor: 1_200, payback: { month: null } });
  });

  test("margin cannot be had where no cost of goods is known", () => {
    const report = acquisitionReport({ ...acquired, marginShare: null }, new Map(), "margin");
    expect(report).toMatchObject({ measure: "sales", hasMargin: false, total: null });
  });
});

test("by a rule, which knows no chance, cohorts have an expectation without an interval", () => {
  const fitted = fitShopModel(shopPurchases(columns), { untilDay: TODAY, seed: 1 });
  if (!fitted) throw new Error("three have bought");
  // Everybody buys as often as the average: 4 purchases less 3 first ones in (70 + 40 + 0) days, at 1,100 on average.
  expect(fitted.chosen.value).toBe("simple-formula");
  const acquired = acquiredCohorts(columns, counted, { ...OPTIONS, model: fitted });
  const each = (days: number) => (days / 110) * 1_100;
  const [january, march] = acquired.cohorts;
  expect(january?.expectedMinor).toBeCloseTo(2 * each(365), 6);
  expect(march?.expectedMinor).toBeCloseTo(each(365), 6);
  expect(acquired.expectedMinor).toBeCloseTo(3 * each(365), 6);
  // To 31 March it is 20 days, to the end of April 50, and to 28 February of the next year 354.
  expect(january?.expectedByMonth).toHaveLength(12);
  expect(january?.expectedByMonth[0]).toBeCloseTo(2 * each(20), 6);
  expect(january?.expectedByMonth[1]).toBeCloseTo(2 * each(50), 6);
  // Between computed months a rule is a straight line anyway: 30 September.
  expect(january?.expectedByMonth[6]).toBeCloseTo(2 * each(203), 6);
  expect(january?.expectedByMonth[11]).toBeCloseTo(2 * each(354), 6);

  const { rows, total } = acquisitionReport(acquired, new Map([["2024-01", 4_000]]), "sales");
  const value = 2_400 + 2 * each(365);
  expect(rows[0]?.ratio?.mean).toBeCloseTo(value / 4_000, 9);
  expect(rows[0]?.ratio).toMatchObject({ low: rows[0]?.ratio?.mean, high: rows[0]?.ratio?.mean });
  // 1,400, 2,400, then 2,400 + 20 a day: 2,800 by the end of March, 3,400 by that of April, 4,020 by that of May.
  expect(rows[0]?.payback).toEqual({ month: 5, early: 5, late: 5 });
  expect(rows[0]).toMatchObject({ passedMonths: 2, pathMonths: 14 });
  expect(total?.ratio?.mean).toBeCloseTo(value / 4_000, 9);
});

test("24 months see further, and discount lowers what comes late", () => {
  const model = fitShopModel(shopPurchases(columns), { untilDay: TODAY, seed: 1 });
  const of = (months: 12 | 24, yearlyDiscount: number) =>
    acquiredCohorts(columns, counted, { model, months, yearlyDiscount, today: TODAY });
  expect(of(24, 0).cohorts[0]?.expectedByMonth).toHaveLength(24);
  expect(of(24, 0).expectedMinor).toBeCloseTo(2 * (of(12, 0).expectedMinor ?? NaN), 6);
  expect(of(12, 0.15).expectedMinor).toBeLessThan(of(12, 0).expectedMinor ?? 0);
});

test("a shop without customers has no cohorts", () => {
  const empty = sampleColumns([{ on: "2024-01-01", grossMinor: 5 }]);
  expect(acquiredCohorts(empty, countOrders(empty), { ...OPTIONS, model: null }).cohorts).toEqual([]);
});
