import fc from "fast-check";
import { expect, test } from "vitest";
import { naiveCustomerList, type NaiveOrder } from "../../../tests/support/naive-metrics.ts";
import { sampleColumns } from "../../../tests/support/order-columns.ts";
import { dayFromIso, isoDate } from "../calendar.ts";
import type { CustomerFilter } from "./customer-filter.ts";
import { customerPage, customerRows, type CustomerCursor, type CustomerRow } from "./customer-page.ts";

// Few days, amounts and products, so that customers tie in every figure.
const FIRST = dayFromIso("2026-01-01");
const order = fc
  .record({
    after: fc.integer({ min: 0, max: 4 }),
    customer: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
    product: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    flags: fc.constantFrom(0, 0, 0, 0, 1, 2),
    grossMinor: fc.constantFrom(0, 100, 101, 200, 5_000_000_000),
    discountMinor: fc.constantFrom(0, 50, 300),
    taxMinor: fc.constantFrom(0, 20),
    shippingMinor: fc.constantFrom(0, 5),
    back: fc.constantFrom(0, 0, 100),
  })
  .map(({ after, back, ...rest }) => ({
    ...rest,
    on: isoDate(FIRST + after),
    refunds: back === 0 ? [] : [{ on: isoDate(FIRST + after + 3), productMinor: back, taxMinor: 10 }],
  }));
const history = fc.array(order, { maxLength: 40 }).map((orders): NaiveOrder[] =>
  orders.map(({ customer, product, ...rest }, index) => ({
    ...rest,
    id: index + 1,
    ...(customer === undefined ? {} : { customer }),
    ...(product === undefined ? {} : { product }),
  })),
);
const switches = fc.record({ tax: fc.boolean(), shipping: fc.boolean(), giftCards: fc.boolean() });
const between = (low: number, high: number) => {
  const end = fc.option(fc.integer({ min: low, max: high }), { nil: undefined });
  // Seldom, or nobody is left by five filters.
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.record({ from: end, to: end }));
};
const filter: fc.Arbitrary<CustomerFilter> = fc.record({
  orders: between(0, 4),
  netMinor: between(-300, 300),
  firstDay: between(FIRST, FIRST + 4),
  lastDay: between(FIRST, FIRST + 4),
  firstProductId: fc.constantFrom(undefined, undefined, undefined, undefined, 1, 2, 99),
  standing: fc.constantFrom(
    undefined,
    "any" as const,
    "counted" as const,
    "any" as const,
    "excluded" as const,
  ),
});
const FIGURE = {
  orders: "orders",
  net: "netMinor",
  averageOrder: "averageOrderMinor",
  firstOrder: "firstDay",
  lastOrder: "lastDay",
} as const;
type Sort = keyof typeof FIGURE;
const sort = fc.constantFrom<Sort>("orders", "net", "averageOrder", "firstOrder", "lastOrder");
const excluded = fc.subarray([2, 5, 7], { maxLength: 3 });

function naiveList(rows: CustomerRow[], kept: CustomerFilter, by: Sort, descending: boolean) {
  const within = (value: number, range: { from?: number | undefined; to?: number | undefined } = {}) =>
    value >= (range.from ?? -Infinity) && value <= (range.to ?? Infinity);
  const sign = descending ? -1 : 1;
  return rows
    .filter((row) => within(row.orders, kept.orders) && within(row.netMinor, kept.netMinor))
    .filter((row) => within(row.firstDay, kept.firstDay) && within(row.lastDay, kept.lastDay))
    .filter((row) => kept.firstProductId === undefined || row.firstProductId === kept.firstProductId)
    .filter((row) => kept.standing === "any" || row.excluded === (kept.standing === "excluded"))
    .toSorted((a, b) => sign * (a[FIGURE[by]] - b[FIGURE[by]] || a.customerId - b.customerId));
}

const asked = fc.record({
  orders: history,
  leftOut: excluded,
  included: switches,
  filter,
  sort,
  descending: fc.boolean(),
  size: fc.integer({ min: 1, max: 6 }),
});

test("pages forwards are the sorted list, cut into pages", () => {
  fc.assert(
    fc.property(asked, ({ orders, leftOut, ...options }) => {
      const columns = sampleColumns(orders, {}, leftOut);
      const list = naiveList(
        naiveCustomerList(orders, leftOut, options.included),
        options.filter,
        options.sort,
        options.descending,
      );
      let after: CustomerCursor | undefined;
      for (let from = 0; ; from += options.size) {
        const page = customerPage(columns, { ...options, after });
        expect(page.rows).toEqual(list.slice(from, from + options.size));
        expect(page.matching).toBe(list.length);
        expect(page.preceding).toBe(Math.min(from, list.length));
        if (page.end === null) break;
        after = page.end;
      }
    }),
    { numRuns: 500 },
  );
});

