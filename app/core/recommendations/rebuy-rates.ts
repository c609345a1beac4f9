/**
 * How likely each product is to be in somebody's next order, once they have bought it and while they have not.
 *
 * The rate at which a product is bought again is, over everybody who bought it, their later orders with it / their later orders,
 * regressed toward the rate of the whole shop as if PRIOR_ORDERS further orders had been seen at that rate: the mean of a
 * beta-binomial with a conjugate prior (Gelman et al., Bayesian Data Analysis, 3rd edition, section 2.4). The rate at
 * which it is bought for the first time is first orders with it / orders of the shop.
 *
 * Worked example: two customers buy tea and then order twice more each, one of them tea again, once. Later orders 4, with tea 1; the
 * shop's rate, which nothing else enters, is (1 + .5) / (4 + 1) = .3, so tea's is (1 + 100 × .3) / (4 + 100) = .298.
 */
import type { BasketHistory } from "./basket-history.ts";

/** Chosen on TaFeng's last but one orders, among 3, 10, 30, 100, 300 and 1,000; the answer hardly depends on it from 30 on. */
const PRIOR_ORDERS = 100;

export interface RebuyRates {
  /** Of each product: its share in the next order of somebody who bought it. */
  again: Float64Array;
  /** Of each product: the share of orders in which somebody bought it who had not before. */
  first: Float64Array;
  /** The shop's own rate of buying again: of products of which nothing is known. */
  usual: number;
}

export function rebuyRates(history: BasketHistory): RebuyRates {
  const { customerCount, productCount, firstOrder, firstLine, product } = history;
  const firsts = new Float64Array(productCount);
  const agains = new Float64Array(productCount);
  const chances = new Float64Array(productCount);
  const buyer = new Int32Array(productCount).fill(-1);
  for (let c = 0; c < customerCount; c++) {
    const end = firstOrder[c + 1] as number;
    for (let o = firstOrder[c] as number; o < end; o++) {
      for (let at = firstLine[o] as number; at < (firstLine[o + 1] as number); at++) {
        const p = product[at] as number;
        if (buyer[p] === c) {
          agains[p] = (agains[p] as number) + 1;
        } else {
          buyer[p] = c;
          firsts[p] = (firsts[p] as number) + 1;
          chances[p] = (chances[p] as number) + end - 1 - o;
        }
      }
    }
  }
  // Half an order more, so that a shop where nobody has bought anything again yet still says what to try.
  const shopRate = (sum(agains) + 0.5) / (sum(chances) + 1);
  const orders = firstLine.length - 1;
  return {
    again: agains.map(
      (count, p) => (count + PRIOR_ORDERS * shopRate) / ((chances[p] as number) + PRIOR_ORDERS),
    ),
    first: firsts.map((count) => (orders === 0 ? 0 : count / orders)),
    usual: shopRate,
  };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
