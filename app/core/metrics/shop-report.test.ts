import { expect, test } from "vitest";
import { sampleColumns } from "../../../tests/support/order-columns.ts";
import { ORDER_FLAGS } from "../order-flags.ts";
import { reportShop } from "./shop-report.ts";

test("a shop of seven orders, computed by hand", () => {
  const report = reportShop(
    sampleColumns([
      { on: "2026-01-31", customer: 7, grossMinor: 1000 },
      { on: "2026-02-01", customer: 7, grossMinor: 2000, discountMinor: 500 },
      { on: "2026-02-01T13:00:00Z", customer: 7, grossMinor: 300 },
      {
        on: "2026-02-10",
        customer: 8,
        grossMinor: 900,
        shippingMinor: 400,
        taxMinor: 90,
        refunds: [{ on: "2026-03-03", productMinor: 200, shippingMinor: 400 }],
      },
      { on: "2026-03-01", grossMinor: 101 },
      { on: "2026-03-02", customer: 8, grossMinor: 5000, flags: ORDER_FLAGS.test },
      { on: "2026-03-02", customer: 9, grossMinor: 5000, flags: ORDER_FLAGS.cancelled },
    ]),
  );
  expect(report).toEqual({
    currency: "EUR",
    orders: 5,
    customers: 2,
    guestOrders: 1,
    repeatCustomers: 1,
    repeatPurchaseRate: 0.5,
    grossMinor: 4301,
    refundsMinor: 200,
    netMinor: 3601,
    aovMinor: 720,
    purchaseFrequency: 2,
    medianDaysBetweenOrders: 0.5,
    cohorts: [
      { month: "2026-01", customers: 1, retention: [1, 1, 0], cumulativeNetMinor: [1000, 2800, 2800] },
      { month: "2026-02", customers: 1, retention: [1, 0], cumulativeNetMinor: [700, 700] },
    ],
  });
});

test("an empty shop and one of guests only have no rates", () => {
  expect(reportShop(sampleColumns([]))).toEqual({
    currency: "EUR",
    orders: 0,
    customers: 0,
    guestOrders: 0,
    repeatCustomers: 0,
    repeatPurchaseRate: null,
    grossMinor: 0,
    refundsMinor: 0,
    netMinor: 0,
    aovMinor: null,
    purchaseFrequency: null,
    medianDaysBetweenOrders: null,
    cohorts: [],
  });
  const guests = reportShop(sampleColumns([{ on: "2024-02-29", grossMinor: 5 }]));
  expect(guests).toMatchObject({ orders: 1, guestOrders: 1, customers: 0, aovMinor: 5, cohorts: [] });
});
