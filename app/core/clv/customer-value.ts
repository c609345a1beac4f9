/**
 * What customers are worth: the purchases that the chosen model or rule expects of each within so many days, discounted to the end of
 * observation, times what each is expected to spend per purchase. Days in, money in the unit of the statistics' amounts out: nobody else converts units.
 *
 * Worked example: a rule that expects 4 purchases in 365 days at 10 each, evenly, is worth 40 (1 - e^-d)/d = 37.33 at 15% a year (d = ln 1.15 = .1398).
 */
import { BLENDED, spendPerPurchase, type CandidateForecasts, type CandidateName } from "./candidates.ts";
import { discountedPurchases, discountPerUnit } from "./forecast-customers.ts";
import { groupHistories } from "./histories.ts";
import { forecasterOf } from "./models.ts";
import { NAIVE_RULE_NAMES, naivePurchases, naiveSpend, type NaiveRuleName } from "./naive-rules.ts";
import type { PurchaseStatistics } from "./purchase-statistics.ts";

export interface ValueOptions {
  horizonDays: number;
  /** .15 is 15% a year. */
  yearlyDiscount: number;
}

export type ValueOutcome = { ok: true; values: Float64Array } | { ok: false; reason: "not-fitted" };

export function customerValues(
  candidate: CandidateName,
  statistics: PurchaseStatistics,
  { fits, spendFit }: Pick<CandidateForecasts, "fits" | "spendFit">,
  { horizonDays, yearlyDiscount }: ValueOptions,
): ValueOutcome {
  const horizon = horizonDays / statistics.unitDays;
  const discount = discountPerUnit(yearlyDiscount, statistics.unitDays);
  if (isRule(candidate)) {
    const evenly = discount * horizon > 0 ? -Math.expm1(-discount * horizon) / (discount * horizon) : 1;
    const spend = naiveSpend(candidate, statistics);
    const purchases = naivePurchases(candidate, statistics, horizon, statistics.unitDays);
    return { ok: true, values: purchases.map((expected, i) => expected * evenly * (spend[i] as number)) };
  }
  const names = candidate === "blend" ? BLENDED : [candidate];
  const fitted = fits.flatMap(({ model, outcome }) =>
    outcome.ok && names.includes(model) ? [outcome.fit] : [],
  );
  if (fitted.length === 0) return { ok: false, reason: "not-fitted" };
  const grouped = groupHistories(statistics);
  const values = spendPerPurchase(statistics, spendFit);
  const purchases = new Float64Array(statistics.count);
  for (const fit of fitted) {
    discountedPurchases(forecasterOf(fit), grouped, horizon, discount).forEach((expected, i) => {
      purchases[i] = (purchases[i] as number) + expected / fitted.length;
    });
  }
  return { ok: true, values: values.map((spend, i) => spend * (purchases[i] as number)) };
}

function isRule(candidate: CandidateName): candidate is NaiveRuleName {
  return (NAIVE_RULE_NAMES as readonly string[]).includes(candidate);
}
