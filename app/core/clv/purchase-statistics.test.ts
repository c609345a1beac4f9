import { expect, test } from "vitest";
import { holdoutOf, purchaseStatistics } from "./purchase-statistics.ts";

/** Customer, day, amount; the first customer's are those of the worked example. */
const ROWS = [
  [0, 100, 5],
  [0, 100, 7],
  [2, 103, 20],
  [0, 107, 10],
  [-1, 108, 999],
  [0, 114, 20],
  [0, 114, 2],
  [2, 122, 1],
  [1, 123, 50],
  [2, 122, 3],
  [2, 130, 9],
] as const;

function transactions(rows: readonly (readonly number[])[]) {
  const column = (at: number) => Int32Array.from(rows, (row) => row[at] as number);
  return { customer: column(0), day: column(1), amount: column(2), customers: 3 };
}

const inDays = { untilDay: 121, unitDays: 7 };

test("days with a purchase, not purchases, up to the last day that counts", () => {
  const statistics = purchaseStatistics(transactions(ROWS), inDays);
  expect(statistics).toMatchObject({ count: 2, untilDay: 121, unitDays: 7 });
  expect([...statistics.customer]).toEqual([0, 2]);
  expect([...statistics.repeats]).toEqual([2, 0]);
  expect([...statistics.recency]).toEqual([2, 0]);
  expect([...statistics.tenure]).toEqual([3, 18 / 7]);
  expect([...statistics.firstDay]).toEqual([100, 103]);
  expect([...statistics.meanSpend]).toEqual([16, 0]);
  expect([...statistics.totalSpend]).toEqual([44, 20]);
  expect(statistics.sumLogGaps).toBeCloseTo(0, 12);
});

test("what came afterwards, once per day", () => {
  const all = transactions(ROWS);
  const holdout = holdoutOf(all, purchaseStatistics(all, inDays), 129);
  expect([...holdout.purchases]).toEqual([0, 1]);
  expect([...holdout.spend]).toEqual([0, 4]);
  expect([...holdout.nextAfter]).toEqual([-1, 1 / 7]);
});

test("the order of the rows does not matter, and amounts need not be known", () => {
  const turned = transactions(ROWS.toReversed());
  const statistics = purchaseStatistics(turned, inDays);
  expect(statistics).toEqual(purchaseStatistics(transactions(ROWS), inDays));
  expect(holdoutOf(turned, statistics, 129).purchases).toEqual(
    holdoutOf(transactions(ROWS), statistics, 129).purchases,
  );
  const timesOnly = purchaseStatistics({ ...turned, amount: null }, inDays);
  expect(timesOnly.repeats).toEqual(statistics.repeats);
  expect([...timesOnly.totalSpend]).toEqual([0, 0]);
});

test("nobody and nothing", () => {
  expect(purchaseStatistics(transactions([]), inDays).count).toBe(0);
  expect(purchaseStatistics(transactions(ROWS), { untilDay: 99 }).count).toBe(0);
});