test("pages backwards end where the list begins", () => {
  fc.assert(
    fc.property(asked, fc.nat({ max: 12 }), ({ orders, leftOut, ...options }, place) => {
      const columns = sampleColumns(orders, {}, leftOut);
      const list = naiveList(
        naiveCustomerList(orders, leftOut, options.included),
        options.filter,
        options.sort,
        options.descending,
      );
      const row = list[place % list.length];
      fc.pre(row !== undefined);
      let before: CustomerCursor | null = { value: row[FIGURE[options.sort]], customerId: row.customerId };
      for (let end = place % list.length; before; end -= options.size) {
        const page = customerPage(columns, { ...options, before });
        expect(page.rows).toEqual(list.slice(Math.max(0, end - options.size), Math.max(0, end)));
        expect(page.preceding).toBe(Math.max(0, end - options.size));
        before = page.start;
      }
    }),
    { numRuns: 500 },
  );
});

test("a place stays valid when its row has gone or changed", () => {
  const columns = sampleColumns([
    { on: "2026-01-01", customer: 1, grossMinor: 300 },
    { on: "2026-01-02", customer: 2, grossMinor: 200 },
    { on: "2026-01-03", customer: 3, grossMinor: 100 },
  ]);
  const options = { sort: "net", descending: true, size: 1 } as const;
  const idsAfter = (after: CustomerCursor) =>
    customerPage(columns, { ...options, after }).rows.map(({ customerId }) => customerId);
  expect(idsAfter({ value: 250, customerId: 77 })).toEqual([2]);
  expect(idsAfter({ value: 200, customerId: 2 })).toEqual([3]);
  expect(idsAfter({ value: 200, customerId: 3 })).toEqual([2]);
  expect(customerPage(columns, { ...options, after: { value: 0, customerId: 1 } })).toMatchObject({
    rows: [],
    matching: 3,
    preceding: 3,
    start: null,
  });
});

test("rows of named customers come in the order asked for, and only of those who ordered", () => {
  const columns = sampleColumns([
    { on: "2026-01-01", customer: 10, grossMinor: 300 },
    { on: "2026-01-02", customer: 20, grossMinor: 200, flags: 2 },
    { on: "2026-01-03", customer: 30, grossMinor: 100 },
  ]);
  const rows = customerRows(columns, { customerIds: [30, 20, 5, 10, 99] });
  expect(rows.map(({ customerId, netMinor }) => [customerId, netMinor])).toEqual([
    [30, 100],
    [10, 300],
  ]);
});

test("a list is sorted and filtered by what is expected, where it is known", () => {
  const columns = sampleColumns([
    { on: "2026-01-01", customer: 1, grossMinor: 300 },
    { on: "2026-01-02", customer: 2, grossMinor: 200 },
    { on: "2026-01-03", customer: 3, grossMinor: 100 },
    { on: "2026-01-03", customer: 4, grossMinor: 100 },
  ]);
  const [today, overdue, open] = [FIRST + 100, FIRST + 99, FIRST + 100];
  const estimates = {
    untilDay: today,
    valueMinor: Float64Array.of(1_000.4, 2_000, NaN, 500),
    chances: {
      returnChance: Float64Array.of(0.05, 0.8, NaN, 0.5),
      dueFrom: Int32Array.of(FIRST + 5, FIRST + 5, 0, FIRST + 5),
      dueBy: Int32Array.of(overdue, open, 0, FIRST + 400),
    },
  };
  const members = () => ({ carts: Uint8Array.of(0, 0, 1, 1) });
  const list = (filter: CustomerFilter, by: "value" | "churnRisk" | "due" = "value") =>
    customerPage(columns, { filter, sort: by, descending: true }, undefined, { estimates, members }).rows.map(
      ({ customerId }) => customerId,
    );
  expect(list({})).toEqual([2, 1, 4, 3]);
  expect(list({ standing: "counted" }, "churnRisk")).toEqual([1, 4, 2, 3]);
  expect(list({ valueMinor: { from: 1_000 } })).toEqual([2, 1]);
  expect(list({ valueMinor: { to: 1_000 } })).toEqual([1, 4]);
  expect(list({ bands: ["lost", "medium"] })).toEqual([1, 4]);
  expect(list({ due: "passed" })).toEqual([1]);
  expect(list({ due: "open" }, "due")).toEqual([4, 2]);
  expect(list({ action: "carts" })).toEqual([4, 3]);
  expect(list({ action: "overdue" })).toEqual([]);
  const [first, , , last] = customerPage(columns, { sort: "value" }, undefined, { estimates, members }).rows;
  expect(first?.expected).toEqual({
    valueMinor: 2_000,
    chances: {
      churnRisk: expect.closeTo(0.2, 12) as number,
      band: "low",
      dueFrom: FIRST + 5,
      dueBy: open,
      isOverdue: false,
    },
  });
  expect(last?.expected).toBeNull();
  expect(customerPage(columns, { filter: { due: "passed" } }).matching).toBe(0);
});

test("a shop of guests has no customers", () => {
  const columns = sampleColumns([{ on: "2026-01-01", grossMinor: 300 }]);
  expect(customerPage(columns)).toMatchObject({ rows: [], matching: 0, preceding: 0 });
});
