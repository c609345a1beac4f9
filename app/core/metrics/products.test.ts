import fc from "fast-check";
import { expect, test } from "vitest";
import { naiveCounted, type NaiveOrder } from "../../../tests/support/naive-metrics.ts";
import { naivePairs, naiveProducts } from "../../../tests/support/naive-products.ts";
import {
  SAMPLE_FACTS,
  sampleColumns,
  sampleLineRows,
  sampleLines,
  type SampleOrder,
} from "../../../tests/support/order-columns.ts";
import { dayFromIso, isoDate } from "../calendar.ts";
import { countOrders } from "./counted-orders.ts";
import { liftOf } from "./lift.ts";
import { mergeLineColumns } from "./line-columns.ts";
import { productsNext, productsTogether } from "./product-pairs.ts";
import { pairPage, productPage } from "./product-tables.ts";
import { productsOf } from "./products.ts";
import { repeatRate } from "./repeat-rate.ts";

const [TEA, CUP, POT] = [11, 12, 13] as const;

// Ann buys tea and a cup, tea again after 10 days, then a pot. Ben buys tea and a cup once. A guest buys tea and a cup; Cy a
// pot. One order is cancelled, and one holds no product.
const SHOP: SampleOrder[] = [
  {
    on: "2026-01-01",
    customer: 1,
    lines: [
      { product: TEA, quantity: 2, netMinor: 1000, refundMinor: 250 },
      { product: CUP, netMinor: 300 },
    ],
  },
  {
    on: "2026-01-02",
    customer: 2,
    lines: [
      { product: CUP, netMinor: 300 },
      { product: TEA, quantity: 1, netMinor: 500 },
      { product: TEA, quantity: 1, netMinor: 500 },
    ],
  },
  { on: "2026-01-03", lines: [{ product: TEA, netMinor: 500 }, { product: CUP, netMinor: 300 }] },
  { on: "2026-01-04", customer: 3, lines: [{ product: POT, netMinor: 4000 }] },
  { on: "2026-01-05", customer: 3, flags: 2, lines: [{ product: POT, netMinor: 4000 }] },
  { on: "2026-01-11", customer: 1, lines: [{ product: TEA, netMinor: 500 }] },
  { on: "2026-01-21", customer: 1, lines: [{ product: POT, netMinor: 4000, refundMinor: 4000 }] },
  { on: "2026-01-31", customer: 3 },
]; // prettier-ignore

function shopOf(orders: readonly SampleOrder[], excluded: readonly number[] = []) {
  const columns = sampleColumns(orders, {}, excluded);
  return { columns, counted: countOrders(columns), lines: sampleLines(columns, orders) };
}

test("products of eight orders, computed by hand", () => {
  const { columns, counted, lines } = shopOf(SHOP);
  const rate = repeatRate;
  expect(productsOf(columns, counted, lines, { minimumCustomers: 1 })).toEqual({
    products: [
      {
        productId: POT,
        orders: 2,
        buyers: 2,
        units: 2,
        netMinor: 4000,
        refundRate: 0.5,
        // Cy came back with an order of no product.
        again: rate(1, 2),
        same: rate(0, 2),
        medianDaysToSame: null,
      },
      {
        productId: TEA,
        orders: 4,
        buyers: 2,
        units: 6,
        netMinor: 2750,
        refundRate: 250 / 3000,
        again: rate(1, 2),
        same: rate(1, 2),
        medianDaysToSame: 10,
      },
      {
        productId: CUP,
        orders: 3,
        buyers: 2,
        units: 3,
        netMinor: 900,
        refundRate: 0,
        again: rate(1, 2),
        same: rate(0, 2),
        medianDaysToSame: null,
      },
    ],
    all: { buyers: 3, again: rate(2, 3) },
    orders: 7,
    ordersWithoutProduct: 1,
  });
  // Within 12 days only those count who bought by January 19th, twelve days before the last order.
  const soon = productsOf(columns, counted, lines, { minimumCustomers: 1, withinDays: 12 });
  expect(soon.products.find(({ productId }) => productId === POT)?.again).toEqual(rate(0, 1));
  const firstDay = dayFromIso("2026-01-11");
  const later = productsOf(columns, counted, lines, {
    minimumCustomers: 1,
    period: { firstDay, lastDay: firstDay },
  });
  expect(later.products).toHaveLength(1);
  expect(later.products[0]).toMatchObject({ productId: TEA, orders: 1, again: rate(1, 1), same: rate(0, 1) });
  expect(productsOf(columns, counted, lines).products.map(({ again }) => again)).toEqual([null, null, null]);
});

