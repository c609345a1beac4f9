import { expect, test } from "vitest";
import { checkChurnBands, churnBandOf } from "./churn-risk.ts";
import {
  discountedIfAlive,
  discountedPurchases,
  discountPerUnit,
  forecastPurchases,
  probabilitiesAlive,
  returnChances,
} from "./forecast-customers.ts";
import { bgNbd } from "./models/bg-nbd.ts";
import { mbgCnbd } from "./models/mbg-cnbd-k.ts";
import { nbd } from "./models/nbd.ts";
import { discountedResidual, paretoNbd } from "./models/pareto-nbd.ts";
import { nextPurchase } from "./next-purchase.ts";
import { expectedPurchases } from "./purchase-model.ts";
import { purchaseStatistics } from "./purchase-statistics.ts";
import { simulatedHistories } from "../../../tests/support/simulated-histories.ts";
import { actualCumulative, expectedCumulative } from "./tracking.ts";

const MODELS = [
  { model: nbd, parameters: [0.6, 8] },
  { model: bgNbd, parameters: [0.243, 4.414, 0.793, 2.426] },
  { model: paretoNbd, parameters: [0.553, 10.578, 0.606, 11.669] },
  { model: mbgCnbd(3), parameters: [0.8, 2, 0.6, 1.8] },
];

test.each(MODELS)("$model.name: all customers at once equal one by one", ({ model, parameters }) => {
  const histories = simulatedHistories(model, parameters, { customers: 2000, seed: 3, unitDays: 7 });
  const forecaster = model.forecaster(parameters);
  const { repeats, recency, tenure } = histories;
  const purchases = forecastPurchases(forecaster, histories, 39);
  const alive = probabilitiesAlive(forecaster, histories);
  const back = returnChances(forecaster, histories, 39);
  const discounted = discountedPurchases(forecaster, histories, 39, 0.003);
  for (let i = 0; i < 2000; i++) {
    const [x, tx, T] = [repeats[i] as number, recency[i] as number, tenure[i] as number];
    expect(purchases[i]).toBe(expectedPurchases(forecaster, x, tx, T, 39));
    expect(alive[i]).toBe(forecaster.probabilityAlive(x, tx, T));
    expect(back[i]).toBe((alive[i] as number) * forecaster.returnIfAlive(x, tx, T, 39));
    expect(discounted[i]).toBe((alive[i] as number) * discountedIfAlive(forecaster, x, tx, T, 39, 0.003));
  }
});

test.each(MODELS)("$model.name: discounting equals a sum over days", ({ model, parameters }) => {
  const forecaster = model.forecaster(parameters);
  for (const [x, tx, T] of [
    [0, 0, 0],
    [0, 0, 38],
    [4, 20, 38],
  ] as const) {
    for (const horizon of [52, 104]) {
      let [sum, before] = [0, 0];
      for (let step = 1; step <= 8 * horizon; step++) {
        const upTo = forecaster.purchasesIfAlive(x, tx, T, step / 8);
        sum += (upTo - before) * Math.exp(-0.00268 * (step / 8 - 1 / 16));
        before = upTo;
      }
      expect(discountedIfAlive(forecaster, x, tx, T, horizon, 0.00268) / sum).toBeCloseTo(1, 5);
    }
  }
  expect(discountedIfAlive(forecaster, 2, 3, 9, 52, 0)).toBeCloseTo(
    forecaster.purchasesIfAlive(2, 3, 9, 52),
    10,
  );
  expect(discountedIfAlive(forecaster, 2, 3, 9, 0, 0.01)).toBe(0);
});

test("Pareto/NBD's endless residual, as Fader, Hardie and Lee (2005) print it", () => {
  const vector = [0.553, 10.578, 0.606, 11.669];
  const delta = Math.log(1.15) / 52;
  const printed = [
    [0, 0, 0.1821],
    [1, 30, 1.4305],
    [7, 35, 0.8953],
    [9, 40, 1.0774],
    [1, 77, 3.1253],
    [7, 70, 14.1134],
    [14, 77, 29.2751],
  ] as const;
  for (const [x, tx, value] of printed)
    expect(discountedResidual(vector, x, tx, 77.86, delta)).toBeCloseTo(value, 4);
  const far = paretoNbd.forecaster(vector);
  const within = far.probabilityAlive(7, 70, 77.86) * discountedIfAlive(far, 7, 70, 77.86, 20_000, delta);
  expect(within / discountedResidual(vector, 7, 70, 77.86, delta)).toBeCloseTo(1, 4);
  expect(discountedResidual([0.5, 8, 0, 1], 2, 3, 12, 0.01)).toBeCloseTo(2.5 / 20 / 0.01, 8);
});

test("a year's discount per week and per day", () => {
  expect(discountPerUnit(0.15, 7)).toBeCloseTo(0.00268, 5);
  expect(discountPerUnit(0.15, 1) * 365).toBeCloseTo(Math.log(1.15), 12);
});

test("the next order: the worked example, and its window", () => {
  const next = nextPurchase(nbd.forecaster([1, 10]), 0, 0, 10, 20);
  expect(next.chance).toBeCloseTo(0.5, 12);
  expect(next.median).toBeCloseTo(6.667, 3);
  for (const { model, parameters } of MODELS) {
    const forecaster = model.forecaster(parameters);
    const { chance, early, median, late } = nextPurchase(forecaster, 3, 20, 30, 52);
    const by = (time: number | null) =>
      forecaster.probabilityAlive(3, 20, 30) * forecaster.returnIfAlive(3, 20, 30, time ?? NaN);
    expect(by(early)).toBeCloseTo(0.1 * chance, 6);
    expect(by(median)).toBeCloseTo(0.5 * chance, 6);
    expect(by(late)).toBeCloseTo(0.9 * chance, 6);
  }
  expect(nextPurchase(nbd.forecaster([1, 10]), 0, 0, 10, 0)).toEqual({
    chance: 0,
    early: null,
    median: null,
    late: null,
  });
});

test("churn bands, and how many of each were lost", () => {
  expect([0, 0.34, 0.35, 0.7, 0.95, 1].map(churnBandOf)).toEqual([
    "low",
    "low",
    "medium",
    "high",
    "lost",
    "lost",
  ]);
  const checks = checkChurnBands([0.9, 0.8, 0.2], [0, 3, 0]);
  expect(checks.map(({ band, customers, actual }) => ({ band, customers, actual }))).toEqual([
    { band: "low", customers: 2, actual: 0.5 },
    { band: "high", customers: 1, actual: 1 },
  ]);
  expect(checks[0]?.expected).toBeCloseTo(0.15, 12);
});

test("repeats followed week by week", () => {
  const expected = expectedCumulative(nbd.forecaster([1, 2]), [0, 7], 3, 7);
  expect(expected[2]).toBeCloseTo(33 / 14, 12);
  const transactions = {
    customer: [0, 1, 0, 0, 1, 1, 2],
    day: [0, 3, 8, 8, 12, 20, 25],
    amount: null,
    customers: 3,
  };
  const statistics = purchaseStatistics(transactions, { untilDay: 13 });
  expect([...actualCumulative(transactions, statistics, 4)]).toEqual([0, 2, 3, 3]);
});
