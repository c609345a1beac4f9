import { describe, expect, test } from "vitest";
import { sampleColumns, type SampleOrder } from "../../../tests/support/order-columns.ts";
import { paperModel } from "../../../tests/support/paper-model.ts";
import { dayFromIso, isoDate } from "../calendar.ts";
import { countOrders } from "../metrics/counted-orders.ts";
import type { CandidateName } from "./candidates.ts";
import { customerEstimates, expectedValues } from "./customer-estimates.ts";
import { customerOutlook, type ToldOutlook } from "./customer-outlook.ts";
import { shopValue } from "./shop-value.ts";

const FIRST = dayFromIso("2025-01-01");
const on = (day: number) => isoDate(FIRST + day);
/** The papers' customer: x = 2, t_x = 30.43 and T = 38.86 weeks, which are days 213 and 272. */
const ANN = 1;
const ONCE = 2;
const LEFT_OUT = 3;
const ONLY_TESTS = 4;
const ORDERS: SampleOrder[] = [
  { on: on(0), customer: ANN, grossMinor: 9 },
  { on: on(100), customer: ANN, grossMinor: 10, discountMinor: 2 },
  { on: on(213), customer: ANN, grossMinor: 15, refunds: [{ on: on(220), productMinor: 3 }] },
  { on: on(10), customer: ONCE, grossMinor: 12 },
  { on: on(20), customer: LEFT_OUT, grossMinor: 12 },
  { on: on(30), customer: ONLY_TESTS, grossMinor: 12, flags: 1 },
  // The end of what is observed.
  { on: on(272), grossMinor: 1 },
];
const columns = sampleColumns(ORDERS, {}, [LEFT_OUT]);
const counted = countOrders(columns);

function outlookOf(
  customerId: number,
  { chosen = "bg-nbd", yearlyDiscount = 0 }: { chosen?: CandidateName; yearlyDiscount?: number } = {},
) {
  const model = paperModel(FIRST, chosen);
  return customerOutlook(columns, counted, { customerId, model, modelVersion: 1, yearlyDiscount }, (months) =>
    expectedValues(columns, counted, { model, yearlyDiscount, months }),
  );
}

function toldOf(...asked: Parameters<typeof outlookOf>): ToldOutlook {
  const outlook = outlookOf(...asked);
  if (!outlook.told) throw new Error(outlook.reason);
  return outlook;
}

function chancesOf(...asked: Parameters<typeof outlookOf>) {
  const { chances } = toldOf(...asked);
  if (!chances) throw new Error("no chances");
  return chances;
}

