/**
 * Intervals of what customers will do. For each of many possible parameter vectors a possible future of every customer is
 * drawn, so that both kinds of not knowing are in it: what the parameters are, and what a customer does given them.
 *
 * A customer's interval comes from that customer's futures; the interval of a whole, a shop or a cohort, from the sums of each future.
 */
import type { Histories } from "./histories.ts";
import { drawSpend, type SpendFit } from "./models/gamma-gamma.ts";
import { seededRandom } from "./numerics/random.ts";
import type { Forecaster } from "./purchase-model.ts";

export interface FuturesOptions {
  /** One per future. */
  forecasters: readonly Forecaster[];
  horizon: number;
  seed: number;
  /** What of the futures lies inside, .8 unless told: a tenth is below and a tenth above. */
  share?: number;
  /** For intervals of spend in place of purchases; parameters one per future. */
  spend?: { parameters: readonly SpendFit["parameters"][]; meanSpend: ArrayLike<number> };
  /** The whole that each customer's future is added to, from 0; all to one unless told. */
  wholeOf?: { of: ArrayLike<number>; wholes: number };
}

export interface Futures {
  /** Of each customer. */
  low: Float64Array;
  high: Float64Array;
  /** Of each whole, its sum in each future. */
  sums: Float64Array[];
}

export function simulateFutures(histories: Histories, options: FuturesOptions): Futures {
  const { forecasters, horizon, seed, share = 0.8, spend, wholeOf } = options;
  const { repeats, recency, tenure } = histories;
  const customers = repeats.length;
  const draws = forecasters.length;
  const futures: Futures = {
    low: new Float64Array(customers),
    high: new Float64Array(customers),
    sums: Array.from({ length: wholeOf?.wholes ?? 1 }, () => new Float64Array(draws)),
  };
  const drawn = new Float64Array(draws);
  for (let i = 0; i < customers; i++) {
    // A stream for each customer: part of the customers, in another thread, gets the same futures.
    const random = seededRandom(seed, 2 * i);
    const spendRandom = spend ? seededRandom(seed, 2 * i + 1) : random;
    const [x, tx, T] = [repeats[i] as number, recency[i] as number, tenure[i] as number];
    const sums = futures.sums[wholeOf ? (wholeOf.of[i] as number) : 0];
    for (let draw = 0; draw < draws; draw++) {
      const purchases = (forecasters[draw] as Forecaster).drawPurchases(x, tx, T, horizon, random);
      const value =
        spend && purchases > 0 ? purchases * spendOf(spend, draw, x, i, purchases, spendRandom) : purchases;
      drawn[draw] = value;
      if (sums) sums[draw] = (sums[draw] as number) + value;
    }
    drawn.sort();
    ({ low: futures.low[i], high: futures.high[i] } = intervalOf(drawn, share));
  }
  return futures;
}

function spendOf(
  { parameters, meanSpend }: NonNullable<FuturesOptions["spend"]>,
  draw: number,
  x: number,
  customer: number,
  purchases: number,
  random: () => number,
): number {
  const drawnParameters = parameters[draw % parameters.length];
  if (!drawnParameters) throw new Error("futures of spend need parameters of spend");
  return drawSpend(drawnParameters, x, meanSpend[customer] as number, purchases, random);
}

/** The middle `share` of sorted values: of whole numbers never less than it. */
export function intervalOf(sorted: Float64Array, share: number): { low: number; high: number } {
  const tail = (1 - share) / 2;
  const last = sorted.length - 1;
  return {
    low: sorted[Math.floor(tail * last)] as number,
    high: sorted[Math.ceil((1 - tail) * last)] as number,
  };
}
