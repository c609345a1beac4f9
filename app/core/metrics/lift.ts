/**
 * How much more often two things happen together than if they had nothing to do with each other.
 *
 * Of n observations, a hold the first thing, b the second and both hold both: lift = (both / n) / (a / n * b / n). The interval is
 * the delta method's on the logarithm, with the four cells of the two-by-two table as one multinomial sample:
 *
 *     Var(log lift) = 1/both - 1/a - 1/b + (2 lift - 1) / n
 *
 * Worked example: n = 1000, a = 100, b = 50, both = 20 gives a lift of 4, Var = 0.05 - 0.01 - 0.02 + 7/1000 = 0.027, and the
 * interval 4 exp(-+1.96 sqrt(0.027)) = 2.899 to 5.520.
 */
import { Z_95 } from "./kaplan-meier.ts";

export interface Lift {
  /** 1: as often as chance alone would have it. */
  lift: number;
  /** 95% interval. */
  liftLow: number;
  liftHigh: number;
}

/** Needs at least one observation of both. */
export function liftOf(both: number, first: number, second: number, observations: number): Lift {
  const lift = (both * observations) / (first * second);
  const variance = 1 / both - 1 / first - 1 / second + (2 * lift - 1) / observations;
  const factor = Math.exp(Z_95 * Math.sqrt(Math.max(0, variance)));
  return { lift, liftLow: lift / factor, liftHigh: lift * factor };
}