test("pairs of eight orders, computed by hand", () => {
  const { columns, counted, lines } = shopOf(SHOP);
  const options = { minimumOrders: 1, minimumCustomers: 1 };
  const together = productsTogether(columns, counted, lines, options);
  expect(together).toEqual({
    observations: 6,
    minimumOrders: 1,
    comparedProducts: 3,
    productsLeftOut: 0,
    largeOrdersLeftOut: 0,
    pairs: [
      {
        firstId: TEA,
        secondId: CUP,
        orders: 3,
        support: 3 / 6,
        share: 3 / 4,
        ...liftOf(3, 4, 3, 6),
        buyers: 2,
        again: repeatRate(1, 2),
      },
    ],
  });
  expect(together.pairs[0]?.lift).toBe(1.5);
  const next = productsNext(columns, counted, lines, options);
  expect(next.observations).toBe(3);
  expect(next.pairs.map(({ firstId, secondId, orders }) => [firstId, secondId, orders])).toEqual([
    [TEA, POT, 1],
    [CUP, TEA, 1],
  ]);
  // The tea after the cup was followed by a pot; the pot by nothing.
  expect(next.pairs.map(({ again }) => again?.rate)).toEqual([0, 1]);
  expect(productsTogether(columns, counted, lines).pairs).toEqual([]);
});

test("what is left out to bound the work is told", () => {
  const orders: SampleOrder[] = [
    ...Array.from({ length: 4 }, () => ({ on: "2026-01-01", lines: [{ product: 1 }, { product: 2 }] })),
    ...Array.from({ length: 3 }, () => ({ on: "2026-01-01", lines: [{ product: 2 }, { product: 3 }] })),
    { on: "2026-01-02", lines: [{ product: 1 }, { product: 2 }, { product: 3 }, { product: 4 }] },
  ];
  const { columns, counted, lines } = shopOf(orders);
  const asked = (limits: object) => productsTogether(columns, counted, lines, { minimumOrders: 1, limits });
  const ids = ({ pairs }: ReturnType<typeof asked>) =>
    pairs.map(({ firstId, secondId, orders }) => `${firstId}+${secondId}: ${orders}`).toSorted();
  expect(ids(asked({}))).toEqual(["1+2: 5", "1+3: 1", "1+4: 1", "2+3: 4", "2+4: 1", "3+4: 1"]);
  expect(asked({ products: 2 })).toMatchObject({ comparedProducts: 2, productsLeftOut: 2 });
  expect(ids(asked({ products: 2 }))).toEqual(["1+2: 5"]);
  const few = asked({ comparisons: 12 });
  expect(few).toMatchObject({ largeOrdersLeftOut: 1, observations: 7 });
  expect(ids(few)).toEqual(["1+2: 4", "2+3: 3"]);
  expect(asked({ comparisons: 13 }).largeOrdersLeftOut).toBe(0);
  expect(asked({ pairs: 2 })).toMatchObject({ minimumOrders: 2 });
  expect(ids(asked({ pairs: 2 }))).toEqual(["1+2: 5", "2+3: 4"]);
  expect(ids(asked({ pairs: 1 }))).toEqual(["1+2: 5"]);
});

test("the lift and its interval of the worked example", () => {
  const { lift, liftLow, liftHigh } = liftOf(20, 100, 50, 1000);
  expect(lift).toBe(4);
  expect(liftLow).toBeCloseTo(2.899, 3);
  expect(liftHigh).toBeCloseTo(5.52, 3);
  // Who always buys both tells as much as a proportion: the interval of 1000 / 100 is that of 100 in 1000.
  const spread = Math.log(liftOf(100, 100, 100, 1000).liftHigh / 10);
  expect(spread).toBeCloseTo(1.959964 * Math.sqrt(0.9 / 100), 6);
});

test("the interval of the lift holds the true lift about 95 times in 100", () => {
  // Two independent products: the lift is 1. Seeded draws (mulberry32).
  let state = 7;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  let held = 0;
  const samples = 1000;
  for (let sample = 0; sample < samples; sample++) {
    let [both, first, second] = [0, 0, 0];
    for (let order = 0; order < 1000; order++) {
      const [a, b] = [random() < 0.2, random() < 0.15];
      if (a) first++;
      if (b) second++;
      if (a && b) both++;
    }
    const { liftLow, liftHigh } = liftOf(both, first, second, 1000);
    if (liftLow <= 1 && liftHigh >= 1) held++;
  }
  expect(held / samples).toBeGreaterThan(0.93);
  expect(held / samples).toBeLessThan(0.97);
});

