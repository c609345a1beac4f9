import { expect, test } from "vitest";
import { sampleColumns, type SampleOrder } from "../../../tests/support/order-columns.ts";
import { dayFromIso, isoDate, monthOf } from "../calendar.ts";
import { chanceFit } from "../clv/customer-estimates.ts";
import { fitShopModel } from "../clv/shop-model.ts";
import { shopPurchases } from "../clv/shop-purchases.ts";
import { shopValue } from "../clv/shop-value.ts";
import { PRODUCTS_ONLY } from "../metrics/amounts.ts";
import { countOrders } from "../metrics/counted-orders.ts";
import { ORDER_FLAGS } from "../order-flags.ts";
import { customerFacts, NOT_COMPLETED, type FactOptions, type LeftCheckouts } from "./customer-facts.ts";
import { segmentCustomers } from "./segment-customers.ts";
import { segmentFigures } from "./segment-figures.ts";
import { segmentMembers } from "./segment-members.ts";
import { segmentMovement } from "./segment-movement.ts";
import { FACTS, type Fact, type SegmentRule } from "./segment-rule.ts";
import { RFM_SEGMENTS, USUAL_RULES, type SegmentName } from "./usual-segments.ts";

/** Customer 5 is left out; a test order, a cancelled one and a guest's count for nobody. */
const ORDERS: SampleOrder[] = [
  { on: "2026-01-10", customer: 1, grossMinor: 1_000 },
  { on: "2026-02-10", customer: 2, grossMinor: 5_000, discountMinor: 1_000 },
  {
    on: "2026-03-01",
    customer: 1,
    grossMinor: 3_000,
    discountMinor: 500,
    refunds: [{ on: "2026-05-05", productMinor: 700 }],
  },
  { on: "2026-03-15", customer: 3, grossMinor: 2_000 },
  { on: "2026-04-30", customer: 1, grossMinor: 2_000 },
  { on: "2026-05-20", customer: 4, grossMinor: 9_000 },
  { on: "2026-05-21", customer: 3, grossMinor: 1_000, flags: ORDER_FLAGS.test },
  { on: "2026-05-21", customer: 3, grossMinor: 1_000, flags: ORDER_FLAGS.cancelled },
  { on: "2026-05-22", customer: 5, grossMinor: 90_000 },
  { on: "2026-05-31", grossMinor: 4_000 },
];

function checkouts(...left: [customer: number, created: string, completed?: string][]): LeftCheckouts {
  return {
    stamp: "",
    customerId: Float64Array.from(left, ([customer]) => customer),
    createdDay: Int32Array.from(left, ([, created]) => dayFromIso(created)),
    completedDay: Int32Array.from(left, ([, , completed]) =>
      completed === undefined ? NOT_COMPLETED : dayFromIso(completed),
    ),
  };
}

const LEFT = checkouts(
  [1, "2026-04-20"], // before the last order
  [2, "2026-05-11"],
  [2, "2026-03-01"],
  [3, "2026-05-01", "2026-05-03"], // became an order after all
  [3, "2026-06-05"], // after the shop's last order
  [9, "2026-05-01"], // has never ordered
);

const options: FactOptions = { included: PRODUCTS_ONLY, checkouts: LEFT, model: null, yearlyDiscount: 0.15 };

function shop(orders = ORDERS) {
  const columns = sampleColumns(orders, {}, [5]);
  return { columns, counted: countOrders(columns) };
}

function factsAt(asOf: string | null = null, orders = ORDERS) {
  const { columns, counted } = shop(orders);
  const facts = customerFacts(columns, counted, options, asOf === null ? null : dayFromIso(asOf));
  if (!facts) throw new Error("somebody has ordered");
  const told = (fact: Fact) => {
    const reader = facts.readerOf(fact);
    return reader && Array.from({ length: facts.count }, (_, entry) => reader(entry));
  };
  const membersOf = (rule: SegmentRule) => {
    const members = segmentMembers(facts, rule);
    if (!members) return null;
    const ids = [...facts.customer].map((who) => columns.customerIds[who]);
    const those = ids.filter((_, entry) => members.isIn[entry] === 1);
    expect(members.count).toBe(those.length);
    return those;
  };
  return { columns, counted, facts, told, membersOf };
}

