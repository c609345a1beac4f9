/**
 * "Buy again": what a customer has bought, by the chance that the next order holds it.
 *
 * The chance is the mean of a beta-binomial. Before the customer is looked at, it is the product's own rate (rebuy-rates.ts), held as
 * firmly as if STRENGTH_ORDERS orders had been seen; every order after the customer's first one with the product is then an
 * observation, with it or without it, and the newest weighs 1, the one before it DECAY, and so on:
 *
 *     chance = (STRENGTH × rate + Σ DECAY^age [order holds it]) / (STRENGTH + Σ DECAY^age)    over the orders after the first with it
 *
 * So somebody who bought a thing once is told of it by what others do, and somebody who buys it every time by what they do. Products
 * not bought yet stand at NEW_SHARE of the rate at which others buy them for the first time; they are listed only if asked for.
 *
 * The constants were chosen on TaFeng with each customer's last but one order as the one to foretell (docs/metrics.md has the figures).
 *
 * Worked example: a product of rate .1, bought in the first of a customer's four orders and in the last. Weights of the three
 * orders after the first: .81, .9, 1. Chance = (8 × .1 + 1) / (8 + 2.71) = .168.
 */
import type { BasketHistory } from "./basket-history.ts";
import type { RebuyRates } from "./rebuy-rates.ts";
import { topScored, type Scored } from "./top-scored.ts";

const STRENGTH_ORDERS = 8;
const DECAY = 0.9;
const NEW_SHARE = 0.8;

export interface BuyAgain {
  /** What the customer has bought, likeliest first; `score` is the chance that the next order holds it. */
  bought(customer: number, size: number): Scored[];
  /** The same with what they have not bought, where that is likelier. */
  withPopular(customer: number, size: number): Scored[];
}

/** `popularity`: of each product, to break ties. Uses memory of two numbers per product. */
export function buyAgain(history: BasketHistory, rates: RebuyRates, popularity: ArrayLike<number>): BuyAgain {
  const { productCount, firstOrder, firstLine, product } = history;
  const score = new Float64Array(productCount);
  const firstWeight = new Float64Array(productCount);
  const weightAfterFirst = new Float64Array(productCount);
  const popular = Int32Array.from(rates.first.keys()).sort(
    (a, b) => (rates.first[b] as number) - (rates.first[a] as number) || a - b,
  );

  /** Leaves the chances of what the customer bought in `score`, and says what that is. */
  function scoreBought(customer: number): number[] {
    const bought: number[] = [];
    const begin = firstOrder[customer] as number;
    const end = firstOrder[customer + 1] as number;
    // From the newest order back, so that the weight of all orders after this one is at hand when it turns out to be the first.
    let after = 0;
    let weight = 1;
    for (let o = end - 1; o >= begin; o--) {
      for (let at = firstLine[o] as number; at < (firstLine[o + 1] as number); at++) {
        const p = product[at] as number;
        if (score[p] === 0) bought.push(p);
        score[p] = (score[p] as number) + weight;
        // Overwritten by every earlier order: what stays is the first.
        weightAfterFirst[p] = after;
        firstWeight[p] = weight;
      }
      after += weight;
      weight *= DECAY;
    }
    for (const p of bought) {
      const again = (score[p] as number) - (firstWeight[p] as number);
      score[p] =
        (STRENGTH_ORDERS * (rates.again[p] as number) + again) /
        (STRENGTH_ORDERS + (weightAfterFirst[p] as number));
    }
    return bought;
  }

  function forget(products: readonly number[]): void {
    for (const p of products) score[p] = 0;
  }

  return {
    bought(customer, size) {
      const bought = scoreBought(customer);
      const top = topScored(bought, score, popularity, size);
      forget(bought);
      return top;
    },
    withPopular(customer, size) {
      const candidates = scoreBought(customer);
      const boughtCount = candidates.length;
      for (let i = 0; i < popular.length && candidates.length < boughtCount + size; i++) {
        const p = popular[i] as number;
        if (score[p] !== 0) continue;
        score[p] = NEW_SHARE * (rates.first[p] as number);
        candidates.push(p);
      }
      const top = topScored(candidates, score, popularity, size);
      forget(candidates);
      return top;
    },
  };
}