const FIRST = dayFromIso("2025-11-01");
const order = fc
  .tuple(
    fc.integer({ min: 0, max: 200 }),
    fc.integer({ min: 0, max: 86_399 }),
    fc.record(
      {
        customer: fc.integer({ min: 1, max: 5 }),
        flags: fc.constantFrom(0, 0, 0, 0, 1, 2),
        lines: fc.array(
          fc.record({
            product: fc.integer({ min: 1, max: 5 }),
            quantity: fc.integer({ min: 1, max: 4 }),
            netMinor: fc.integer({ min: 0, max: 6_000_000_000 }),
            refundMinor: fc.integer({ min: 0, max: 100 }),
          }),
          { maxLength: 5 },
        ),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([on, second, rest]) => ({
    on: `${isoDate(FIRST + on)}T${new Date(second * 1000).toISOString().slice(11, 19)}Z`,
    ...rest,
  }));
const history = fc
  .array(order, { maxLength: 40 })
  .map((orders): NaiveOrder[] => orders.map((each, index) => ({ ...each, id: 900 - index })));
const asked = fc.record({
  from: fc.integer({ min: FIRST, max: FIRST + 150 }),
  length: fc.integer({ min: 0, max: 250 }),
  withinDays: fc.option(fc.integer({ min: 0, max: 120 }), { nil: undefined }),
  excluded: fc.subarray([2, 4], { maxLength: 1 }),
});

function always(
  statement: (
    shop: ReturnType<typeof shopOf> & { orders: NaiveOrder[] },
    options: { period: { firstDay: number; lastDay: number }; withinDays?: number },
    naive: { from: number; to: number; withinDays: number },
  ) => void,
) {
  fc.assert(
    fc.property(history, asked, (orders, { from, length, withinDays, excluded }) => {
      const counted = naiveCounted(orders, excluded);
      fc.pre(counted.length > 0);
      const period = { firstDay: from, lastDay: from + length };
      statement(
        { ...shopOf(orders, excluded), orders: counted },
        withinDays === undefined ? { period } : { period, withinDays },
        { from, to: from + length, withinDays: withinDays ?? Infinity },
      );
    }),
    { numRuns: 300 },
  );
}

test("products equal their definition", () => {
  always(({ columns, counted, lines, orders }, options, naive) => {
    const { products } = productsOf(columns, counted, lines, { ...options, minimumCustomers: 1 });
    const plain = products
      .toSorted((a, b) => a.productId - b.productId)
      .map(({ again, same, ...row }) => ({
        ...row,
        seen: again?.customers ?? 0,
        again: again?.repeatCustomers ?? 0,
        same: same?.repeatCustomers ?? 0,
      }));
    expect(plain).toEqual(naiveProducts(orders, naive));
  });
});

test("pairs equal their definition", () => {
  for (const [kind, pairsOf] of [
    ["together", productsTogether],
    ["next", productsNext],
  ] as const) {
    always(({ columns, counted, lines, orders }, options, naive) => {
      const found = pairsOf(columns, counted, lines, { ...options, minimumOrders: 1, minimumCustomers: 1 });
      const plain = found.pairs
        .toSorted((a, b) => a.firstId - b.firstId || a.secondId - b.secondId)
        .map(({ again, liftLow, liftHigh, lift, ...row }) => {
          expect(liftLow).toBeLessThanOrEqual(lift);
          expect(liftHigh).toBeGreaterThanOrEqual(lift);
          return {
            ...row,
            lift: Number(lift.toPrecision(10)),
            observations: found.observations,
            seen: again?.customers ?? 0,
            again: again?.repeatCustomers ?? 0,
          };
        });
      const expected = naivePairs(orders, kind, naive)
        .toSorted((a, b) => a.firstId - b.firstId || a.secondId - b.secondId)
        .map((row) => ({ ...row, lift: Number(row.lift.toPrecision(10)) }));
      expect(plain).toEqual(expected);
    });
  }
});

test("a merge of changed lines equals building from all rows", () => {
  fc.assert(
    fc.property(
      history,
      history,
      fc.array(fc.integer({ min: 861, max: 900 }), { maxLength: 5 }),
      (before, changes, gone) => {
        const isChanged = (id: number) => changes.some((each) => each.id === id);
        const stays = ({ id }: NaiveOrder) => !isChanged(id) && !gone.includes(id);
        const after = [...before.filter(stays), ...changes];
        const old = sampleColumns(before);
        const columns = sampleColumns(after, { ...SAMPLE_FACTS, dataVersion: 2 });
        const merged = mergeLineColumns(
          columns,
          sampleLines(old, before),
          sampleLineRows(changes),
          changes.map(({ id }) => id),
        );
        expect(merged).toEqual(sampleLines(columns, after));
      },
    ),
    { numRuns: 300 },
  );
});

test("a page is sorted by any figure, with what has none last, and can be of some products only", () => {
  const { columns, counted, lines } = shopOf(SHOP);
  const all = productsOf(columns, counted, lines, { minimumCustomers: 1 });
  const page = (more: object) =>
    productPage(all, { sort: "units", descending: true, offset: 0, limit: 10, ...more });
  const ids = (more: object) => page(more).rows.map(({ productId }) => productId);
  expect(ids({})).toEqual([TEA, CUP, POT]);
  expect(ids({ descending: false })).toEqual([POT, CUP, TEA]);
  expect(ids({ offset: 1, limit: 1 })).toEqual([CUP]);
  expect(page({ only: [POT, 99] })).toMatchObject({ total: 1, orders: 7 });
  expect(ids({ sort: "same" })[0]).toBe(TEA);
  expect(ids({ sort: "medianDaysToSame", descending: false })[0]).toBe(TEA);
  expect(ids({ sort: "medianDaysToSame" })[0]).toBe(TEA);
  const pairs = productsTogether(columns, counted, lines, { minimumOrders: 1 });
  const paged = pairPage(pairs, { sort: "again", descending: true, offset: 0, limit: 5, only: [CUP] });
  expect(paged).toMatchObject({ total: 1, rows: [{ firstId: TEA, secondId: CUP, again: null }] });
});
