import { expect, test } from "vitest";
import { seededRandom } from "./numerics/random.ts";
import { quintileScores, rfmScores } from "./rfm-scores.ts";

test("the worked example", () => {
  expect([...quintileScores(Float64Array.of(9, 1, 2, 1, 1))]).toEqual([5, 1, 4, 1, 1]);
  expect([...quintileScores(new Float64Array(0))]).toEqual([]);
  expect([...quintileScores(Float64Array.of(7))]).toEqual([1]);
});

test("fifths of different values, the same as by sorting", () => {
  const random = seededRandom(4);
  for (const count of [5, 17, 1000, 30_000]) {
    for (const unit of [1, 0.5, 1e6])
      expectAsSorted(Float64Array.from({ length: count }, () => unit * Math.floor(random() * count)));
  }
});

function expectAsSorted(values: Float64Array) {
  const sorted = values.toSorted();
  const quintiles = [1, 2, 3, 4].map((fifth) => sorted[Math.ceil((fifth * values.length) / 5) - 1] as number);
  expect([...quintileScores(values)]).toEqual(
    Array.from(values, (value) => 1 + quintiles.filter((quintile) => value > quintile).length),
  );
}

test("who bought last, most often and for the most", () => {
  const transactions = {
    customer: [0, 1, 3, -1, 4, 5, 5],
    day: [1, 2, 3, 9, 4, 6, 5],
    amount: [50, 40, 30, 999, 20, 5, 5],
    customers: 7,
  };
  const { customer, recency, frequency, monetary } = rfmScores(transactions);
  expect([...customer]).toEqual([0, 1, 3, 4, 5]);
  expect([...recency]).toEqual([1, 2, 3, 4, 5]);
  expect([...frequency]).toEqual([1, 1, 1, 1, 5]);
  expect([...monetary]).toEqual([5, 4, 3, 2, 1]);
});
