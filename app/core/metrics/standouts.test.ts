import { describe, expect, test } from "vitest";
import { sampleColumns, type SampleOrder } from "../../../tests/support/order-columns.ts";
import { dayFromIso, isoDate } from "../calendar.ts";
import { countOrders } from "./counted-orders.ts";
import type { ShopFacts } from "./order-columns.ts";
import { standoutsOf } from "./standouts.ts";

const TODAY = dayFromIso("2026-03-04");
const FROM = TODAY - 63;

/** Nine weeks, the last one ending yesterday, with so many new customers a week; one order earlier begins the history. */
function weeksOf(
  counts: readonly number[],
  change: (order: SampleOrder, week: number, index: number) => SampleOrder = (order) => order,
) {
  const orders: SampleOrder[] = [{ on: isoDate(FROM - 30), customer: 1, grossMinor: 1_000 }];
  counts.forEach((count, week) => {
    for (let index = 0; index < count; index++) {
      const on = isoDate(FROM + week * 7 + (index % 7));
      orders.push(change({ on, customer: orders.length + 1, grossMinor: 1_000 }, week, index));
    }
  });
  return orders;
}

function standouts(orders: SampleOrder[], facts: Partial<ShopFacts> = {}) {
  const columns = sampleColumns(orders, facts);
  return standoutsOf(columns, countOrders(columns), { today: TODAY });
}

const EVEN = [100, 100, 100, 100, 100, 100, 100, 100];

describe("the example of the header", () => {
  test("140 new customers after weeks of 100 stand out, with the bounds of what was to be expected", () => {
    const { standouts: found, week } = standouts(weeksOf([...EVEN, 140]));
    expect(week).toEqual({ firstDay: TODAY - 7, lastDay: TODAY - 1 });
    const customers = found.find(({ measure }) => measure === "newCustomers");
    expect(customers).toMatchObject({ direction: "high", value: 140, mean: 100 });
    expect(customers?.low).toBeCloseTo(62.89, 2);
    expect(customers?.high).toBeCloseTo(137.11, 2);
    expect(found.map(({ measure }) => measure).toSorted()).toEqual(["netMinor", "newCustomers", "orders"]);
  });

  test("137 do not", () => {
    expect(standouts(weeksOf([...EVEN, 137]))).toMatchObject({ standouts: [], silentBecause: null });
  });
});

test("what varies from week to week stands out later", () => {
  const uneven = [60, 140, 80, 120, 70, 130, 90, 110];
  expect(standouts(weeksOf([...uneven, 150])).standouts).toEqual([]);
  expect(standouts(weeksOf([...uneven, 20])).standouts).toEqual([]);
  expect(standouts(weeksOf([...uneven, 230])).standouts.length).toBeGreaterThan(0);
});

test("a week without orders stands out as low", () => {
  const { standouts: found } = standouts(weeksOf([...EVEN, 0]));
  expect(found.map(({ measure, direction }) => [measure, direction])).toContainEqual(["netMinor", "low"]);
});

test("refunds count on their own day, and only where there are enough of them", () => {
  const refunded = (share: number, last: number) =>
    weeksOf([...EVEN, 100], (order, week, index) => {
      const isRefunded = index < (week === 8 ? last : share);
      return isRefunded ? { ...order, refunds: [{ on: order.on, productMinor: 1_000 }] } : order;
    });
  const { standouts: found } = standouts(refunded(12, 40));
  const rate = found.find(({ measure }) => measure === "refundRate");
  expect(rate).toMatchObject({ direction: "high", value: 0.4 });
  expect(rate?.mean).toBeCloseTo(0.12, 12);
  expect(standouts(refunded(12, 15)).standouts).toEqual([]);
  const few = standouts(refunded(2, 12)).standouts.map(({ measure }) => measure);
  expect(few).not.toContain("refundRate");
});

test("second orders are counted when they are placed", () => {
  // Each week's first 20 orders are by customers of the week before.
  const orders = weeksOf([...EVEN, 100], (order, week, index) => {
    const often = week === 8 ? 60 : 20;
    return week > 0 && index < often ? { ...order, customer: 2 + (week - 1) * 100 + 99 - index } : order;
  });
  const second = standouts(orders).standouts.find(({ measure }) => measure === "secondOrders");
  expect(second).toMatchObject({ direction: "high", value: 60 });
});

test("says why it is silent", () => {
  expect(standouts(weeksOf([...EVEN, 400]), { syncComplete: false }).silentBecause).toBe("not-synced");
  expect(standouts(weeksOf([...EVEN, 400]), { readableFromDay: FROM + 1 }).silentBecause).toBe("too-young");
  expect(standouts(weeksOf([...EVEN, 400]).slice(1)).silentBecause).toBeNull();
  expect(standouts([{ on: isoDate(TODAY - 20) }]).silentBecause).toBe("too-young");
  expect(standouts(weeksOf([5, 5, 5, 5, 5, 5, 5, 5, 50])).silentBecause).toBe("too-few-orders");
  expect(standouts([]).silentBecause).toBe("too-young");
});
