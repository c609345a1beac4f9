import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleColumns } from "../../../tests/support/order-columns.ts";
import { dayFromIso, isoDate } from "../calendar.ts";
import { ORDER_FLAGS } from "../order-flags.ts";
import { countOrders } from "./counted-orders.ts";
import { revenueOf } from "./revenue.ts";
import { trendOf } from "./trend.ts";

const FIRST = dayFromIso("2026-01-01");

test("counts each order and each refund on its day, and cuts weeks at the period's ends", () => {
  const columns = sampleColumns([
    { on: "2026-01-01", customer: 1, grossMinor: 100 },
    { on: "2026-01-04", customer: 1, grossMinor: 200, refunds: [{ on: "2026-01-06", productMinor: 50 }] },
    { on: "2026-01-05", grossMinor: 400, discountMinor: 100 },
    { on: "2026-01-05", flags: ORDER_FLAGS.test, grossMinor: 9_999 },
    { on: "2026-01-13", customer: 2, grossMinor: 1 },
  ]);
  const period = { firstDay: FIRST, lastDay: dayFromIso("2026-01-12") };
  const options = { period, grain: "week", basis: "refund date" } as const;
  const points = trendOf(columns, countOrders(columns), options);
  expect(points).toMatchObject([
    { start: "2025-12-29", firstDay: FIRST, whole: false, netMinor: 300, firstOrders: 1, repeatOrders: 1 },
    { start: "2026-01-05", whole: true, netMinor: 250, orders: 1, guestOrders: 1 },
    { start: "2026-01-12", lastDay: period.lastDay, whole: false, netMinor: 0, orders: 0 },
  ]);
});

test("at any grain the points add up to the period's revenue", () => {
  const order = fc.record({
    on: fc.integer({ min: FIRST - 10, max: FIRST + 80 }).map(isoDate),
    customer: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    grossMinor: fc.integer({ min: 0, max: 900 }),
    taxMinor: fc.integer({ min: 0, max: 90 }),
    flags: fc.constantFrom(0, 0, ORDER_FLAGS.cancelled),
    refunds: fc.array(
      fc.record({
        on: fc.integer({ min: FIRST - 10, max: FIRST + 90 }).map(isoDate),
        productMinor: fc.integer({ min: 0, max: 99 }),
        taxMinor: fc.integer({ min: 0, max: 9 }),
      }),
      { maxLength: 2 },
    ),
  });
  fc.assert(
    fc.property(
      fc.array(order, { maxLength: 30 }),
      fc.constantFrom("day" as const, "week" as const, "month" as const),
      fc.constantFrom("order date" as const, "refund date" as const),
      fc.boolean(),
      fc.integer({ min: 0, max: 60 }),
      (orders, grain, basis, tax, days) => {
        const columns = sampleColumns(
          orders.map(({ customer, ...rest }) => (customer ? { ...rest, customer } : rest)),
        );
        const counted = countOrders(columns);
        const period = { firstDay: FIRST, lastDay: FIRST + days };
        const options = { period, basis, included: { tax, shipping: false, giftCards: false } };
        const points = trendOf(columns, counted, { ...options, grain });
        const revenue = revenueOf(columns, counted, options);
        const sum = (field: "netMinor" | "orders" | "guestOrders") =>
          points.reduce((total, point) => total + point[field], 0);
        expect(sum("netMinor")).toBe(revenue.netMinor);
        expect(sum("orders")).toBe(revenue.orders);
        expect(sum("guestOrders")).toBe(revenue.guestOrders);
        expect(points.reduce((total, { firstDay, lastDay }) => total + lastDay - firstDay + 1, 0)).toBe(
          days + 1,
        );
      },
    ),
  );
});
