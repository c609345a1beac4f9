import { expect, test } from "vitest";
import { naivePurchases, naiveSpend } from "./naive-rules.ts";
import { calibrationByDecile, calibrationByRepeats, poissonDeviances, scoresOf } from "./scores.ts";

test("the worked example", () => {
  const scores = scoresOf([1, 2, 3], [2, 2, 5]);
  expect(scores.mae).toBe(1);
  expect(scores.rmse).toBeCloseTo(1.291, 3);
  expect(scores.bias).toBeCloseTo(-1 / 3, 12);
  expect(scores.spearman).toBeCloseTo(0.866, 3);
  expect(scores.deviance).toBeCloseTo(0.627, 3);
  expect(scores.gini).toBeCloseTo(1, 12);
});

test("order is judged apart from size", () => {
  const actual = [0, 0, 1, 2, 9];
  expect(scoresOf([1, 1, 10, 20, 90], actual)).toMatchObject({ spearman: 1, gini: 1 });
  const turned = scoresOf([5, 4, 3, 2, 1], actual);
  expect(turned.gini).toBeCloseTo(-1, 12);
  expect(turned.spearman).toBeLessThan(-0.9);
});

test("nothing to divide by is no figure", () => {
  expect(scoresOf([1, 2], [0, 0])).toMatchObject({
    bias: null,
    spearman: null,
    gini: null,
    decileError: null,
  });
  expect(scoresOf([1, 1], [0, 3])).toMatchObject({ spearman: null, gini: null });
});

test("a forecast of nothing counts as .001 in the deviance only", () => {
  expect(poissonDeviances([0], [1])[0]).toBeCloseTo(2 * (Math.log(1000) - 0.999), 10);
  expect(scoresOf([0], [1])).toMatchObject({ mae: 1, bias: -1 });
});

test("tenths of customers by forecast", () => {
  const forecast = Array.from({ length: 25 }, (_, i) => 25 - i);
  const bins = calibrationByDecile(
    forecast,
    forecast.map((value) => 2 * value),
  );
  expect(bins).toHaveLength(10);
  expect(bins.reduce((sum, { customers }) => sum + customers, 0)).toBe(25);
  for (const bin of bins) expect(bin.actual).toBeCloseTo(2 * bin.forecast, 12);
  expect(bins[9]?.forecast).toBeGreaterThan(bins[0]?.forecast ?? NaN);
  expect(
    scoresOf(
      forecast,
      forecast.map((value) => 2 * value),
    ).decileError,
  ).toBeCloseTo(0.5, 12);
  expect(calibrationByDecile([1, 2], [1, 2])).toHaveLength(2);
});

test("means by repeats, the last for all with more", () => {
  const bins = calibrationByRepeats([0, 0, 2, 9], [1, 2, 3, 4], [0, 1, 5, 6], 2);
  expect(bins).toEqual([
    { customers: 2, forecast: 1.5, actual: 0.5 },
    { customers: 0, forecast: 0, actual: 0 },
    { customers: 2, forecast: 3.5, actual: 5.5 },
  ]);
});

test("the naive rules", () => {
  const histories = { repeats: [2, 3, 0, 1], recency: [30.43, 5, 0, 0], tenure: [38.86, 35, 20, 0] };
  expect(naivePurchases("past-rate", histories, 39, 7)[0]).toBeCloseTo(2.007, 3);
  expect([...naivePurchases("past-rate", histories, 35, 7)].slice(1)).toEqual([3, 0, 0]);
  expect([...naivePurchases("recency-rule", histories, 35, 7)].slice(1)).toEqual([0, 0, 0]);
  expect([...naivePurchases("simple-formula", histories, 1, 7)]).toEqual(Array<number>(4).fill(6 / 93.86));
  const spending = { repeats: [1, 0], totalSpend: [30, 60] };
  expect([...naiveSpend("past-rate", spending)]).toEqual([15, 60]);
  expect([...naiveSpend("simple-formula", spending)]).toEqual([30, 30]);
});
