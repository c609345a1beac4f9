import { expect, test } from "vitest";
import { sampleColumns, type SampleOrder } from "../../../tests/support/order-columns.ts";
import { ORDER_FLAGS } from "../order-flags.ts";
import { countOrders } from "../metrics/counted-orders.ts";
import { discountUses } from "./discount-use.ts";

/** A customer's orders, by whether each had a discount. */
function ordersOf(customer: number, discounted: readonly boolean[]): SampleOrder[] {
  return discounted.map((has, at) => ({
    on: `2026-01-${10 + at}`,
    ...{ customer, grossMinor: 1_000, discountMinor: has ? 100 : 0 },
  }));
}

test("is never, some up to half, and mostly beyond", () => {
  const columns = sampleColumns([
    ...ordersOf(1, [false, false]),
    ...ordersOf(2, [true, false, true, false]),
    ...ordersOf(3, [true, false, true]),
    ...ordersOf(4, [true]),
    ...ordersOf(5, [false, false, false, true]),
  ]);
  expect([...discountUses(columns, countOrders(columns))]).toEqual([0, 1, 2, 2, 1]);
});

test("is told of orders that count only", () => {
  const columns = sampleColumns([
    { on: "2026-01-01", customer: 1, grossMinor: 1_000, discountMinor: 500, flags: ORDER_FLAGS.cancelled },
    { on: "2026-01-02", customer: 1, grossMinor: 1_000 },
    { on: "2026-01-02", grossMinor: 1_000, discountMinor: 1 },
  ]);
  expect([...discountUses(columns, countOrders(columns))]).toEqual([0]);
});
