import { expect, test } from "vitest";
import { sampleColumns } from "../../../tests/support/order-columns.ts";
import { dayFromIso } from "../calendar.ts";
import { ORDER_FLAGS } from "../order-flags.ts";
import { cohortsOf } from "./cohorts.ts";
import { countOrders } from "./counted-orders.ts";
import { PUBLISHED_RETENTION, periodCustomers } from "./customers.ts";
import { kaplanMeier } from "./kaplan-meier.ts";
import { simpleValue } from "./lifetime-value.ts";
import { bytesOf } from "./order-columns.ts";
import { revenueOf } from "./revenue.ts";
import { timeToSecondOrder } from "./second-order.ts";
import { answerMetrics } from "../questions/shop-metrics.ts";
import { wilsonInterval } from "./wilson.ts";

const period = (from: string, to: string) => ({ firstDay: dayFromIso(from), lastDay: dayFromIso(to) });

test("margin by unit costs, by flat margin, and unknown", () => {
  const orders = [
    // 600 of the 1000 have a cost; a quarter of the order came back a month later.
    { on: "2026-01-10", grossMinor: 1333, costMinor: 200, costedNetMinor: 600, refunds: [
      { on: "2026-02-10", productMinor: 333, costMinor: 50 },
    ] },
    { on: "2026-01-11", grossMinor: 1001 },
  ]; // prettier-ignore
  const januaryWith = (flatMarginBasisPoints: number | null, basis: "order date" | "refund date") => {
    const columns = sampleColumns(orders, { flatMarginBasisPoints });
    return revenueOf(columns, countOrders(columns), { period: period("2026-01-01", "2026-01-31"), basis });
  };
  expect(januaryWith(null, "order date")).toMatchObject({ netMinor: 2001, marginMinor: 400 });
  expect(januaryWith(null, "order date").unitCostShare).toBeCloseTo(600 / 2001, 12);
  // (2001 - 600) x 25.5% = 357.255
  expect(januaryWith(2550, "order date").marginMinor).toBe(400 + 357);
  // By refund date January keeps what was sold then: 60% of the 333 had a cost, 50 in all.
  expect(januaryWith(null, "refund date")).toMatchObject({ netMinor: 2334, marginMinor: 600 + 200 - 250 });
  const columns = sampleColumns(orders);
  const february = revenueOf(columns, countOrders(columns), {
    period: period("2026-02-01", "2026-02-28"),
    basis: "refund date",
  });
  expect(february).toMatchObject({ orders: 0, aovMinor: null, netMinor: -333, marginMinor: -200 + 50 });
  const uncosted = sampleColumns([{ on: "2026-01-01", grossMinor: 5 }]);
  expect(revenueOf(uncosted, countOrders(uncosted)).marginMinor).toBeNull();
});

test("an order given back wholly takes its costs back with it", () => {
  const columns = sampleColumns([
    { on: "2026-01-10", grossMinor: 500, refunds: [{ on: "2026-02-01", productMinor: 500, costMinor: 120 }] },
  ]);
  const month = (from: string, to: string) =>
    revenueOf(columns, countOrders(columns), { period: period(from, to), basis: "refund date" }).marginMinor;
  expect([month("2026-01-01", "2026-01-31"), month("2026-02-01", "2026-02-28")]).toEqual([380, -380]);
});

test("retention over a leap year is (E - N) / S with the reactivated apart, beside what is published", () => {
  const columns = sampleColumns([
    { on: "2022-06-01", customer: 4 },
    { on: "2023-01-01", customer: 1 },
    { on: "2023-12-31", customer: 2 },
    { on: "2023-07-01", customer: 3 },
    { on: "2024-02-29", customer: 1 },
    { on: "2024-12-31", customer: 2 },
    { on: "2024-05-05", customer: 4 },
    { on: "2024-05-06", customer: 5 },
  ]);
  const { retention } = periodCustomers(columns, countOrders(columns), period("2024-01-01", "2024-12-31"));
  expect(retention).toEqual({
    atStart: 3,
    atEnd: 4,
    newCustomers: 1,
    retained: 2,
    reactivated: 1,
    rate: 2 / 3,
    churnRate: 1 - 2 / 3,
    published: PUBLISHED_RETENTION,
  });
  const half = periodCustomers(columns, countOrders(columns), period("2024-01-01", "2024-06-30"));
  expect(half.retention.published).toBeNull();
});

