import type { Arbitrary } from "fast-check";
import {
  array,
  assert,
  boolean,
  constantFrom,
  integer,
  option,
  property,
  record,
  subarray,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { extensionLiquid } from "../../../tests/support/extension-liquid.ts";
import { makeRules } from "../../../tests/support/loyalty-rules.ts";
import { makeLine, makeOrder, START } from "../../../tests/support/orders.ts";
import { currencyDecimals, splitMinor } from "../money.ts";
import type { Order } from "../order.ts";
import { orderTarget } from "./order-target.ts";
import { termsOf } from "./order-terms.ts";
import type { EarningRules, Match } from "./programme.ts";
import { tierShownAt } from "./published-tier.ts";
import { compileRuleTable, MOST_TABLE_BYTES, pointsForCart } from "./rule-table.ts";
import type { TierRules } from "./tiers.ts";
import type { CartPoints, RuleTable, StorefrontCart } from "./rule-table.ts";

const AT = START / 1000;
/** Ids that are parts of one another, as texts. */
const PRODUCTS = [1, 11, 2, 12, 112];
const COLLECTIONS = [7, 77, 8];
const match = record(
  {
    productIds: subarray(PRODUCTS, { minLength: 1 }),
    collectionIds: subarray(COLLECTIONS, { minLength: 1 }),
    channels: subarray(["web", "pos"], { minLength: 1 }),
    countries: subarray(["GB", "PL"], { minLength: 1 }),
  },
  { requiredKeys: [] },
);
const factorPercent = constantFrom(0, 50, 100, 125, 150, 200, 333);

function tiersOf(factors: readonly number[]): TierRules {
  const nothing = { threshold: 0, entryPoints: 0, entryRewardId: null, perks: [], sold: [] };
  const ladder = factors.map((factorPercent, rank) => ({
    ...{ ...nothing, id: `t${rank}`, name: "tier", factorPercent, threshold: rank },
  }));
  return { by: "orders", period: "lifetime", graceDays: 0, ladder };
}

/** A tier as it is published, which ends while carts are looked at. */
const tierArbitrary = record({
  id: constantFrom(null, "t0", "t1", "gone"),
  until: constantFrom(null, AT + 2),
  then: constantFrom(null, "t0"),
});
const rulesArbitrary = record({
  isAccruing: integer({ min: 0, max: 9 }).map((one) => one > 0),
  base: record({ points: integer({ min: 1, max: 20 }), perMinor: constantFrom(1, 3, 99, 100, 700, 1000) }),
  basis: constantFrom("before-discounts" as const, "after-discounts" as const),
  includeTax: boolean(),
  includeShipping: integer({ min: 0, max: 4 }).map((one) => one === 0),
  rounding: constantFrom("down" as const, "nearest" as const, "up" as const),
  multipliers: array(record({ match, factorPercent }), { maxLength: 4 }),
  events: array(
    record({
      name: constantFrom("week"),
      startsAt: integer({ min: -5, max: 3 }).map((seconds) => START + seconds * 500),
      endsAt: integer({ min: 4, max: 9 }).map((seconds) => START + seconds * 500),
      factorPercent,
      match,
    }),
    { maxLength: 3 },
  ),
  bonusProducts: array(
    record({ productId: constantFrom(...PRODUCTS), points: integer({ min: 1, max: 99 }) }),
    {
      maxLength: 3,
    },
  ),
  firstOrderPoints: constantFrom(0, 500),
  tiers: constantFrom(tiersOf([]), tiersOf([100, 100]), tiersOf([100, 125]), tiersOf([150, 333])),
});
const cartArbitrary = record({
  currency: constantFrom("GBP", "JPY", "KWD"),
  lines: array(
    record({
      productId: constantFrom(...PRODUCTS),
      collectionIds: subarray(COLLECTIONS),
      quantity: integer({ min: 1, max: 5 }),
      unit: integer({ min: 0, max: 20_000 }),
      offPercent: constantFrom(0, 0, 0, 10, 33, 100),
      isGiftCard: integer({ min: 0, max: 9 }).map((one) => one === 0),
    }),
    { maxLength: 5 },
  ),
  offCart: option(integer({ min: 1, max: 30_000 }), { nil: 0 }),
  taxesIncluded: boolean(),
  taxPercent: constantFrom(0, 5, 20, 23),
  country: constantFrom("GB", "PL", "JP"),
  later: integer({ min: 0, max: 4 }),
  isFirstOrder: boolean(),
  tier: option(tierArbitrary, { nil: null }),
});
type CartFacts = typeof cartArbitrary extends Arbitrary<infer Facts> ? Facts : never;

/** Collections are the product's, wherever it stands. */
function collectionsOf({ lines }: CartFacts): (productId: number) => readonly number[] {
  return (productId) => lines.find((line) => line.productId === productId)?.collectionIds ?? [];
}

function storefrontCart(facts: CartFacts): StorefrontCart {
  const { currency, lines, offCart, taxesIncluded, country, later, isFirstOrder, tier } = facts;
  const step = currency === "JPY" ? 100 : 1;
  const total = lines.reduce(
    (sum, { isGiftCard, ...line }) => sum + (isGiftCard ? 0 : amounts(line).final),
    0,
  );
  return {
    lines: lines.map((line) => ({
      productId: line.productId,
      collectionIds: collectionsOf(facts)(line.productId),
      quantity: line.quantity,
      original: amounts(line).original * step,
      final: amounts(line).final * step,
      isGiftCard: line.isGiftCard,
    })),
    discount: Math.min(offCart, total) * step,
    ...{ taxesIncluded, country, at: AT + later, isFirstOrder, tierId: tierShownAt(tier, AT + later) },
  };
}

function amounts({
  quantity,
  unit,
  offPercent,
}: Pick<CartFacts["lines"][number], "quantity" | "unit" | "offPercent">) {
  const original = quantity * unit;
  return { original, final: original - Math.floor((original * offPercent) / 100) };
}

/** The order that Shopify makes of the cart, its discount spread in proportion. */
function orderOf(facts: CartFacts, cart: StorefrontCart): Order {
  const perHundredth = 10 ** currencyDecimals(facts.currency) / 100;
  const minor = (hundredths: number) => Math.round(hundredths * perHundredth);
  const weights = cart.lines.map(({ final, isGiftCard }) => (isGiftCard ? 0 : minor(final)));
  const spread = splitMinor(minor(cart.discount), weights);
  const lines = cart.lines.map((line, index) => {
    const listed = minor(line.original);
    const paid = minor(line.final) - (line.isGiftCard ? 0 : (spread[index] ?? 0));
    const tax = (value: number) => Math.floor((value * facts.taxPercent) / 100);
    const without = (value: number) => (facts.taxesIncluded ? value - tax(value) : value);
    return makeLine({
      ...{ id: index + 1, productId: line.productId, quantity: line.quantity, isGiftCard: line.isGiftCard },
      ...{ grossMinor: without(listed), discountMinor: without(listed) - without(paid), taxMinor: tax(paid) },
    });
  });
  return makeOrder({
    lines,
    placedAt: cart.at * 1000 + 250,
    shippingCountry: cart.country,
    shippingMinor: 490,
  });
}

function postedByCore(rules: EarningRules, facts: CartFacts, cart: StorefrontCart): number {
  const order = orderOf(facts, cart);
  const { isFirstOrder } = facts;
  const terms = termsOf(order, rules, {
    isFirstOrder,
    isExcluded: false,
    collectionsOf: collectionsOf(facts),
    tierId: cart.tierId ?? null,
  });
  return orderTarget(order, terms, rules, null).points;
}

const clock = { at: AT };
const liquid = extensionLiquid(clock);

function shownByLiquid(table: RuleTable, cart: StorefrontCart, tier: CartFacts["tier"] = null): CartPoints {
  const collections = (ids: readonly number[]) => ids.map((id) => ({ id }));
  const items = cart.lines.map((line) => ({
    product_id: line.productId,
    product: { id: line.productId, collections: collections(line.collectionIds) },
    quantity: line.quantity,
    original_line_price: line.original,
    final_line_price: line.final,
    gift_card: line.isGiftCard,
  }));
  const half = Math.floor(cart.discount / 200) * 100;
  const applications = [half, cart.discount - half].map((amount) => ({ total_allocated_amount: amount }));
  clock.at = cart.at;
  const text = String(
    liquid.parseAndRenderSync(
      "{% render 'points-for-cart', rules: rules %}",
      { rules: table },
      {
        globals: {
          cart: { items, cart_level_discount_applications: applications, taxes_included: cart.taxesIncluded },
          localization: { country: { iso_code: cart.country } },
          customer: {
            orders_count: cart.isFirstOrder ? 0 : 3,
            metafields: { $app: { tier: { value: tier } } },
          },
        },
      },
    ),
  );
  const [points = "", certainty = ""] = text.trim().split("|");
  return { points: Number(points), certainty: certainty as CartPoints["certainty"] };
}

function compiled(rules: EarningRules, currency = "GBP"): RuleTable {
  const result = compileRuleTable(rules, currency, START);
  if (!result.ok) throw new Error(result.reason);
  return result.table;
}

test("core, the table's evaluator and Liquid give random carts the same points by random rules", () => {
  const seen = { exact: 0, "at-least": 0, "up-to": 0, about: 0 };
  assert(
    property(rulesArbitrary, cartArbitrary, (some, facts) => {
      const rules = makeRules(some);
      const cart = storefrontCart(facts);
      const table = JSON.parse(JSON.stringify(compiled(rules, facts.currency))) as RuleTable;
      const shown = pointsForCart(table, cart);
      expect(shownByLiquid(table, cart, facts.tier)).toEqual(shown);
      seen[shown.certainty] += 1;
      const posted = postedByCore(rules, facts, cart);
      if (shown.certainty === "exact") expect(shown.points).toBe(posted);
      if (shown.certainty === "at-least") expect(shown.points).toBeLessThanOrEqual(posted);
      if (shown.certainty === "up-to") expect(shown.points).toBeGreaterThanOrEqual(posted);
    }),
    { numRuns: 800 },
  );
  // Of each there were enough to tell something.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50);
});

describe("by hand", () => {
  const line = {
    productId: 1,
    collectionIds: [7],
    quantity: 2,
    original: 2_000,
    final: 2_000,
    isGiftCard: false,
  };
  const cart: StorefrontCart = {
    ...{ lines: [line], discount: 0, taxesIncluded: false, country: "GB", at: AT, isFirstOrder: false },
  };
  const multiplier = (match: Match) => ({ match, factorPercent: 300 });

  test.each([
    [{}, 20],
    [{ multipliers: [multiplier({ productIds: [1] })] }, 60],
    [{ multipliers: [multiplier({ productIds: [11] })] }, 20],
    [{ multipliers: [multiplier({ collectionIds: [77] })] }, 20],
    [{ multipliers: [multiplier({ channels: ["pos"] })] }, 20],
    [{ multipliers: [multiplier({ countries: ["GB"], channels: ["web", "pos"] })] }, 60],
    [{ bonusProducts: [{ productId: 1, points: 5 }] }, 30],
    [{ isAccruing: false, bonusProducts: [{ productId: 1, points: 5 }] }, 0],
  ])("%j", (some, points) => {
    expect(pointsForCart(compiled(makeRules(some)), cart)).toEqual({ points, certainty: "exact" });
  });

  test("yen and dinars, whose prices Liquid shows in hundredths too", () => {
    const rules = makeRules({ base: { points: 1, perMinor: 10 } });
    expect(compiled(rules, "JPY")).toMatchObject({ rate: { points: 1, amount: 1_000 }, points: 1 });
    expect(pointsForCart(compiled(rules, "JPY"), cart).points).toBe(2);
    expect(pointsForCart(compiled(rules, "KWD"), cart).points).toBe(2_000);
  });

  test("rules that no metafield takes are refused with how much there is", () => {
    const productIds = Array.from({ length: 250 }, (_, index) => 7_000_000_000_000 + index);
    const multipliers = Array.from({ length: 20 }, () => multiplier({ productIds }));
    const result = compileRuleTable(makeRules({ multipliers }), "GBP", START);
    expect(result).toMatchObject({ ok: false, reason: "too-large", mostBytes: MOST_TABLE_BYTES });
    expect(!result.ok && result.bytes > 64_000).toBe(true);
  });
});
