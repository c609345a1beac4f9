import { describe, expect, test } from "vitest";
import { sampleColumns, sampleLines, type SampleOrder } from "../../../tests/support/order-columns.ts";
import { dayFromIso } from "../calendar.ts";
import { countOrders } from "../metrics/counted-orders.ts";
import { isHeldOut } from "../experiments/assignment.ts";
import type { CustomerLists } from "./customer-lists.ts";
import { isDue, usualInterval } from "./due-dates.ts";
import { goesWith } from "./goes-with.ts";
import { listCoverage } from "./list-coverage.ts";
import { productFacts, type ProductFact } from "./product-facts.ts";
import { recommender, type RecommendOptions } from "./recommend.ts";
import { isFresh, learnTaste } from "./shop-taste.ts";
import { USUAL_SWITCHES } from "./switches.ts";

test("what goes with a product is surely bought with it: the worked example", () => {
  const orders = [
    ...Array.from({ length: 20 }, () => [0, 1]),
    ...Array.from({ length: 80 }, () => [0]),
    ...Array.from({ length: 30 }, () => [1]),
    ...Array.from({ length: 870 }, () => [2]),
    // Too seldom to tell, and a reseller's order.
    ...Array.from({ length: 2 }, () => [3, 4]),
    Array.from({ length: 101 }, (_, p) => p),
  ];
  const firstLine = Int32Array.from([0, ...orders.map(({ length }) => length)]);
  for (let o = 1; o < firstLine.length; o++) firstLine[o] = (firstLine[o] ?? 0) + (firstLine[o - 1] ?? 0);
  const near = goesWith({ productCount: 101, firstLine, product: Int32Array.from(orders.flat()) });
  expect([...near.other]).toEqual([1, 0]);
  expect(near.liftLow[0]).toBeCloseTo(2.9, 1);
});

test("when something is due follows from the product's gaps and the customer's own: the worked example", () => {
  const interval = usualInterval(Math.log(40), [100, 120, 140]);
  expect(interval).toBeCloseTo(28.3, 1);
  expect(usualInterval(NaN, [100, 120])).toBeNull();
  expect([165, 170, 260].map((day) => isDue(28.3, 140, day))).toEqual([false, true, false]);
});

const [TEA, GREEN, CUP, POT, CARD, DRAFT, BLACK, SOCKS, SCARF] = [11, 12, 13, 14, 15, 16, 17, 18, 19];
const TODAY = dayFromIso("2026-06-01");
const at = (iso: string) => Date.parse(`${iso}T00:00:00Z`);

function fact(productId: number, productType: string, more: Partial<ProductFact> = {}): ProductFact {
  return {
    ...{ productId, productType, vendor: "", status: "active", isGiftCard: false, margin: null },
    publishedAt: at("2025-01-01"),
    ...more,
  };
}

const FACTS = [
  fact(TEA, "Tea"),
  fact(GREEN, "Tea"),
  fact(CUP, "Cup", { margin: 0.1 }),
  fact(POT, "Pot", { margin: 0.9 }),
  fact(CARD, "Gift card", { isGiftCard: true }),
  fact(DRAFT, "Tea", { status: "draft" }),
  fact(BLACK, "tea", { publishedAt: at("2026-05-20") }),
  fact(SOCKS, "Clothes"),
  fact(SCARF, "Clothes", { publishedAt: at("2026-05-25") }),
];

/** Thirty customers buy tea every thirty days, the last time with a cup; ten more buy a cup with a pot. Some return socks. */
function orders(): SampleOrder[] {
  const all: SampleOrder[] = [];
  const line = (product: number, refundMinor = 0) => ({ product, netMinor: 1000, refundMinor });
  for (let customer = 1; customer <= 30; customer++) {
    all.push({ on: "2026-03-02", customer, lines: [line(TEA), line(DRAFT)] });
    all.push({ on: "2026-04-01", customer, lines: [line(TEA), line(CARD)] });
    all.push({ on: "2026-05-01", customer, lines: [line(TEA), line(CUP)] });
  }
  for (let customer = 31; customer <= 40; customer++) {
    all.push({ on: "2026-05-01", customer, lines: [line(CUP), line(POT)] });
    all.push({ on: "2026-05-02", customer, lines: [line(SOCKS, 1000)] });
  }
  all.push({ on: "2026-05-10", customer: 41, lines: [line(TEA), line(CUP, 1000)] });
  all.push({ on: "2026-05-10", lines: [line(GREEN)] });
  return all;
}

const columns = sampleColumns(orders());
const counted = countOrders(columns);
const lines = sampleLines(columns, orders());
const taste = learnTaste(columns, counted, lines);

function open(changes: Partial<RecommendOptions> = {}) {
  return recommender(columns, counted, lines, taste, {
    facts: productFacts(FACTS),
    switches: { ...USUAL_SWITCHES, mostOfType: null },
    experiment: { key: "none", share: 0 },
    today: TODAY,
    now: at("2026-06-01"),
    ...changes,
  });
}

const listsOf = (customer: number, changes?: Partial<RecommendOptions>) =>
  open(changes).lists([customer])[0] as CustomerLists;
const products = (items: readonly { productId: number }[]) => items.map(({ productId }) => productId);

