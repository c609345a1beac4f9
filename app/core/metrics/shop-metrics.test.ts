import fc from "fast-check";
import { expect, test } from "vitest";
import {
  naiveCohorts,
  naiveCounted,
  naiveCustomers,
  naiveFirstProducts,
  naiveHistoricValue,
  naiveIntervals,
  naiveMedian,
  naiveReordered,
  naiveRevenue,
  type NaiveOrder,
} from "../../../tests/support/naive-metrics.ts";
import { SAMPLE_FACTS, sampleColumns, sampleRows } from "../../../tests/support/order-columns.ts";
import { dayFromIso, isoDate } from "../calendar.ts";
import { PRODUCTS_ONLY } from "./amounts.ts";
import { cohortsOf } from "./cohorts.ts";
import { countOrders } from "./counted-orders.ts";
import { periodCustomers } from "./customers.ts";
import { firstProducts } from "./first-products.ts";
import { historicValue } from "./lifetime-value.ts";
import { mergeOrderColumns } from "./order-columns.ts";
import { orderIntervals } from "./order-intervals.ts";
import { revenueOf } from "./revenue.ts";
import { timeToSecondOrder } from "./second-order.ts";
import { reportShop } from "./shop-report.ts";

// Two years and a bit around a leap day, so that 12 and 24 months can be complete.
const FIRST = dayFromIso("2023-12-20");
const LAST = dayFromIso("2026-03-10");
const day = fc.integer({ min: FIRST, max: LAST });
const minor = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 9_000_000_000 }));
const small = fc.integer({ min: 0, max: 500 });
const optional = { requiredKeys: [] };
const refund = fc
  .tuple(
    day,
    fc.record({ productMinor: small, shippingMinor: small, taxMinor: small, giftCardMinor: small }, optional),
  )
  .map(([on, amounts]) => ({ on: isoDate(on), ...amounts }));
const order = fc
  .tuple(
    day,
    fc.integer({ min: 0, max: 86_399 }),
    fc.record(
      {
        customer: fc.integer({ min: 1, max: 6 }),
        product: fc.integer({ min: 1, max: 3 }),
        flags: fc.constantFrom(0, 0, 0, 0, 0, 1, 2, 3, 4, 16, 32),
        grossMinor: minor,
        discountMinor: small,
        shippingMinor: small,
        taxMinor: small,
        tipMinor: small,
        giftCardMinor: small,
        refunds: fc.array(refund, { maxLength: 3 }),
      },
      optional,
    ),
  )
  .map(([on, second, rest]) => ({
    on: `${isoDate(on)}T${new Date(second * 1000).toISOString().slice(11, 19)}Z`,
    ...rest,
  }));
const history = fc
  .array(order, { minLength: 0, maxLength: 40 })
  .map((orders): NaiveOrder[] => orders.map((each, index) => ({ ...each, id: 900 - index })));
const excluded = fc.subarray([2, 5], { maxLength: 2 });
const switches = fc.record({ tax: fc.boolean(), shipping: fc.boolean(), giftCards: fc.boolean() });
const period = fc
  .tuple(day, fc.integer({ min: 0, max: 500 }))
  .map(([firstDay, more]) => ({ firstDay, lastDay: firstDay + more }));

/** Checks a statement over any history that has an order that counts. */
function always<T>(
  extra: fc.Arbitrary<T>,
  statement: (shop: { columns: ReturnType<typeof sampleColumns>; orders: NaiveOrder[] }, extra: T) => void,
) {
  fc.assert(
    fc.property(history, excluded, extra, (orders, leftOut, more) => {
      const counted = naiveCounted(orders, leftOut);
      fc.pre(counted.length > 0);
      statement({ columns: sampleColumns(orders, {}, leftOut), orders: counted }, more);
    }),
    { numRuns: 300 },
  );
}

test("revenue equals its definition, by either date and under any switches", () => {
  const basis = fc.constantFrom("order date" as const, "refund date" as const);
  always(fc.tuple(period, switches, basis), ({ columns, orders }, [asked, included, basis]) => {
    const revenue = revenueOf(columns, countOrders(columns), { period: asked, included, basis });
    expect(revenue).toMatchObject(naiveRevenue(orders, asked.firstDay, asked.lastDay, included, basis));
  });
});

test("customers, retention and one-time buyers equal their definitions", () => {
  always(period, ({ columns, orders }, asked) => {
    const customers = periodCustomers(columns, countOrders(columns), asked);
    expect(customers).toMatchObject(naiveCustomers(orders, asked.firstDay, asked.lastDay));
    const { atEnd, newCustomers, retained, reactivated } = customers.retention;
    expect(newCustomers + retained + reactivated).toBe(atEnd);
  });
});

test("intervals between orders equal their definition", () => {
  always(period, ({ columns, orders }, asked) => {
    const naive = naiveIntervals(orders, asked.firstDay, asked.lastDay);
    const intervals = orderIntervals(columns, countOrders(columns), asked);
    expect(intervals.intervals).toBe(naive.length);
    expect(intervals.medianDays).toBe(naiveMedian(naive));
    for (const { fromDays, toDays, intervals: count } of intervals.histogram) {
      expect(count).toBe(naive.filter((days) => days >= fromDays && days <= (toDays ?? Infinity)).length);
    }
  });
});