test("the facts of customers are those of the orders that count", () => {
  const { facts, told } = factsAt();
  expect(isoDate(facts.day)).toBe("2026-05-31");
  expect(told("orders")).toEqual([3, 1, 1, 1]);
  expect(told("netMinor")).toEqual([1_000 + 2_500 - 700 + 2_000, 4_000, 2_000, 9_000]);
  expect(told("averageOrderMinor")).toEqual([1_600, 4_000, 2_000, 9_000]);
  expect(told("daysSinceLastOrder")).toEqual([31, 110, 77, 11]);
  expect(told("daysSinceFirstOrder")).toEqual([141, 110, 77, 11]);
  expect(told("discountShare")).toEqual([100 / 3, 100, 0, 0]);
  expect(told("daysSinceAbandonedCheckout")).toEqual([NaN, 20, 0, NaN]);
  expect(told("expectedValueMinor")).toBeNull();
  expect(told("churnRisk")).toBeNull();
});

test("scores compare customers with one another", () => {
  const { told } = factsAt();
  // Of four, the quintiles are the 1st, 2nd, 3rd and 4th smallest: whoever is above k of them has 1 + k.
  expect(told("recencyScore")).toEqual([3, 1, 2, 4]);
  expect(told("frequencyScore")).toEqual([4, 1, 1, 1]);
  expect(told("monetaryScore")).toEqual([3, 2, 1, 4]);
  expect(told("frequencyMonetaryScore")).toEqual([3, 1, 1, 2]);
});

test("what came later than a day is not known on it", () => {
  const { facts, told } = factsAt("2026-04-30");
  expect(facts.count).toBe(3);
  expect(told("orders")).toEqual([3, 1, 1]);
  expect(told("netMinor")).toEqual([5_500, 4_000, 2_000]);
  expect(told("daysSinceLastOrder")).toEqual([0, 79, 46]);
  expect(told("daysSinceAbandonedCheckout")).toEqual([NaN, 60, NaN]);
  // The checkout of the 1st of May was still open on the 2nd.
  expect(factsAt("2026-05-02").told("daysSinceAbandonedCheckout")).toEqual([NaN, 62, 1]);
  expect(factsAt("2026-05-03").told("daysSinceAbandonedCheckout")).toEqual([NaN, 63, NaN]);
});

test("a customer is in a segment where all of its conditions hold", () => {
  const { membersOf } = factsAt();
  expect(membersOf(USUAL_RULES["first-time"])).toEqual([2, 3, 4]);
  expect(membersOf(USUAL_RULES["repeat"])).toEqual([1]);
  expect(membersOf(USUAL_RULES["loyal"])).toEqual([1]);
  expect(membersOf(USUAL_RULES["full-price"])).toEqual([3, 4]);
  expect(membersOf(USUAL_RULES["discount-shoppers"])).toEqual([2]);
  expect(membersOf(USUAL_RULES["cart-abandoners"])).toEqual([2, 3]);
  expect(membersOf(USUAL_RULES["big-spenders"])).toEqual([4]);
  expect(membersOf(USUAL_RULES["high-aov"])).toEqual([4]);
  expect(membersOf(USUAL_RULES["vip"])).toEqual([]);
  expect(membersOf([{ fact: "netMinor", is: "highest", value: 50 }])).toEqual([1, 4]);
  expect(membersOf([{ fact: "netMinor", is: "highest", value: 51 }])).toEqual([1, 2, 4]);
  // Of the two who left a checkout, the highest half is one of them.
  expect(membersOf([{ fact: "daysSinceAbandonedCheckout", is: "highest", value: 50 }])).toEqual([2]);
  expect(membersOf([{ fact: "expectedValueMinor", is: "at-least", value: 0 }])).toBeNull();
});

test("whoever ties with the last of the highest is among them", () => {
  const spend = [1, 2, 3, 3, 5];
  const orders = spend.map((units, i) => ({ on: "2026-01-01", customer: i + 11, grossMinor: units }));
  const { membersOf } = factsAt(null, orders);
  expect(membersOf([{ fact: "netMinor", is: "highest", value: 40 }])).toEqual([13, 14, 15]);
  expect(membersOf([{ fact: "netMinor", is: "highest", value: 20 }])).toEqual([15]);
  expect(membersOf([{ fact: "netMinor", is: "highest", value: 100 }])).toEqual([11, 12, 13, 14, 15]);
});

