/**
 * Customers who were quiet for so long that they probably will not order again within a year: those whose risk (churn-risk.ts) has risen to
 * "high" within the last days, by what the model of today says of both ends. A new model moves the line for everybody; whoever is beyond it for
 * longer by that same model is not newly so. Somebody whose risk is high from their first order on has never fallen.
 */
import { chanceFit, RETURN_DAYS, type ValueSource } from "./customer-estimates.ts";
import { AT_RISK_FROM } from "./churn-risk.ts";
import { returnChances } from "./forecast-customers.ts";
import { forecasterOf } from "./models.ts";
import { purchaseStatistics } from "./purchase-statistics.ts";
import { UNIT_DAYS } from "./shop-model.ts";
import type { ShopPurchases } from "./shop-purchases.ts";

export interface NewlyAtRisk {
  /** As in the purchases. */
  customer: number;
  /** Of their last order. */
  lastDay: number;
  riskPercent: number;
}

/** Nobody where the shop has no model in which customers leave, only a rule. */
export function newlyAtRisk(
  purchases: ShopPurchases,
  model: Pick<ValueSource, "chosen" | "fits" | "untilDay">,
  withinDays: number,
): NewlyAtRisk[] {
  const fit = chanceFit(model);
  if (!fit) return [];
  const { untilDay } = model;
  const all = purchaseStatistics(purchases, { untilDay, unitDays: UNIT_DAYS });
  const forecaster = forecasterOf(fit);
  const horizon = RETURN_DAYS / UNIT_DAYS;
  const chances = returnChances(forecaster, all, horizon);
  const entries = Int32Array.from(all.customer.keys()).filter(
    (entry) => 1 - (chances[entry] as number) >= AT_RISK_FROM,
  );
  const of = (column: Float64Array) => Float64Array.from(entries, (entry) => column[entry] as number);
  const [repeats, recency] = [of(all.repeats), of(all.recency)];
  const tenure = of(all.tenure).map((now, place) =>
    Math.max(recency[place] as number, now - withinDays / UNIT_DAYS),
  );
  const before = returnChances(forecaster, { repeats, recency, tenure }, horizon);
  return [...entries].flatMap((entry, place) => {
    if (1 - (before[place] as number) >= AT_RISK_FROM) return [];
    const sinceFirst = Math.round((recency[place] as number) * UNIT_DAYS);
    return [
      {
        customer: all.customer[entry] as number,
        lastDay: (all.firstDay[entry] as number) + sinceFirst,
        riskPercent: Math.round(100 * (1 - (chances[entry] as number))),
      },
    ];
  });
}
