/** Every model and rule that competes to forecast a shop's customers, fitted on what was known on one day. */
import { fitGroups, type PurchaseFit, type PurchaseFitOutcome } from "./fit-purchases.ts";
import { forecastPurchases } from "./forecast-customers.ts";
import { groupHistories, type Groups } from "./histories.ts";
import { expectedSpend, fitSpending, type SpendFitOutcome } from "./models/gamma-gamma.ts";
import { mbgCnbd, MOST_REGULAR } from "./models/mbg-cnbd-k.ts";
import { forecasterOf, purchaseModel } from "./models.ts";
import { NAIVE_RULE_NAMES, naivePurchases, naiveSpend } from "./naive-rules.ts";
import { PURCHASE_MODEL_NAMES, type PurchaseModelName } from "./purchase-model.ts";
import type { PurchaseStatistics } from "./purchase-statistics.ts";

/** From the simplest to the least simple: of equally good ones the earlier is chosen. */
export const CANDIDATE_NAMES = [...NAIVE_RULE_NAMES, ...PURCHASE_MODEL_NAMES, "blend"] as const;
export type CandidateName = (typeof CANDIDATE_NAMES)[number];

/** What the blend is the mean of: all models in which customers leave. */
export const BLENDED: readonly CandidateName[] = ["bg-nbd", "mbg-nbd", "pareto-nbd", "mbg-cnbd-k"];

export interface CandidateForecasts {
  /** The models' fits, or why there is none. */
  fits: { model: PurchaseModelName; outcome: PurchaseFitOutcome }[];
  spendFit: SpendFitOutcome;
  forecasts: { name: CandidateName; purchases: Float64Array; spend: Float64Array }[];
}

/** Of each customer of the statistics within the horizon, in the statistics' unit of time. */
export function forecastByAll(statistics: PurchaseStatistics, horizon: number): CandidateForecasts {
  const grouped = groupHistories(statistics);
  const spendFit = fitSpending(statistics);
  const fits = fitAll(grouped.groups);
  const perPurchase = spendPerPurchase(statistics, spendFit);
  const forecasts: CandidateForecasts["forecasts"] = NAIVE_RULE_NAMES.map((name) => {
    const purchases = naivePurchases(name, statistics, horizon, statistics.unitDays);
    return { name, purchases, spend: times(purchases, naiveSpend(name, statistics)) };
  });
  for (const { model, outcome } of fits) {
    if (!outcome.ok) continue;
    const purchases = forecastPurchases(forecasterOf(outcome.fit), grouped, horizon);
    forecasts.push({ name: model, purchases, spend: times(purchases, perPurchase) });
  }
  const blended = forecasts.filter(({ name }) => BLENDED.includes(name));
  if (blended.length > 1) {
    const mean = (of: readonly Float64Array[]) =>
      new Float64Array(statistics.count).map(
        (_, i) => of.reduce((sum, one) => sum + (one[i] as number), 0) / of.length,
      );
    forecasts.push({
      name: "blend",
      purchases: mean(blended.map(({ purchases }) => purchases)),
      spend: mean(blended.map(({ spend }) => spend)),
    });
  }
  return { fits, spendFit, forecasts };
}

function fitAll(groups: Groups): CandidateForecasts["fits"] {
  const fits: CandidateForecasts["fits"] = [];
  for (const model of PURCHASE_MODEL_NAMES) {
    const outcome =
      model === "mbg-cnbd-k"
        ? fitRegularity(groups, fits.find((fit) => fit.model === "mbg-nbd")?.outcome)
        : fitGroups(purchaseModel(model, 1), groups);
    fits.push({ model, outcome });
  }
  return fits;
}

/** With the regularity k that is likeliest: k grows while the likelihood does, it has one top. For k = 1 it is MBG/NBD, which may be known. */
function fitRegularity(groups: Groups, irregular?: PurchaseFitOutcome): PurchaseFitOutcome {
  let best: PurchaseFitOutcome = irregular?.ok
    ? { ok: true, fit: { ...irregular.fit, model: "mbg-cnbd-k" } }
    : fitGroups(mbgCnbd(1), groups);
  for (let k = 2; k <= MOST_REGULAR && best.ok; k++) {
    const next = fitGroups(mbgCnbd(k), groups);
    if (!next.ok || !isBetter(next.fit, best.fit)) break;
    best = next;
  }
  return best;
}

function isBetter(a: PurchaseFit, b: PurchaseFit): boolean {
  return a.logLikelihood > b.logLikelihood;
}

/** What each customer is expected to spend per purchase; the shop's plain mean where the spend model has no answer. */
export function spendPerPurchase(
  { repeats, meanSpend, totalSpend }: Pick<PurchaseStatistics, "repeats" | "meanSpend" | "totalSpend">,
  spendFit: SpendFitOutcome,
): Float64Array {
  const plain = naiveSpend("simple-formula", { repeats, totalSpend });
  if (!spendFit.ok) return plain;
  const { parameters } = spendFit.fit;
  return plain.map(
    (mean, i) => expectedSpend(parameters, repeats[i] as number, meanSpend[i] as number) ?? mean,
  );
}

function times(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value * (b[i] as number));
}
