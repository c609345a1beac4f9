import { expect, test } from "vitest";
import { makeCustomer, makeOrder, makeRefund } from "../../../tests/support/orders.ts";
import { addOrderRows, customerRow, type OrderRows } from "../order-rows.ts";
import { CUSTOMER_COLUMNS, LINE_COLUMNS, ORDER_COLUMNS, REFUND_COLUMNS } from "./row-columns.ts";

test("rows are made with their keys in the order of the columns", () => {
  const rows: OrderRows = { orders: [], lines: [], refunds: [] };
  const facts = {
    storedUpdatedAt: new Map(),
    storedCosts: new Map(),
    deletedOrderIds: new Set<number>(),
    owners: { changed: new Map(), rejoined: new Map() },
    unitCosts: new Map(),
  };
  addOrderRows(rows, 1, makeOrder({ refunds: [makeRefund()] }), facts, 1);
  expect(rows.orders.map((row) => Object.keys(row))).toEqual([ORDER_COLUMNS]);
  expect(rows.lines.map((row) => Object.keys(row))).toEqual([LINE_COLUMNS]);
  expect(rows.refunds.map((row) => Object.keys(row))).toEqual([REFUND_COLUMNS]);
  expect(Object.keys(customerRow(1, makeCustomer(), 1))).toEqual(CUSTOMER_COLUMNS);
});
