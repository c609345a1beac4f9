import { expect, test } from "vitest";
import { sampleColumns } from "../../../tests/support/order-columns.ts";
import { dayFromIso } from "../calendar.ts";
import { ORDER_FLAGS } from "../order-flags.ts";
import { customerHistory } from "./customer-history.ts";

const ORDERS = [
  {
    id: 1,
    on: "2026-01-01",
    customer: 7,
    product: 3,
    grossMinor: 1000,
    costMinor: 400,
    costedNetMinor: 1000,
  },
  { id: 2, on: "2026-01-05", customer: 8, grossMinor: 5000 },
  {
    id: 3,
    on: "2026-01-11",
    customer: 7,
    grossMinor: 2000,
    discountMinor: 500,
    taxMinor: 300,
    refunds: [
      { on: "2026-01-20", productMinor: 200, taxMinor: 40 },
      { on: "2026-02-01", productMinor: 300 },
    ],
  },
  { id: 4, on: "2026-01-12", customer: 7, grossMinor: 900, flags: ORDER_FLAGS.cancelled },
  { id: 5, on: "2026-01-31", customer: 7, grossMinor: 100 },
  { id: 6, on: "2026-02-01", grossMinor: 100 },
];

test("a customer's figures are those of their counted orders", () => {
  const columns = sampleColumns(ORDERS);
  const history = customerHistory(columns, { customerId: 7 });
  expect(history).toMatchObject({
    excluded: false,
    orders: 3,
    leftOutOrders: 1,
    grossMinor: 3100,
    discountMinor: 500,
    refundsMinor: 500,
    refundedOrders: 1,
    netMinor: 2100,
    // Costs are known of 1000 of 2100.
    marginMinor: 600,
    unitCostShare: 1000 / 2100,
    averageOrderMinor: 700,
    firstDay: dayFromIso("2026-01-01"),
    lastDay: dayFromIso("2026-01-31"),
    medianDaysBetweenOrders: 15,
    meanDaysBetweenOrders: 15,
    netRank: 2,
    rankedCustomers: 2,
    newer: 0,
    older: 0,
  });
  expect(history?.page.map(({ orderId, number, daysSince }) => [orderId, number, daysSince])).toEqual([
    [5, 3, 20],
    [4, null, null],
    [3, 2, 10],
    [1, 1, null],
  ]);
  expect(history?.page[2]).toMatchObject({
    netMinor: 1000,
    refundsMinor: 500,
    refunds: [
      { day: dayFromIso("2026-01-20"), minor: 200 },
      { day: dayFromIso("2026-02-01"), minor: 300 },
    ],
  });
  const withTax = { tax: true, shipping: false, giftCards: false };
  expect(customerHistory(columns, { customerId: 7, included: withTax })).toMatchObject({
    netMinor: 2100 + 300 - 40,
    marginMinor: 600,
  });
});

test("orders come a page at a time, newest first", () => {
  const columns = sampleColumns(ORDERS);
  const page = (before?: number) => customerHistory(columns, { customerId: 7, before, size: 2 });
  expect(page()).toMatchObject({ page: [{ orderId: 5 }, { orderId: 4 }], newer: 0, older: 2 });
  expect(page(4)).toMatchObject({ page: [{ orderId: 3 }, { orderId: 1 }], newer: 2, older: 0 });
  expect(page(4)?.newerBefore).toBeNull();
  expect(page(3)).toMatchObject({ page: [{ orderId: 1 }], newer: 3, newerBefore: 5 });
  // Somebody else's order is no place in this list.
  expect(page(2)).toMatchObject({ page: [{ orderId: 5 }, { orderId: 4 }] });
});

test("customers who are left out, and those without counted orders, have no rank", () => {
  expect(customerHistory(sampleColumns(ORDERS, {}, [7]), { customerId: 7 })).toMatchObject({
    excluded: true,
    orders: 3,
    netRank: null,
    rankedCustomers: 1,
  });
  const cancelled = sampleColumns([{ on: "2026-01-01", customer: 7, flags: ORDER_FLAGS.cancelled }]);
  expect(customerHistory(cancelled, { customerId: 7 })).toMatchObject({
    orders: 0,
    leftOutOrders: 1,
    averageOrderMinor: null,
    marginMinor: null,
    firstDay: null,
    netRank: null,
  });
  expect(customerHistory(cancelled, { customerId: 8 })).toBeNull();
});
