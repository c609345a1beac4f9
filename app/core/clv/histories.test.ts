import { expect, test } from "vitest";
import { faultOf, groupHistories, MOST_CUSTOMERS, sampleOf } from "./histories.ts";
import { seededRandom } from "./numerics/random.ts";

const one = (repeats: number, recency: number, tenure: number) =>
  faultOf({ repeats: [0, repeats], recency: [0, recency], tenure: [5, tenure] });

test("impossible histories are named with the customer", () => {
  expect(one(1, 3, 5)).toBeNull();
  expect(one(0, 0, 0)).toBeNull();
  expect(one(1, 0, 5)).toEqual({ reason: "repeat-without-time", customer: 1 });
  expect(one(0, 2, 5)).toEqual({ reason: "time-without-repeat", customer: 1 });
  expect(one(1, 6, 5)).toEqual({ reason: "recency-after-tenure", customer: 1 });
  expect(one(-1, 6, 7)).toEqual({ reason: "negative", customer: 1 });
  expect(one(1.5, 3, 5)).toEqual({ reason: "part-of-a-purchase", customer: 1 });
  for (const bad of [NaN, Infinity]) {
    expect(one(bad, 3, 5)).toEqual({ reason: "not-a-number", customer: 1 });
    expect(one(1, 3, bad)).toEqual({ reason: "not-a-number", customer: 1 });
  }
  expect(faultOf({ repeats: [], recency: [], tenure: [] })).toEqual({ reason: "no-customers" });
  expect(faultOf({ repeats: [1], recency: [1], tenure: [] })).toEqual({ reason: "lengths-differ" });
  const huge = { length: MOST_CUSTOMERS + 1 };
  expect(faultOf({ repeats: huge, recency: huge, tenure: huge })).toEqual({
    reason: "too-many-customers",
    most: MOST_CUSTOMERS,
  });
});

test("every customer is in the group of its own three numbers", () => {
  const random = seededRandom(1);
  const customers = 20_000;
  const repeats = Float64Array.from({ length: customers }, () => Math.floor(4 * random() ** 2));
  const tenure = Float64Array.from({ length: customers }, () => (20 + Math.floor(60 * random())) / 7);
  const recency = repeats.map((x) => (x === 0 ? 0 : Math.ceil(20 * random()) / 7));
  const { groups, groupOf } = groupHistories({ repeats, recency, tenure });
  const seen = new Set<string>();
  for (let i = 0; i < customers; i++) {
    const group = groupOf[i] as number;
    const key = `${repeats[i]} ${recency[i]} ${tenure[i]}`;
    expect(`${groups.repeats[group]} ${groups.recency[group]} ${groups.tenure[group]}`).toBe(key);
    expect(groups.distinctRepeats[groups.repeatsPlace[group] as number]).toBe(repeats[i]);
    seen.add(key);
  }
  expect(groups.count).toBe(seen.size);
  expect(groups.weight.reduce((a, b) => a + b)).toBe(customers);

  const pairs = groupHistories({ repeats, recency, tenure }, true).groups;
  expect(pairs.count).toBe(new Set(Array.from(repeats, (x, i) => `${x} ${tenure[i]}`)).size);
  const sample = sampleOf(groups, 500);
  expect(Math.abs(sample.customers - 500)).toBeLessThanOrEqual(1);
  expect(sample.weight.every((weight) => weight > 0)).toBe(true);
});
