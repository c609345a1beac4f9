/**
 * How sure a part of the shop's expected spend is: the fewer it is made of, the less sure.
 *
 * Of the relative variance s^2 of the whole a part c^2 is not knowing the parameters, which all customers share; the rest is chance, each
 * customer's own, and is taken to belong to them in proportion to what is expected of them:
 *
 *   s_part^2 = c^2 + (s^2 - c^2) E_whole / E_part.
 *
 * The interval holds the middle 80% of the log-normal distribution with that mean and relative deviation: v^2 = ln(1 + s_part^2),
 * mean x exp(-v^2/2 -+ 1.2816 v).
 *
 * Worked example: s = .05, c = .03, and a hundredth of the whole, expected to bring 100: s_part^2 = .0009 + .0016 x 100 = .1609, v = .3863,
 * from 57 to 152.
 */
import type { Estimate } from "./acquisition-cost.ts";
import type { RelativeDeviation } from "./shop-model.ts";

/** Nine tenths of a normal distribution lie below so many deviations. */
export const Z_80 = 1.2815515655446004;

export function partEstimate(
  mean: number,
  whole: number,
  { deviation, common = 0 }: Pick<RelativeDeviation, "deviation" | "common">,
): Estimate {
  if (mean <= 0) return { mean: 0, low: 0, high: 0 };
  const shared = Math.min(common, deviation) ** 2;
  const variance = Math.log1p(shared + (deviation ** 2 - shared) * Math.max(1, whole / mean));
  const bound = (sign: number) => mean * Math.exp(-variance / 2 + sign * Z_80 * Math.sqrt(variance));
  return { mean, low: bound(-1), high: bound(1) };
}