test("Kaplan and Meier's estimate with Greenwood's error, by hand", () => {
  const [first, second] = kaplanMeier([0, 1, 2, 0], [0, 0, 1, 1]);
  expect(first).toMatchObject({ time: 1, atRisk: 5, events: 1, survival: 0.8 });
  expect(first?.standardError).toBeCloseTo(Math.sqrt(0.8 ** 2 * (1 / (5 * 4))), 12);
  expect(second).toMatchObject({ time: 2, atRisk: 4, events: 2 });
  expect(second?.survival).toBeCloseTo(0.4, 12);
  expect(second?.standardError).toBeCloseTo(0.4 * Math.sqrt(1 / 20 + 2 / (4 * 2)), 12);
  // exp(-exp(log(-log 0.4) -+ 1.96 * sqrt(0.3) / log 0.4))
  expect(second?.low).toBeCloseTo(0.052, 3);
  expect(second?.high).toBeCloseTo(0.7528, 3);
  expect(kaplanMeier([2], [])).toMatchObject([{ survival: 0, low: null, high: null }]);
});

test("Wilson's interval", () => {
  const { low, high } = wilsonInterval(1, 10);
  expect(low).toBeCloseTo(0.0179, 4);
  expect(high).toBeCloseTo(0.4042, 4);
  expect(wilsonInterval(0, 4).low).toBe(0);
});

test("the simple value is AOV x orders per year x years, with the lifetime that churn suggests", () => {
  const columns = sampleColumns([
    { on: "2024-06-01", customer: 1, grossMinor: 1 },
    { on: "2024-06-01", customer: 2, grossMinor: 1 },
    { on: "2025-03-01", customer: 1, grossMinor: 3000, costMinor: 1500, costedNetMinor: 3000 },
    { on: "2025-06-01", customer: 1, grossMinor: 1000, costMinor: 500, costedNetMinor: 1000 },
    { on: "2025-12-31", customer: 3, grossMinor: 2000, costMinor: 1000, costedNetMinor: 2000 },
  ]);
  expect(simpleValue(columns, countOrders(columns))).toEqual({
    period: period("2025-01-01", "2025-12-31"),
    aovMinor: 2000,
    ordersPerYear: 1.5,
    byYears: [
      { years: 1, netMinor: 3000, marginMinor: 1500 },
      { years: 2, netMinor: 6000, marginMinor: 3000 },
      { years: 3, netMinor: 9000, marginMinor: 4500 },
    ],
    // One of the two customers of 2024 came back: a churn rate of one half is a lifetime of two years.
    fromData: { years: 2, netMinor: 6000, marginMinor: 3000 },
  });
});

test("everything on one day", () => {
  const columns = sampleColumns(
    [1, 1, 2].map((customer) => ({ on: "2024-02-29", customer, grossMinor: 10 })),
  );
  const counted = countOrders(columns);
  expect(timeToSecondOrder(counted)).toMatchObject({ customers: 2, reordered: 1, medianDays: 0, within: [] });
  expect(cohortsOf(columns, counted, { grain: "week" })).toMatchObject([
    { start: "2024-02-26", customers: 2, wholeAges: 0, orders: [3], cumulativeNetPerCustomerMinor: [15] },
  ]);
  expect(cohortsOf(columns, counted, { grain: "month" })).toMatchObject([{ start: "2024-02", wholeAges: 1 }]);
});

test("an answer says what it stands on", () => {
  const columns = sampleColumns(
    [
      {
        on: "2026-01-01",
        customer: 1,
        grossMinor: 100,
        costMinor: 10,
        costedNetMinor: 60,
        differenceMinor: -4,
      },
      { on: "2026-01-02", grossMinor: 100 },
      { on: "2026-01-03", customer: 1, grossMinor: 9, flags: ORDER_FLAGS.test },
      { on: "2026-01-03", customer: 1, grossMinor: 9, flags: ORDER_FLAGS.cancelled },
      { on: "2026-01-03", customer: 2, grossMinor: 9 },
    ],
    { readAt: 5, dataVersion: 7, readableFromDay: dayFromIso("2025-12-31"), unreadableOrders: 3 },
    [2],
  );
  const answer = answerMetrics(columns, { question: "revenue", options: {} });
  expect(answer.asOf).toEqual({ readAt: 5, dataVersion: 7 });
  expect(answer.coverage).toEqual({
    period: period("2026-01-01", "2026-01-02"),
    historyComplete: false,
    syncComplete: true,
    readableFromDay: dayFromIso("2025-12-31"),
    unreadableOrders: 3,
    periodReadable: true,
    precedingPeriodReadable: false,
    firstOrderDay: dayFromIso("2026-01-01"),
    lastOrderDay: dayFromIso("2026-01-02"),
    unitCostShare: 0.3,
    flatMarginBasisPoints: null,
    guestOrdersShare: 0.5,
    guestsNetShare: 0.5,
    leftOut: { test: 1, cancelled: 1, excludedCustomers: 1 },
    journalDifferences: { orders: 1, minor: 4 },
  });
  expect(bytesOf(columns)).toBeLessThan(400);
});