describe("a customer of a shop that a model is right for", () => {
  test("has the papers' forecast: 1.226 orders in 39 weeks are 1.5 in 52, each worth 12", () => {
    const [year, two] = toldOf(ANN).values;
    // Mean of the two repeat orders (8 and 12) is 10: p (gamma + m x) / (p x + q - 1) = 6.25 x 35.44 / 15.24.
    const perOrder = (6.25 * (15.44 + 2 * 10)) / (6.25 * 2 + 3.74 - 1);
    expect(perOrder).toBeCloseTo(14.534, 3);
    const perWeek = (year?.meanMinor ?? NaN) / perOrder / (365 / 7);
    // The rate of the worked example falls slowly with the horizon.
    expect(perWeek).toBeLessThan(1.226 / 39);
    expect(perWeek).toBeGreaterThan(0.9 * (1.226 / 39));
    expect(two?.meanMinor).toBeGreaterThan(year?.meanMinor ?? NaN);
  });

  test("is worth what the shop's total counts for them", () => {
    const model = paperModel(FIRST);
    for (const yearlyDiscount of [0, 0.15]) {
      const total = shopValue(columns, counted, {
        model,
        months: 12,
        yearlyDiscount,
      }).total.meanMinor;
      const parts = [ANN, ONCE].map((id) => toldOf(id, { yearlyDiscount }).values[0]?.meanMinor ?? NaN);
      expect((parts[0] ?? NaN) + (parts[1] ?? NaN)).toBeCloseTo(total, 9);
      const estimates = customerEstimates(columns, counted, { model, yearlyDiscount });
      expect(Array.from(estimates.valueMinor.subarray(0, 2))).toEqual(
        parts.map((part) => expect.closeTo(part, 9) as number),
      );
      expect(Array.from(estimates.valueMinor.subarray(2))).toEqual([NaN, NaN]);
    }
  });

  test("has an interval around it, the same whenever it is asked for", () => {
    const [year] = toldOf(ANN).values;
    expect(year?.lowMinor).toBe(0);
    expect(year?.highMinor).toBeGreaterThan(year?.meanMinor ?? NaN);
    expect(toldOf(ANN)).toEqual(toldOf(ANN));
    // Later money counts less, in each future alike.
    const [discounted] = toldOf(ANN, { yearlyDiscount: 0.15 }).values;
    expect((discounted?.highMinor ?? NaN) / (year?.highMinor ?? NaN)).toBeCloseTo(
      (discounted?.meanMinor ?? NaN) / (year?.meanMinor ?? NaN),
      9,
    );
  });

  test("was surely one at the first order, was doubted in each silence, and trusted again", () => {
    const { past, alive } = chancesOf(ANN);
    expect(past[0]).toEqual({ day: FIRST, alive: 1, orderDays: 1 });
    expect(past.at(-1)).toEqual({ day: FIRST + 272, alive, orderDays: 0 });
    expect(past.reduce((sum, { orderDays }) => sum + orderDays, 0)).toBe(3);
    // Who has ordered once counts as a customer with BG/NBD, whatever the silence; after the first repeat order doubt begins.
    const at = (day: number) => past.filter((point) => point.day <= FIRST + day).at(-1)?.alive ?? NaN;
    expect(at(98)).toBe(1);
    expect(at(211)).toBeLessThan(at(102));
    expect(at(215)).toBeGreaterThan(at(211));
    expect(alive).toBeLessThan(at(215));
    // Equation of the paper: 1 / (1 + a/(b + x - 1) ((alpha + T)/(alpha + t_x))^(r + x)).
    const odds = (0.793 / 3.426) * ((4.414 + 272 / 7) / (4.414 + 213 / 7)) ** 2.243;
    expect(alive).toBeCloseTo(1 / (1 + odds), 10);
  });

  test("is expected again from now on, and was due since the last order", () => {
    const { next, due, isOverdue, churnRisk, band } = chancesOf(ANN);
    const days = [next?.fromDay, next?.likelyDay, next?.byDay].map((day) => (day ?? NaN) - (FIRST + 272));
    expect(days[0]).toBeGreaterThan(0);
    expect(days.toSorted((a, b) => a - b)).toEqual(days);
    expect(days[2]).toBeLessThanOrEqual(365);
    // NBD's part of it: given a rate of shape R = 2.243 and scale alpha + t_x, no order by u has chance ((scale)/(scale + u))^R; 80% of orders within a year lie in the window.
    const scale = 4.414 + 213 / 7;
    const by = (day: number) => 1 - (scale / (scale + day / 7)) ** 2.243;
    const dueDays = [due?.fromDay, due?.likelyDay, due?.byDay].map((day) => (day ?? NaN) - (FIRST + 213));
    [0.1, 0.5, 0.9].forEach((share, place) => {
      expect(by(dueDays[place] ?? NaN)).toBeGreaterThanOrEqual(share * by(365) - 1e-9);
      expect(by((dueDays[place] ?? NaN) - 1)).toBeLessThan(share * by(365));
    });
    expect(isOverdue).toBe(272 - 213 > (dueDays[2] ?? NaN));
    expect(churnRisk).toBeGreaterThan(0);
    expect(band).toBe("medium");
    const { chances } = customerEstimates(columns, counted, { model: paperModel(FIRST), yearlyDiscount: 0 });
    expect(chances?.dueFrom[0]).toBe(due?.fromDay);
    expect(chances?.dueBy[0]).toBe(due?.byDay);
    expect(chances?.returnChance[0]).toBeCloseTo(1 - churnRisk, 12);
  });
});

