import { expect, test } from "vitest";
import { deviationOfSum, insideRange, observedRange, rangeAround } from "./observed-range.ts";

const spent = Float64Array.from({ length: 40 }, (_, i) => (i + 1) / 2);

test("the worked example, also for another horizon", () => {
  const range = observedRange(new Float64Array(40).fill(10), spent, 100);
  if (!range) throw new Error("40 are enough");
  expect(range.groups).toEqual([{ upToPerDay: 0.1, low: 0.2, high: 1.85 }]);
  expect(rangeAround(range, 50, 100)).toEqual({ low: 10, high: 92.5 });
  expect(rangeAround(range, 5, 10)).toEqual({ low: 1, high: 9.25 });
});

test("customers are told by those with a like forecast, who is forecast nothing by an amount per day", () => {
  // 400 who spend what was forecast or twice that, by turns, from the smallest up; 100 of whom nothing was expected spend up to 99.
  const forecast = Float64Array.from({ length: 500 }, (_, i) => (i < 100 ? 0 : i));
  const actual = forecast.map((f, i) => (f === 0 ? i : i % 2 === 0 ? f : 2 * f * (i >= 460 ? 3 : 1)));
  const range = observedRange(forecast, actual, 10);
  if (!range) throw new Error("500 are enough");
  expect(range.groups).toHaveLength(10);
  expect(rangeAround(range, 150, 10)).toEqual({ low: 150, high: 300 });
  expect(rangeAround(range, 499, 10)).toEqual({ low: 499, high: 6 * 499 });
  expect(rangeAround(range, 0, 10)).toEqual({ low: 0, high: 90 });
  expect(rangeAround(range, 0, 20)).toEqual({ low: 0, high: 180 });
  const inside = insideRange(range, forecast, actual, 10);
  expect(inside).toBe(400 + 91);
});

test("a sum is off as the sums were, and by chance the less the more customers there are", () => {
  const right = observedRange(new Float64Array(40).fill(10.25), spent, 100);
  const double = observedRange(new Float64Array(40).fill(20.5), spent, 100);
  if (!right || !double) throw new Error("40 are enough");
  expect(deviationOfSum([double, right], 1e12).deviation).toBeCloseTo(0.5 / Math.sqrt(2), 6);
  const { common, deviation } = deviationOfSum([right], 100);
  expect(common).toBeCloseTo(0, 12);
  // The standard deviation of .5, 1, ... 20 over their mean, over 10.
  expect(deviation).toBeCloseTo(Math.sqrt((40 ** 2 - 1) / 12 / 4) / 10.25 / 10, 12);
});

test("nothing is told of a few, nor a share of nothing", () => {
  expect(observedRange(new Float64Array(39).fill(1), spent, 10)).toBeNull();
  const range = observedRange(new Float64Array(40), spent, 10);
  expect(range).toMatchObject({ groups: [], actualOverForecast: null, deviationOfOne: 0 });
  expect(range && rangeAround(range, 7, 10)).toEqual({ low: 0, high: 18.5 });
});