describe("a customer's lists", () => {
  test("name each product with its reason, and nothing that cannot be bought", () => {
    const { buyAgain, forYou, newForYou, isHeldOut } = listsOf(1);
    expect(buyAgain).toEqual([
      { productId: TEA, because: null, reason: "due" },
      { productId: CUP, because: null, reason: "bought-before" },
    ]);
    // The pot by the cup; green tea sells, and is of a type that was bought. Socks come back too often.
    expect(forYou).toEqual([
      { productId: POT, because: CUP, reason: "bought-together" },
      { productId: GREEN, because: null, reason: "popular" },
    ]);
    expect(newForYou).toEqual([{ productId: BLACK, because: TEA, reason: "new" }]);
    expect(isHeldOut).toBe(false);
  });

  test("name what they have given back no more, whichever list it would be in", () => {
    const { buyAgain, forYou } = listsOf(41);
    expect(products(buyAgain)).toEqual([TEA]);
    expect(products(forYou)).not.toContain(CUP);
  });

  test("of somebody new are what sells now", () => {
    const { buyAgain, forYou, newForYou } = listsOf(99);
    expect([buyAgain, newForYou]).toEqual([[], []]);
    expect(forYou).toEqual(open().popular());
    expect(products(forYou)).toEqual([CUP, TEA, POT, GREEN]);
  });

  test("know what was published since somebody last did something", () => {
    const [lists] = open().lists([1], new Map([[1, at("2026-05-22")]]));
    expect(lists?.newForYou).toEqual([]);
  });

  test("of those held out are what sells now, for ever", () => {
    const experiment = { key: "half", share: 0.5 };
    const told = open({ experiment }).lists(Array.from({ length: 40 }, (_, c) => c + 1));
    told.forEach((lists, index) => {
      expect(lists.isHeldOut).toBe(isHeldOut("half", index + 1, 0.5));
      if (lists.isHeldOut) expect(lists.buyAgain).toEqual(open().popular());
    });
    expect(new Set(told.map(({ isHeldOut }) => isHeldOut)).size).toBe(2);
  });
});

describe("the merchant's switches", () => {
  const switched = (switches: Partial<typeof USUAL_SWITCHES>) => ({
    switches: { ...USUAL_SWITCHES, mostOfType: null, ...switches },
  });

  test("pinned products come first where they are not known yet, hidden ones nowhere", () => {
    const { forYou, buyAgain } = listsOf(1, switched({ pinned: [GREEN, TEA, DRAFT], hidden: [POT] }));
    expect(forYou).toEqual([{ productId: GREEN, because: null, reason: "pinned" }]);
    expect(products(buyAgain)).toEqual([TEA, CUP]);
    expect(products(listsOf(1, switched({ hidden: [TEA] })).buyAgain)).toEqual([CUP]);
    expect(open(switched({ pinned: [GREEN] })).popular()[0]).toMatchObject({
      productId: GREEN,
      reason: "pinned",
    });
  });

  test("margin moves what sells by its distance from the mean", () => {
    // A cup's margin is .1 and a pot's .9: at full weight four times as many cups count for less than the pots.
    expect(products(open(switched({ marginWeight: 0.5 })).popular()).slice(0, 3)).toEqual([TEA, CUP, POT]);
    expect(products(open(switched({ marginWeight: 1 })).popular()).slice(0, 3)).toEqual([TEA, POT, CUP]);
  });

  test("of one type no more than wanted come before all others", () => {
    const facts = productFacts(FACTS.map((one) => (one.productId === CUP ? fact(CUP, "Tea") : one)));
    const popular = open({ facts, ...switched({ mostOfType: 1 }) }).popular();
    expect(products(popular)).toEqual([CUP, POT, TEA, GREEN]);
  });
});

test("what goes with a product is filled up with what sells of its type, then with anything", () => {
  expect(open().goesWith([POT, TEA, 999])).toEqual([
    [CUP, TEA, GREEN],
    [GREEN, CUP, POT],
    [CUP, TEA, POT, GREEN],
  ]);
});

test("products that are new to what was learnt are numbered on", () => {
  const later = [...orders(), { on: "2026-05-20", customer: 1, lines: [{ product: SCARF, netMinor: 1 }] }];
  const now = sampleColumns(later);
  const told = recommender(now, countOrders(now), sampleLines(now, later), taste, {
    facts: productFacts(FACTS),
    switches: USUAL_SWITCHES,
    experiment: { key: "none", share: 0 },
    today: TODAY,
    now: at("2026-06-01"),
  });
  expect(products(told.lists([1])[0]?.buyAgain ?? [])).toContain(SCARF);
  expect(isFresh(taste, columns)).toBe(true);
  expect(isFresh(taste, now)).toBe(false);
});

test("says how many customers have products of their own, and how much of the catalogue is shown", () => {
  const coverage = listCoverage(columns, counted, open(), 1_000);
  // A scarf suits nobody.
  expect(coverage).toEqual({ customers: 41, sampled: 41, bands: [0, 11, 30, 0], offered: 6, shown: 5 });
  expect(listCoverage(columns, counted, open(), 10).sampled).toBeLessThan(41);
});