test("after an order only those are told anew who did something, and all as if told from the start", () => {
  const use = { model: paperModel(FIRST), yearlyDiscount: 0.15 };
  const more = [
    ...ORDERS,
    { on: on(270), customer: ANN, grossMinor: 20 },
    { on: on(272), customer: 8, grossMinor: 7 },
    { on: on(271), customer: 9, grossMinor: 7 },
  ];
  const later = sampleColumns(more, {}, [ONCE]);
  const before = customerEstimates(columns, counted, use);
  const anew = customerEstimates(later, countOrders(later), use, undefined, before);
  expect(anew).toEqual(customerEstimates(later, countOrders(later), use));
  // Taken over and not reckoned: what was told before is believed.
  before.valueMinor.fill(1);
  const nine = later.customerIds.at(-1);
  expect(nine).toBe(9);
  const believed = customerEstimates(columns, counted, use, undefined, before).valueMinor;
  expect(Array.from(believed.subarray(0, 2))).toEqual([1, 1]);
  // Another end of what is observed is another forecast of everybody.
  const next = sampleColumns([...ORDERS, { on: on(273), grossMinor: 1 }]);
  expect(customerEstimates(next, countOrders(next), use, undefined, before).valueMinor).not.toContain(1);
});

test("where a rule is right, only the value is told, and the whole shop's where it follows from all", () => {
  for (const chosen of ["past-rate", "simple-formula"] as const) {
    const { values, chances, valueBy } = toldOf(ANN, { chosen });
    expect(chances).toBeNull();
    expect(valueBy).toBe(chosen);
    expect(values.map(({ lowMinor, highMinor }) => [lowMinor, highMinor])).toEqual([
      [null, null],
      [null, null],
    ]);
  }
  // x / T carried on: 2 in 272 days, at the mean of 9, 8 and 12 each.
  expect(toldOf(ANN, { chosen: "past-rate" }).values[0]?.meanMinor).toBeCloseTo((2 * 365 * 29) / 3 / 272, 9);
  // Everybody buys at 2 in 272 + 262 days, and spends (29 + 12) / 4 each time.
  expect(toldOf(ONCE, { chosen: "simple-formula" }).values[0]?.meanMinor).toBeCloseTo(
    ((2 * 365) / 534) * (41 / 4),
    9,
  );
});

test("a rule's interval is what those with a like forecast spent, of money that counts less later", () => {
  const range = {
    groups: [
      { upToPerDay: 0.0001, low: 0, high: 9 },
      { upToPerDay: 1, low: 0.5, high: 2 },
    ],
    highOfNothing: 0.1,
    actualOverForecast: 1,
    deviationOfOne: 1,
  };
  const model = { ...paperModel(FIRST, "past-rate"), uncertainty: { range, relativeDeviation: [] } };
  for (const [customerId, low, high] of [
    [ANN, 0.5, 2],
    [ONCE, null, 36.5],
  ] as const) {
    const asked = { customerId, model, modelVersion: 1, yearlyDiscount: 0.15 };
    const outlook = customerOutlook(columns, counted, asked, () => new Float64Array());
    const year = outlook.told ? outlook.values[0] : undefined;
    const mean = year?.meanMinor ?? NaN;
    expect(year?.lowMinor).toBeCloseTo(low === null ? 0 : low * mean, 9);
    expect(year?.highMinor).toBeCloseTo(low === null ? high : high * mean, 9);
  }
});

test("where by the model nobody leaves, that is said in place of a certainty", () => {
  const model = paperModel(FIRST);
  const [only] = model.fits;
  if (!only?.outcome.ok) throw new Error("no fit");
  only.outcome.fit.limit = "no-churn";
  const asked = { customerId: ANN, model, modelVersion: 1, yearlyDiscount: 0 };
  const outlook = customerOutlook(columns, counted, asked, () => new Float64Array());
  expect(outlook).toMatchObject({ chances: { alive: null, past: [], band: "medium" } });
});

test("of whom nothing can be told, that is said, and why", () => {
  expect(outlookOf(99)).toEqual({ told: false, reason: "unknown" });
  expect(outlookOf(LEFT_OUT)).toEqual({ told: false, reason: "left-out" });
  expect(outlookOf(ONLY_TESTS)).toEqual({ told: false, reason: "no-orders" });
});
