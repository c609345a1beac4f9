import { describe, expect, it } from "vitest";
import { arrangeShelves, fillBasket, NO_PROMOTION } from "./basket.ts";
import { stockShelves } from "./catalogue.ts";
import { generateHistory } from "./generate.ts";
import type { HistoryOrder } from "./model.ts";
import { DEFAULT_LAW } from "./purchase-law.ts";
import { seededRandom } from "./random.ts";

const history = generateHistory({ seed: 7 });
const having = (test: (order: HistoryOrder) => boolean) => history.orders.filter(test).length;

describe("the generated shop", () => {
  it("has exactly the orders, customers and products asked for", () => {
    expect(history.orders).toHaveLength(20_000);
    expect(history.customers).toHaveLength(8_000);
    expect(history.products).toHaveLength(120);
    const small = generateHistory({ seed: 7, orders: 311, customers: 120, products: 24, days: 400 });
    expect([small.orders.length, small.customers.length, small.products.length]).toEqual([311, 120, 24]);
  });

  it("is the same for the same seed and another for another", () => {
    const options = { orders: 500, customers: 200, products: 30 };
    const first = generateHistory({ seed: 3, ...options });
    expect(generateHistory({ seed: 3, ...options })).toEqual(first);
    expect(generateHistory({ seed: 4, ...options }).orders).not.toEqual(first.orders);
  });

  it("ends on its last day in the shop's zone and is in order of time", () => {
    const endDay = Date.UTC(2026, 2, 31) / 86_400_000;
    const { orders } = generateHistory({ seed: 5, orders: 2000, customers: 800, endDay });
    const newYorkMidnight = Date.UTC(2026, 3, 1, 4);
    const times = orders.map(({ placedAt }) => placedAt);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const events = orders.flatMap((order) => [
      order.placedAt,
      order.paidAt ?? 0,
      ...order.refunds.map(({ happenedAt }) => happenedAt),
      ...order.edits.map(({ happenedAt }) => happenedAt),
    ]);
    expect(Math.max(...events)).toBeLessThan(newYorkMidnight);
    expect(times.at(-1)).toBeGreaterThan(newYorkMidnight - 5 * 86_400_000);
  });

  it("holds everything that happens at shops", () => {
    const kinds = {
      guest: having(({ customerKey }) => customerKey === null),
      test: having(({ test }) => test),
      cancelled: having(({ cancelledAt }) => cancelledAt !== null),
      edited: having(({ edits }) => edits.length > 0),
      pos: having(({ sourceName }) => sourceName === "pos"),
      draft: having(({ sourceName }) => sourceName === "shopify_draft_order"),
      subscription: having(({ lines }) => lines.some(({ sellingPlanName }) => sellingPlanName !== null)),
      company: having(({ companyKey }) => companyKey !== null),
      unpaid: having(({ paidAt }) => paidAt === null),
      partlyRefunded: having(({ refunds }) => refunds.some(({ lines }) => lines.length === 1)),
      fullyRefunded: having(({ refunds, cancelledAt }) => cancelledAt === null && refunds.some(({ shippingMinor }) => shippingMinor > 0)),
      adjusted: having(({ refunds }) => refunds.some(({ adjustmentMinor }) => adjustmentMinor > 0)),
      storeCredit: having(({ refunds }) => refunds.some(({ storeCredit }) => storeCredit)),
      codes: having(({ discountCodes }) => discountCodes.length > 0),
      discountsWithoutCode: having(({ discountCodes, lines }) => discountCodes.length === 0 && lines.some(({ discountMinor }) => discountMinor > 0)),
      giftCardsSold: having(({ lines }) => lines.some(({ productKey }) => productKey === "product-120")),
      giftCardsUsed: having(({ giftCardPaymentMinor }) => giftCardPaymentMinor > 0),
      tips: having(({ tipMinor }) => tipMinor > 0),
      shipping: having(({ shippingMinor }) => shippingMinor > 0),
      taxed: having(({ lines }) => lines.some(({ taxMinor }) => taxMinor > 0)),
      otherCurrency: having(({ presentmentCurrency }) => presentmentCurrency !== "USD"),
    }; // prettier-ignore
    for (const [kind, count] of Object.entries(kinds)) expect(count, kind).toBeGreaterThan(20);
    expect(history.customers.filter(({ tags }) => tags.includes("staff")).length).toBeGreaterThan(5);
    expect(history.checkouts.length).toBe(2400);
    const costs = history.products.flatMap(({ variants }) =>
      variants.map(({ unitCostMinor }) => unitCostMinor),
    );
    expect(costs).toContain(null);
    expect(costs.filter((cost) => cost !== null).length).toBeGreaterThan(100);
  });

  it("never pays with more gift cards than it sold, and refunds no more than was bought", () => {
    let sold = 0;
    for (const { lines, giftCardPaymentMinor, refunds, edits } of history.orders) {
      sold -= giftCardPaymentMinor;
      expect(sold).toBeGreaterThanOrEqual(0);
      const all = [...lines, ...edits.flatMap(({ addedLines }) => addedLines)];
      for (const line of all) {
        if (line.productKey === "product-120") sold += line.quantity * line.unitPriceMinor;
      }
      for (const refund of refunds) {
        for (const { line, quantity } of refund.lines) {
          expect(all[line]?.quantity ?? 0).toBeGreaterThanOrEqual(quantity);
        }
      }
    }
  });

  it("lets law customers buy on the days that were drawn and on no other that counts", () => {
    const counted = new Map<string, number>();
    for (const { customerKey, test, cancelledAt } of history.orders) {
      if (customerKey !== null && !test && cancelledAt === null) {
        counted.set(customerKey, (counted.get(customerKey) ?? 0) + 1);
      }
    }
    for (const [key, truth] of history.truth.customers) {
      if (truth.process === "law") expect(counted.get(key)).toBe(truth.purchaseDays.length);
    }
  });

  it("brings customers back as often as the Pareto/NBD model expects", () => {
    // E[X(t)] = r beta / (alpha (s - 1)) (1 - (beta / (beta + t))^(s - 1)): Schmittlein et al. (1987), equation 17.
    const { r, alpha, s, beta } = DEFAULT_LAW;
    let expected = 0;
    let actual = 0;
    for (const truth of history.truth.customers.values()) {
      if (truth.process !== "law") continue;
      const weeks = (history.truth.endDay + 0.5 - truth.firstDay) / 7;
      expected += ((r * beta) / (alpha * (s - 1))) * (1 - (beta / (beta + weeks)) ** (s - 1));
      actual += truth.purchaseDays.length - 1;
    }
    expect(actual / expected).toBeGreaterThan(0.94);
    expect(actual / expected).toBeLessThan(1.06);
  });
});

describe("a basket", () => {
  it("is worth what was asked for on average, whatever the promotion", () => {
    const random = seededRandom(11);
    const shelves = arrangeShelves(random, stockShelves(random, 120, 0));
    const promotions = [NO_PROMOTION, { code: "X", share: 0.2, onFirstLineOnly: false }, { code: "Y", share: 0.2, onFirstLineOnly: true }];
    for (const promotion of promotions) {
      for (const target of [1200, 5470, 90_000]) {
        let sum = 0;
        for (let round = 0; round < 4000; round += 1) {
          for (const line of fillBasket(random, shelves, target, promotion, 0)) {
            sum += line.quantity * line.unitPriceMinor - line.discountMinor;
          }
        }
        expect(Math.abs(sum / 4000 / target - 1)).toBeLessThan(0.01);
      }
    }
  }); // prettier-ignore
});
