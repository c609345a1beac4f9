import { describe, expect, test } from "vitest";
import { makeRules } from "../../../tests/support/loyalty-rules.ts";
import { DAY_MS, makeLine, makeOrder, makeRefund, START } from "../../../tests/support/orders.ts";
import type { Order } from "../order.ts";
import { orderTarget, type DisputeState } from "./order-target.ts";
import { termsOf, withNewLines, type TermsFacts } from "./order-terms.ts";
import { versionAt, type EarningRules } from "./programme.ts";

interface Given {
  rules?: Partial<EarningRules>;
  facts?: Partial<TermsFacts>;
  dispute?: DisputeState;
}

function target(order: Partial<Order>, { rules: some, facts, dispute }: Given = {}) {
  const placed = makeOrder(order);
  const rules = makeRules(some);
  const terms = termsOf(placed, rules, {
    isFirstOrder: false,
    isExcluded: false,
    collectionsOf: () => [],
    ...facts,
  });
  return orderTarget(placed, terms, rules, dispute ?? null);
}

const points = (order: Partial<Order>, given?: Given) => target(order, given).points;
/** 120.00 at list price, 20.00 off, 10.00 tax. */
const LINE = makeLine({ quantity: 4, grossMinor: 12_000, discountMinor: 2_000, taxMinor: 1_000 });

describe("what an order earns", () => {
  test.each([
    [{}, 100],
    [{ basis: "before-discounts" as const }, 120],
    [{ includeTax: true }, 110],
    [{ includeShipping: true }, 107],
    [{ basis: "before-discounts" as const, includeTax: true, includeShipping: true }, 137],
    [{ base: { points: 3, perMinor: 700 } }, 42],
    [{ base: { points: 3, perMinor: 700 }, rounding: "nearest" as const }, 43],
    [{ base: { points: 1, perMinor: 3_000 }, rounding: "nearest" as const }, 3],
    [{ base: { points: 1, perMinor: 3_000 }, rounding: "up" as const }, 4],
  ])("by %j", (rules, expected) => {
    expect(points({ lines: [LINE], shippingMinor: 750 }, { rules })).toBe(expected);
  });

  test("is rounded once, and not line by line", () => {
    const lines = [1, 2, 3].map((id) => makeLine({ id, grossMinor: 150 }));
    expect(points({ lines })).toBe(4);
  });

  test("nothing for gift cards, and all for what they pay for", () => {
    expect(points({ lines: [makeLine({ grossMinor: 5_000, isGiftCard: true })] })).toBe(0);
    expect(points({ lines: [makeLine({ isGiftCard: true }), makeLine({ id: 2, grossMinor: 900 })] })).toBe(9);
  });

  test.each([
    [{ isTest: true }, "test"],
    [{ isB2b: true }, "business"],
    [{ cancelledAt: START }, "cancelled"],
    [{ financialStatus: "voided" as const }, "voided"],
    [{ financialStatus: "pending" as const, paidAt: null }, "unpaid"],
    [{ financialStatus: "authorized" as const, paidAt: null }, "unpaid"],
    [{ financialStatus: "partially_paid" as const }, "unpaid"],
    [{ isDraft: true, financialStatus: "pending" as const, paidAt: null }, "unpaid"],
    [{ financialStatus: "refunded" as const }, "refunded"],
  ])("nothing where %j", (order, because) => {
    expect(target({ lines: [LINE], ...order })).toMatchObject({ points: 0, because });
  });

  test("nothing for customers who were kept out when they ordered", () => {
    expect(target({ lines: [LINE] }, { facts: { isExcluded: true } })).toMatchObject({
      points: 0,
      because: "excluded",
    });
  });

  test("nothing while a chargeback is open or lost, all again when it is won", () => {
    expect(target({ lines: [LINE] }, { dispute: "open" })).toMatchObject({ points: 0, because: "disputed" });
    expect(points({ lines: [LINE] }, { dispute: "lost" })).toBe(0);
    expect(points({ lines: [LINE] }, { dispute: "won" })).toBe(100);
  });

  test("a paid draft and an order that was paid late earn", () => {
    expect(points({ lines: [LINE], isDraft: true })).toBe(100);
    expect(points({ lines: [LINE], paidAt: START + 40 * DAY_MS })).toBe(100);
  });

  test("the largest factor of the rules times the largest of the events; a factor of 0 keeps out", () => {
    const multipliers = [
      { match: { productIds: [10] }, factorPercent: 150 },
      { match: { collectionIds: [7], channels: ["web"] }, factorPercent: 300 },
      { match: { countries: ["JP"] }, factorPercent: 1_000 },
    ];
    const event = { name: "week", startsAt: START, endsAt: START + DAY_MS, factorPercent: 200, match: {} };
    const facts = { collectionsOf: (id: number) => (id === 10 ? [7, 8] : []) };
    const order = {
      lines: [makeLine({ grossMinor: 1_000 }), makeLine({ id: 2, productId: 11, grossMinor: 100 })],
    };
    expect(points(order, { rules: { multipliers }, facts })).toBe(31);
    expect(points(order, { rules: { multipliers, events: [event] }, facts })).toBe(62);
    expect(points({ ...order, channel: "pos" }, { rules: { multipliers }, facts })).toBe(16);
    expect(points({ ...order, shippingCountry: "JP" }, { rules: { multipliers } })).toBe(110);
    const without = [...multipliers, { match: { productIds: [10] }, factorPercent: 0 }];
    expect(points(order, { rules: { multipliers: without }, facts })).toBe(1);
    // An event begins with its first moment and is over at its last.
    expect(points({ ...order, placedAt: START + DAY_MS }, { rules: { events: [event] } })).toBe(11);
  });

  test("a bonus for each unit that is kept, and one for the first order while anything is", () => {
    const rules = { bonusProducts: [{ productId: 10, points: 25 }], firstOrderPoints: 500 };
    const facts = { isFirstOrder: true };
    expect(points({ lines: [LINE] }, { rules, facts })).toBe(700);
    const back = { ...LINE, refundedQuantity: 1, refundMinor: 2_500 };
    expect(points({ lines: [back], refunds: [makeRefund({ productMinor: 2_500 })] }, { rules, facts })).toBe(
      650,
    );
    const all = { ...LINE, refundedQuantity: 4, refundMinor: 10_000 };
    expect(points({ lines: [all], refunds: [makeRefund({ productMinor: 10_000 })] }, { rules, facts })).toBe(
      0,
    );
  });

  test("of what is free of charge units count, and before discounts it earns", () => {
    const free = makeLine({ quantity: 4, grossMinor: 4_000, discountMinor: 4_000, refundedQuantity: 1 });
    expect(points({ lines: [free] }, { rules: { basis: "before-discounts" } })).toBe(30);
  });

  test("nothing while the programme is paused without accruing", () => {
    const rules = { isAccruing: false, bonusProducts: [{ productId: 10, points: 5 }], firstOrderPoints: 9 };
    expect(points({ lines: [LINE], shippingMinor: 500 }, { rules, facts: { isFirstOrder: true } })).toBe(0);
  });

  test("amounts and rates beyond what a number holds exactly stay exact", () => {
    const lines = [makeLine({ grossMinor: 9_007_199_254_740_000 })];
    const rules = { base: { points: 999, perMinor: 1_000 } };
    expect(points({ lines }, { rules })).toBe(8_998_192_055_485_260);
  });
});

