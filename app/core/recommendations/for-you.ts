/**
 * "For you": what a customer has not bought yet, by what they have bought.
 *
 *     score(i) = Σ over bought products j: w_j × similarity(j → i),    w_j = Σ over the customer's orders with j: DECAY^age
 *
 * with similarity from co-purchases.ts and age counted in the customer's orders, the newest 0. DECAY was chosen on TaFeng's last but one
 * orders among .4, .6, .8, .9 and 1. Each product carries the bought one that says most for it: the reason shown to the shopper.
 */
import type { BasketHistory } from "./basket-history.ts";
import type { CoPurchases } from "./co-purchases.ts";
import { topScored, type Scored } from "./top-scored.ts";

const DECAY = 0.6;

export interface Suggestion extends Scored {
  /** The bought product whose share of the score is largest. */
  because: number;
}

export interface ForYou {
  suggest(customer: number, size: number): Suggestion[];
  /** As the peers do it: whatever was bought may be named again. */
  suggestAny(customer: number, size: number): Scored[];
}

export interface ForYouOptions {
  decay?: number;
  /** Counts a product once, however often it was bought. */
  once?: boolean;
}

/** Time per customer: bought products × their neighbours. `popularity`: of each product, to break ties. */
export function forYou(
  history: BasketHistory,
  { first, other, similarity }: CoPurchases,
  popularity: ArrayLike<number>,
  { decay = DECAY, once = false }: ForYouOptions = {},
): ForYou {
  const { productCount, firstOrder, firstLine, product } = history;
  const weight = new Float64Array(productCount);
  const score = new Float64Array(productCount);
  const most = new Float64Array(productCount);
  const because = new Int32Array(productCount);

  function weighBought(customer: number): number[] {
    const bought: number[] = [];
    let ofOrder = 1;
    const begin = firstOrder[customer] as number;
    for (let o = (firstOrder[customer + 1] as number) - 1; o >= begin; o--) {
      for (let at = firstLine[o] as number; at < (firstLine[o + 1] as number); at++) {
        const p = product[at] as number;
        if (weight[p] === 0) bought.push(p);
        weight[p] = once ? 1 : (weight[p] as number) + ofOrder;
      }
      ofOrder *= decay;
    }
    return bought;
  }

  function scoreOthers(bought: readonly number[]): number[] {
    const candidates: number[] = [];
    for (const j of bought) {
      const w = weight[j] as number;
      for (let at = first[j] as number; at < (first[j + 1] as number); at++) {
        const i = other[at] as number;
        const part = w * (similarity[at] as number);
        if (score[i] === 0) candidates.push(i);
        score[i] = (score[i] as number) + part;
        if (part > (most[i] as number)) {
          most[i] = part;
          because[i] = j;
        }
      }
    }
    return candidates;
  }

  function forget(bought: readonly number[], candidates: readonly number[]): void {
    for (const p of bought) weight[p] = 0;
    for (const p of candidates) score[p] = most[p] = 0;
  }

  return {
    suggest(customer, size) {
      const bought = weighBought(customer);
      const candidates = scoreOthers(bought);
      const unbought = candidates.filter((p) => weight[p] === 0);
      const top = topScored(unbought, score, popularity, size).map((one) => ({
        ...one,
        because: because[one.product] as number,
      }));
      forget(bought, candidates);
      return top;
    },
    suggestAny(customer, size) {
      const bought = weighBought(customer);
      const candidates = scoreOthers(bought);
      const top = topScored(candidates, score, popularity, size);
      forget(bought, candidates);
      return top;
    },
  };
}