test("the groups by recency, frequency and monetary value share out all customers", () => {
  const isIn = (rule: SegmentRule, recency: number, frequencyMonetary: number) =>
    rule.every(({ fact, is, value }) => {
      const score = fact === "recencyScore" ? recency : frequencyMonetary;
      return is === "at-least" ? score >= value : score <= value;
    });
  for (const recency of [1, 2, 3, 4, 5]) {
    for (const frequencyMonetary of [1, 2, 3, 4, 5]) {
      const names = RFM_SEGMENTS.filter((name) => isIn(USUAL_RULES[name], recency, frequencyMonetary));
      expect(names, `${recency} ${frequencyMonetary}`).toHaveLength(1);
    }
  }
  const { facts } = factsAt();
  const sizes = RFM_SEGMENTS.map((name) => segmentMembers(facts, USUAL_RULES[name])?.count ?? NaN);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(facts.count);
});

test("figures are the sums over a segment's customers", () => {
  const { facts } = factsAt();
  expect(segmentFigures(facts, USUAL_RULES["first-time"])).toEqual({
    customers: 3,
    share: 0.75,
    orders: 3,
    netMinor: 15_000,
    averageOrderMinor: 5_000,
    expectedMinor: null,
    meanChurnRisk: null,
    acquired: null,
  });
  expect(segmentFigures(facts, USUAL_RULES["vip"])).toMatchObject({
    customers: 0,
    share: 0,
    averageOrderMinor: null,
  });
  expect(segmentFigures(null, USUAL_RULES["vip"])).toMatchObject({ customers: 0, share: null });
});

test("what a segment's customers cost is told by the months of their first orders", () => {
  const { facts } = factsAt();
  const monthly = (month: string, spentMinor: number) =>
    [monthOf(dayFromIso(`${month}-01`)), spentMinor] as const;
  // February won one customer, who is in the segment; January's is not; of March's and May's nobody knows.
  const costs = [monthly("2026-01", 700), monthly("2026-02", 900)];
  const firstTime = USUAL_RULES["first-time"];
  expect(segmentFigures(facts, firstTime, costs)?.acquired).toEqual({
    customers: 1,
    costMinor: 900,
    valueMinor: null,
  });
  expect(segmentFigures(facts, firstTime, [monthly("2025-01", 700)])?.acquired).toBeNull();
  // Two customers in one month share what it cost.
  const { facts: shared } = factsAt(null, [
    ...ORDERS,
    { on: "2026-02-20", customer: 6, grossMinor: 100 },
    { on: "2026-02-21", customer: 6, grossMinor: 100 },
  ]);
  expect(segmentFigures(shared, firstTime, costs)?.acquired).toMatchObject({ customers: 1, costMinor: 450 });
});

test("a segment's customers come in pieces, by id", () => {
  const { columns, facts } = factsAt();
  const rule = USUAL_RULES["first-time"];
  const first = segmentCustomers(columns, facts, { rule, after: 0, size: 2 });
  expect(first.customers.map(({ customerId }) => customerId)).toEqual([2, 3]);
  expect(first.after).toBe(3);
  const last = segmentCustomers(columns, facts, { rule, after: 3, size: 2 });
  expect(last).toEqual({
    after: null,
    customers: [
      {
        customerId: 4,
        orders: 1,
        netMinor: 9_000,
        averageOrderMinor: 9_000,
        firstDay: dayFromIso("2026-05-20"),
        lastDay: dayFromIso("2026-05-20"),
        discountedOrders: 0,
        recencyScore: 4,
        frequencyScore: 1,
        monetaryScore: 4,
        expectedValueMinor: null,
        churnRisk: null,
      },
    ],
  });
  // An exact fit has nothing behind it.
  expect(segmentCustomers(columns, facts, { rule, after: 0, size: 3 }).after).toBeNull();
});