describe("refunds", () => {
  test("one that names no line is spread over the lines, each by its own rate", () => {
    const lines = [makeLine({ grossMinor: 1_000 }), makeLine({ id: 2, productId: 11, grossMinor: 3_000 })];
    const rules = { multipliers: [{ match: { productIds: [11] }, factorPercent: 200 }] };
    // A quarter of 20.00 falls on the first line, the rest on the second: 5.00 and 15.00 are left.
    expect(points({ lines, refunds: [makeRefund({ productMinor: 2_000 })] }, { rules })).toBe(35);
  });

  test("of all the money without a unit takes all points, with shipping's and bonuses", () => {
    const rules = { includeShipping: true, bonusProducts: [{ productId: 10, points: 25 }] };
    const order = { lines: [LINE], shippingMinor: 900, refunds: [makeRefund({ productMinor: 10_000 })] };
    expect(target(order, { rules })).toMatchObject({ points: 0, because: "refunded" });
  });

  test("more than is left takes no more than there is", () => {
    expect(points({ lines: [LINE], refunds: [makeRefund({ productMinor: 99_999 })] })).toBe(0);
  });
});

describe("terms", () => {
  test("a line that an edit adds is decided when it appears, and the others stay as they were", () => {
    const rules = makeRules({ multipliers: [{ match: { collectionIds: [7] }, factorPercent: 200 }] });
    const facts = { isFirstOrder: false, isExcluded: false, collectionsOf: () => [7] };
    const placed = makeOrder({ lines: [makeLine({ grossMinor: 1_000 })] });
    const terms = termsOf(placed, rules, facts);
    const edited = makeOrder({
      lines: [...placed.lines, makeLine({ id: 2, productId: 11, grossMinor: 500 })],
    });
    const later = withNewLines(terms, edited, rules, () => []);
    expect(orderTarget(edited, later, rules, null).points).toBe(25);
    expect(withNewLines(later, edited, rules, () => [7])).toBe(later);
    expect(JSON.parse(JSON.stringify(later))).toEqual(later);
  });

  test("the version that held when the order was placed is the last that had begun", () => {
    const versions = [0, 10, 10, 20].map((validFrom, index) => ({
      version: index + 1,
      validFrom,
      rules: makeRules(),
    }));
    const held = [-1, 0, 9, 10, 19, 20, 99].map((at) => versionAt(versions, at)?.version ?? null);
    expect(held).toEqual([null, 1, 1, 3, 3, 4, 4]);
  });
});
