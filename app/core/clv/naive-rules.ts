/**
 * What a merchant could say without a model; they compete with the models, and are shown beside them.
 *
 *   past-rate       x / T carried on: purchases in the next t are x t / T
 *   recency-rule    the same for those whose last purchase is at most 180 days ago (the rule by which the list of customers calls them lapsed), 0 for the others
 *   simple-formula  AOV x frequency x lifetime: everybody buys at the shop's mean rate, sum x / sum T
 *
 * A customer on the first day (T = 0) has no rate and counts 0. Spend is that times the average order value: the customer's own over all
 * days with a purchase, in the simple formula the shop's.
 *
 * Worked example: x = 2, T = 38.86 gives 2 x 39 / 38.86 = 2.007 purchases in 39 weeks by the past rate.
 */
import { LAPSED_DAYS } from "../metrics/lapsed.ts";
import type { Histories } from "./histories.ts";
import { sumOf } from "./numerics/sum-of.ts";

export const NAIVE_RULE_NAMES = ["simple-formula", "past-rate", "recency-rule"] as const;
export type NaiveRuleName = (typeof NAIVE_RULE_NAMES)[number];

/** Of a candidate's name; models know chance, rules do not. */
export function isNaiveRule(name: string): name is NaiveRuleName {
  return (NAIVE_RULE_NAMES as readonly string[]).includes(name);
}

export function naivePurchases(
  rule: NaiveRuleName,
  { repeats, recency, tenure }: Histories,
  horizon: number,
  unitDays: number,
): Float64Array {
  const forecast = new Float64Array(repeats.length);
  const lapsedAfter = LAPSED_DAYS / unitDays;
  const rate = rule === "simple-formula" ? sumOf(repeats) / sumOf(tenure) : 0;
  for (let i = 0; i < forecast.length; i++) {
    const T = tenure[i] as number;
    if (rule === "simple-formula") forecast[i] = rate > 0 && rate < Infinity ? rate * horizon : 0;
    else if (T === 0 || (rule === "recency-rule" && T - (recency[i] as number) > lapsedAfter))
      forecast[i] = 0;
    else forecast[i] = ((repeats[i] as number) * horizon) / T;
  }
  return forecast;
}

/** The value of one purchase of each customer, under the rule. */
export function naiveSpend(
  rule: NaiveRuleName,
  { repeats, totalSpend }: { repeats: ArrayLike<number>; totalSpend: ArrayLike<number> },
): Float64Array {
  const days = new Float64Array(repeats.length);
  for (let i = 0; i < days.length; i++) days[i] = (repeats[i] as number) + 1;
  const shop = sumOf(totalSpend) / sumOf(days);
  return days.map((of, i) => (rule === "simple-formula" ? shop : (totalSpend[i] as number) / of));
}