test("sizes are told as of the ends of months, and who came and went in 30 days", () => {
  const { columns, counted } = shop();
  const moved = (name: SegmentName) =>
    segmentMovement(columns, counted, { ...options, rule: USUAL_RULES[name] });
  const first = moved("first-time");
  expect(first?.points.map(({ day, customers }) => [isoDate(day), customers])).toEqual([
    ["2026-01-31", 1], // 1
    ["2026-02-28", 2], // 1, 2
    ["2026-03-31", 2], // 2, 3
    ["2026-04-30", 2],
    ["2026-05-31", 3], // 2, 3, 4
  ]);
  expect(first?.since).toEqual({ day: dayFromIso("2026-05-01"), customers: 2, cameIn: 1, wentOut: 0 });
  expect(moved("high-aov")?.since).toMatchObject({ customers: 1, cameIn: 1, wentOut: 1 });
  const waiting = { ...options, rule: [{ fact: "churnRisk", is: "at-least", value: 50 }] as const };
  expect(segmentMovement(columns, counted, waiting)).toBeNull();
});

test("a shop without customers has empty segments", () => {
  for (const orders of [[], [{ on: "2026-05-31", grossMinor: 4_000 }]]) {
    const { columns, counted } = shop(orders);
    expect(customerFacts(columns, counted, options)).toBeNull();
    expect(segmentMovement(columns, counted, { ...options, rule: USUAL_RULES["repeat"] })).toEqual({
      points: [],
      since: null,
    });
    expect(segmentCustomers(columns, null, { rule: USUAL_RULES["repeat"], after: 0, size: 1 })).toEqual({
      customers: [],
      after: null,
    });
  }
});

test("value and risk are those of the shop's model, and add up to the shop's", () => {
  const first = dayFromIso("2025-01-01");
  const orders = Array.from({ length: 60 }, (_, index): SampleOrder[] => {
    const gap = 15 + index;
    const visits = index % 3 === 0 ? 1 : Math.floor((400 - index) / gap);
    return Array.from({ length: visits }, (_, visit) => ({
      on: isoDate(first + index + visit * gap),
      customer: index + 1,
      grossMinor: 1_000 + 20 * index + 7 * visit,
    }));
  }).flat();
  const { columns, counted } = shop(orders);
  const model = fitShopModel(shopPurchases(columns, counted), {
    untilDay: counted.lastOrderDay ?? NaN,
    seed: 1,
  });
  if (!model) throw new Error("there are customers");
  const facts = customerFacts(columns, counted, { ...options, model });
  expect(facts?.laterBytes()).toBe(0);
  expect(facts?.readerOf("monetaryScore")).not.toBeNull();
  expect(facts?.laterBytes()).toBe(facts?.count);
  const everybody: SegmentRule = [{ fact: "orders", is: "at-least", value: 0 }];
  const all = segmentFigures(facts, everybody);
  const value = shopValue(columns, counted, { model, months: 12, yearlyDiscount: 0.15 });
  expect(all?.expectedMinor).toBeCloseTo(value.total.meanMinor, -1);
  const [month, spentMinor] = [monthOf(first), 31_000];
  const won = segmentFigures(facts, everybody, [[month, spentMinor]])?.acquired;
  expect(won?.costMinor).toBeCloseTo(spentMinor, 6);
  const wonFacts = [...Array(facts?.count ?? 0).keys()].filter(
    (i) => monthOf(facts?.firstDay[i] ?? 0) === month,
  );
  const [net, expected] = [facts?.readerOf("netMinor"), facts?.readerOf("expectedValueMinor")];
  expect(won?.customers).toBe(wonFacts.length);
  expect(won?.valueMinor).toBeCloseTo(
    wonFacts.reduce((sum, entry) => sum + (net?.(entry) ?? NaN) + (expected?.(entry) ?? NaN), 0),
    6,
  );
  const parts = RFM_SEGMENTS.map((name) => segmentFigures(facts, USUAL_RULES[name])?.expectedMinor ?? NaN);
  expect(Math.abs(parts.reduce((sum, part) => sum + part, 0) - (all?.expectedMinor ?? NaN))).toBeLessThan(12);
  const fit = chanceFit(model);
  if (fit) {
    expect(all?.meanChurnRisk).toBeGreaterThan(0);
    expect(all?.meanChurnRisk).toBeLessThan(1);
  }
  for (const fact of FACTS) expect(facts?.readerOf(fact) === null).toBe(fact === "churnRisk" && !fit);
  // The model of today tells of earlier days, too.
  const rule = [{ fact: "expectedValueMinor", is: "highest", value: 20 }] as const;
  const moved = segmentMovement(columns, counted, { ...options, model, rule });
  expect(moved?.points.length).toBeGreaterThan(12);
  expect(moved?.points.every(({ customers }) => customers > 0)).toBe(true);
});
