import { expect, test } from "vitest";
import { partEstimate } from "./cohort-interval.ts";

test("the worked example", () => {
  const { mean, low, high } = partEstimate(100, 10_000, { deviation: 0.05, common: 0.03 });
  expect(mean).toBe(100);
  expect(low).toBeCloseTo(100 * Math.exp(-(0.3863 ** 2) / 2 - 1.28155 * 0.3863), 1);
  expect(high).toBeCloseTo(100 * Math.exp(-(0.3863 ** 2) / 2 + 1.28155 * 0.3863), 1);
  expect([Math.round(low), Math.round(high)]).toEqual([57, 152]);
});

test("a part is never surer than the whole, and what all share does not shrink", () => {
  const width = (mean: number, common: number) => {
    const { low, high } = partEstimate(mean, 1_000, { deviation: 0.1, common });
    return high / low;
  };
  expect(width(1_000, 0.05)).toBeCloseTo(Math.exp(2 * 1.28155 * Math.sqrt(Math.log(1.01))), 4);
  expect(width(100, 0.05)).toBeGreaterThan(width(1_000, 0.05));
  expect(width(100, 0.1)).toBeCloseTo(width(1_000, 0.1), 9);
  // A model stored without that part is taken to be unsure by chance alone, which is the wider.
  expect(width(100, 0)).toBeGreaterThan(width(100, 0.05));
});

test("nothing expected has no width, and no NaN", () => {
  expect(partEstimate(0, 0, { deviation: 0.1, common: 0.05 })).toEqual({ mean: 0, low: 0, high: 0 });
});
