/**
 * When a customer's next order is to be expected.
 *
 * The chance of an order by u is F(u) = P(alive) P(at least one purchase in u | alive); many never order again, and where
 * rates differ much the mean waiting time is infinite. So the date is the median of those futures that bring an order within a stated time W, and its window
 * holds 80% of them: F(u) = q F(W) for q = .1, .5 and .9. Of the customers who do order within W, 80% should do so inside their window.
 *
 * Worked example, NBD with r = 1, alpha = 10, x = 0, T = 10, W = 20: F(u) = 1 - 20/(20 + u), F(W) = .5, and F(u) = .25 at u = 6.667.
 */
import type { Forecaster } from "./purchase-model.ts";

export interface NextPurchase {
  /** P(an order within W). */
  chance: number;
  /** In units of time from the end of observation; `null` where an order has no chance. */
  early: number | null;
  median: number | null;
  late: number | null;
}

/** Share of the futures with an order that the window holds. */
export const WINDOW_SHARE = 0.8;

export function nextPurchase(
  forecaster: Forecaster,
  x: number,
  tx: number,
  T: number,
  within: number,
  precision = 1e-9 * within,
): NextPurchase {
  const ifAlive = forecaster.returnIfAlive(x, tx, T, within);
  const chance = forecaster.probabilityAlive(x, tx, T) * ifAlive;
  if (!(chance > 0)) return { chance: 0, early: null, median: null, late: null };
  const at = (share: number) => timeOf(forecaster, x, tx, T, within, share * ifAlive, precision);
  return {
    chance,
    early: at((1 - WINDOW_SHARE) / 2),
    median: at(0.5),
    late: at((1 + WINDOW_SHARE) / 2),
  };
}

/** The time by which the chance is `target`, by bisection: it grows, and its slope can be anything. */
function timeOf(
  forecaster: Forecaster,
  x: number,
  tx: number,
  T: number,
  within: number,
  target: number,
  precision: number,
): number {
  let [low, high] = [0, within];
  while (high - low > precision) {
    const middle = (low + high) / 2;
    if (forecaster.returnIfAlive(x, tx, T, middle) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
