/** An analysis as one object for programs; times in the chosen unit, money in whole units of the currency unless a name says minor. */
import { isoDate } from "../../app/core/calendar.ts";
import type { Analysis } from "./analyze-purchases.ts";
import type { AnalyzeOptions } from "./options.ts";
import type { FilePurchases } from "./read-purchases.ts";

export function analysisJson(analysis: Analysis, file: FilePurchases, { unit }: AnalyzeOptions) {
  const { report, candidates, backtest, chosen, holdout } = analysis;
  const { cohorts, orders, ...figures } = report;
  return {
    summary: {
      file: file.kind,
      records: file.account,
      firstDay: isoDate(analysis.firstDay),
      lastDay: isoDate(analysis.lastDay),
      calibrationEnd: isoDate(analysis.untilDay),
      horizonDays: analysis.horizonDays,
      unit,
      purchases: orders,
      ...figures,
    },
    cohorts,
    models: [
      ...candidates.fits.flatMap(({ outcome }) => (outcome.ok ? [withoutCovariance(outcome.fit)] : [])),
      ...(candidates.spendFit.ok ? [withoutCovariance(candidates.spendFit.fit)] : []),
    ],
    notFitted: [
      ...candidates.fits.flatMap(({ model, outcome }) =>
        outcome.ok ? [] : [{ model, reason: outcome.reason }],
      ),
      ...(candidates.spendFit.ok ? [] : [{ model: "gamma-gamma", reason: candidates.spendFit.reason }]),
    ],
    chosen: chosen?.purchases ?? null,
    chosenSpend: chosen?.spend ?? null,
    backtest: backtest.ok
      ? {
          horizonDays: backtest.horizonDays,
          fewOrigins: backtest.fewOrigins,
          origins: backtest.origins.map(({ untilDay, toDay, customers, scores }) => ({
            untilDay: isoDate(untilDay),
            toDay: isoDate(toDay),
            customers,
            scores: scores.map(({ name, purchases, spend }) => ({ model: name, purchases, spend })),
          })),
          purchases: backtest.purchases.ranking,
          spend: backtest.spend.ranking,
        }
      : { reason: backtest.reason },
    holdout: (holdout?.scores ?? []).map(({ name, purchases, spend }) => ({ model: name, purchases, spend })),
  };
}

/** The covariance is for intervals, not for readers. */
function withoutCovariance<Fit extends { logCovariance: unknown }>(fit: Fit) {
  return Object.fromEntries(Object.entries(fit).filter(([name]) => name !== "logCovariance"));
}