test("cohorts equal their definition", () => {
  always(
    fc.tuple(fc.constantFrom("month" as const, "week" as const), switches),
    ({ columns, orders }, more) => {
      const [grain, included] = more;
      const cohorts = cohortsOf(columns, countOrders(columns), { grain, included });
      expect(cohorts).toMatchObject(naiveCohorts(orders, grain, included));
      const last = orders.at(-1)?.on.slice(0, 10) ?? "";
      const whole =
        grain === "month" ? isoDate(dayFromIso(last) + 1).endsWith("-01") : new Date(last).getUTCDay() === 0;
      for (const { active, wholeAges } of cohorts) expect(active.length - wholeAges).toBe(whole ? 0 : 1);
    },
  );
});

test("the report equals the same definitions over all days", () => {
  always(fc.constant(null), ({ columns, orders }) => {
    const report = reportShop(columns);
    const revenue = naiveRevenue(orders, FIRST - 1000, LAST + 1000, PRODUCTS_ONLY, "order date");
    const customers = naiveCustomers(orders, FIRST - 1000, LAST + 1000);
    expect(report).toMatchObject({
      orders: revenue.orders,
      guestOrders: revenue.guestOrders,
      grossMinor: revenue.grossMinor,
      refundsMinor: revenue.refundsMinor,
      netMinor: revenue.netMinor,
      aovMinor: revenue.aovMinor,
      customers: customers.customers,
      repeatCustomers: customers.repeatCustomers,
      repeatPurchaseRate: customers.repeatPurchaseRate,
      purchaseFrequency: customers.purchaseFrequency,
      medianDaysBetweenOrders: naiveMedian(naiveIntervals(orders, FIRST, LAST)),
      cohorts: naiveCohorts(orders, "month", PRODUCTS_ONLY).map(
        ({ start, customers, retention, cumulativeNetMinor }) => ({
          month: start,
          customers,
          retention,
          cumulativeNetMinor,
        }),
      ),
    });
  });
});

test("the time to the second order equals the product-limit estimate", () => {
  always(fc.constant(null), ({ columns, orders }) => {
    const naive = naiveReordered(orders);
    const { curve, medianDays } = timeToSecondOrder(countOrders(columns));
    expect(curve.map(({ days }) => days)).toEqual(naive.map(({ days }) => days));
    curve.forEach(({ share, low, high }, index) => {
      expect(share).toBeCloseTo(naive[index]?.share ?? NaN, 12);
      if (low === null || high === null) return;
      expect(low).toBeLessThanOrEqual(share);
      expect(high).toBeGreaterThanOrEqual(share);
    });
    if (medianDays !== null) expect(naive.find(({ share }) => share >= 0.5 - 1e-12)?.days).toBe(medianDays);
  });
});

test("first products and historic value equal their definitions", () => {
  const within = fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined });
  always(fc.tuple(within, switches), ({ columns, orders }, [withinDays, included]) => {
    const counted = countOrders(columns);
    const naive = naiveFirstProducts(orders, withinDays ?? Infinity);
    const unknown = naive.get(undefined);
    naive.delete(undefined);
    const options = withinDays === undefined ? {} : { withinDays };
    const all = firstProducts(columns, counted, { ...options, minimumCustomers: 1 });
    expect(all.others).toBeNull();
    expect(new Map(all.products.map((row) => [row.productId, row.repeatCustomers]))).toEqual(
      new Map([...naive].map(([product, row]) => [product, row.repeatCustomers])),
    );
    expect(all.unknown?.customers).toBe(unknown?.customers);
    const some = firstProducts(columns, counted, { ...options, minimumCustomers: 3 });
    const few = [...naive.values()].filter(({ customers }) => customers < 3);
    expect(some.others?.productCount ?? 0).toBe(few.length);
    for (const [months, days] of [
      [12, 365],
      [24, 730],
    ] as const) {
      expect(historicValue(columns, counted, months, included)).toMatchObject(
        naiveHistoricValue(orders, days, included),
      );
    }
  });
});

test("a merge of changes equals building from all rows", () => {
  fc.assert(
    fc.property(
      history,
      history,
      fc.array(fc.integer({ min: 861, max: 900 }), { maxLength: 5 }),
      (before, changes, gone) => {
        const deleted = gone.filter((id) => !changes.some((order) => order.id === id));
        const stays = (order: NaiveOrder) =>
          !deleted.includes(order.id) && !changes.some(({ id }) => id === order.id);
        const { rows, refunds } = sampleRows(changes);
        const merged = mergeOrderColumns(sampleColumns(before), SAMPLE_FACTS, rows, refunds, deleted, [2]);
        expect(merged).toEqual(sampleColumns([...before.filter(stays), ...changes], {}, [2]));
      },
    ),
    { numRuns: 300 },
  );
});
