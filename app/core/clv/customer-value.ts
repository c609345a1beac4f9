/**
 * What customers are worth: the purchases that the chosen model or rule expects of each within so many days, discounted to the end of
 * observation, times what each is expected to spend per purchase. Days in, money in the unit of the statistics' amounts out: nobody else converts units.
 *
 * Worked example: a rule that expects 4 purchases in 365 days at 10 each, evenly, is worth 40 (1 - e^-d)/d = 37.33 at 15% a year (d = ln 1.15 = .1398).
 */
import { BLENDED, spendPerPurchase, type CandidateForecasts, type CandidateName } from "./candidates.ts";
import { discountedBy, discountPerUnit } from "./forecast-customers.ts";
import { groupHistories } from "./histories.ts";
import { forecasterOf } from "./models.ts";
import { isNaiveRule, naivePurchases, naiveSpend, type NaiveRuleName } from "./naive-rules.ts";
import type { PurchaseStatistics } from "./purchase-statistics.ts";

export interface ValueOptions {
  horizonDays: number;
  /** .15 is 15% a year. */
  yearlyDiscount: number;
}

export type ValueOutcome = { ok: true; values: Float64Array } | { ok: false; reason: "not-fitted" };

type Fits = Pick<CandidateForecasts, "fits" | "spendFit">;

export function customerValues(
  candidate: CandidateName,
  statistics: PurchaseStatistics,
  fits: Fits,
  options: ValueOptions,
): ValueOutcome {
  return valuesBy(candidate, statistics, fits)(options);
}

/** The same for several horizons: what they share is computed once. */
export function valuesBy(
  candidate: CandidateName,
  statistics: PurchaseStatistics,
  { fits, spendFit }: Fits,
): (options: ValueOptions) => ValueOutcome {
  if (isNaiveRule(candidate)) return (options) => ruleValues(candidate, statistics, options);
  const names = candidate === "blend" ? BLENDED : [candidate];
  const fitted = fits.flatMap(({ model, outcome }) =>
    outcome.ok && names.includes(model) ? [outcome.fit] : [],
  );
  if (fitted.length === 0) return () => ({ ok: false, reason: "not-fitted" });
  const grouped = groupHistories(statistics);
  const spend = spendPerPurchase(statistics, spendFit);
  const models = fitted.map((fit) => discountedBy(forecasterOf(fit), grouped));
  return ({ horizonDays, yearlyDiscount }) => {
    const horizon = horizonDays / statistics.unitDays;
    const discount = discountPerUnit(yearlyDiscount, statistics.unitDays);
    const purchases = new Float64Array(statistics.count);
    for (const discounted of models) {
      discounted(horizon, discount).forEach((expected, i) => {
        purchases[i] = (purchases[i] as number) + expected / models.length;
      });
    }
    return { ok: true, values: purchases.map((expected, i) => (spend[i] as number) * expected) };
  };
}

function ruleValues(
  rule: NaiveRuleName,
  statistics: PurchaseStatistics,
  { horizonDays, yearlyDiscount }: ValueOptions,
): ValueOutcome {
  const horizon = horizonDays / statistics.unitDays;
  const discount = discountPerUnit(yearlyDiscount, statistics.unitDays);
  const evenly = discount * horizon > 0 ? -Math.expm1(-discount * horizon) / (discount * horizon) : 1;
  const spend = naiveSpend(rule, statistics);
  const purchases = naivePurchases(rule, statistics, horizon, statistics.unitDays);
  return { ok: true, values: purchases.map((expected, i) => expected * evenly * (spend[i] as number)) };
}
