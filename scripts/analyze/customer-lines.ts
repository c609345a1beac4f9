/** A line per customer: what they did, and what is expected of them. */
import { isoDate } from "../../app/core/calendar.ts";
import type { CandidateName } from "../../app/core/clv/candidates.ts";
import { returnChances, probabilitiesAlive } from "../../app/core/clv/forecast-customers.ts";
import { groupHistories, type Grouped } from "../../app/core/clv/histories.ts";
import { forecasterOf } from "../../app/core/clv/models.ts";
import { nextPurchase, type NextPurchase } from "../../app/core/clv/next-purchase.ts";
import type { Forecaster } from "../../app/core/clv/purchase-model.ts";
import { csvLine, type CsvRow } from "../../app/core/csv.ts";
import type { Analysis } from "./analyze-purchases.ts";
import type { PurchaseDays } from "./purchase-days.ts";

const HEADINGS = [
  "customer",
  "repeat_purchases",
  "recency",
  "tenure",
  "first_purchase",
  "last_purchase",
  "spend",
  "probability_alive",
  "probability_of_return",
  "expected_purchases",
  "expected_spend",
  "next_purchase_early",
  "next_purchase_median",
  "next_purchase_late",
];

/**
 * Purchases and spend within the horizon by what was chosen (without a choice by the first model that could be fitted). Chances and
 * dates are the likeliest model's where a rule was chosen, because a rule has none.
 */
export function* customerLines({ keys }: PurchaseDays, analysis: Analysis): Generator<string> {
  const { statistics, candidates, horizonDays, untilDay } = analysis;
  const { unitDays } = statistics;
  const horizon = horizonDays / unitDays;
  const fit = modelFit(analysis);
  const forecaster = fit && forecasterOf(fit);
  const grouped = groupHistories(statistics);
  const alive = forecaster && probabilitiesAlive(forecaster, grouped);
  const returns = forecaster && returnChances(forecaster, grouped, horizon);
  const windowOf = forecaster && windowsByGroup(forecaster, grouped, horizon);
  const forecastOf = (name: CandidateName | undefined) =>
    candidates.forecasts.find((forecast) => forecast.name === name) ?? candidates.forecasts.at(-1);
  const purchases = forecastOf(analysis.chosen?.purchases ?? fit?.model)?.purchases;
  const spend = forecastOf(analysis.chosen?.spend ?? fit?.model)?.spend;

  yield csvLine(HEADINGS);
  for (let i = 0; i < statistics.count; i++) {
    const [x, tx, T] = [statistics.repeats[i], statistics.recency[i], statistics.tenure[i]];
    if (x === undefined || tx === undefined || T === undefined) continue;
    // Who has surely left has no date, though others alike in repeats and tenure may.
    const next = (alive?.[i] ?? 0) > 0 ? windowOf?.(grouped.groupOf[i] as number) : undefined;
    const dayAfter = (time: number | null | undefined) =>
      time === null || time === undefined ? null : isoDate(untilDay + Math.round(time * unitDays));
    const firstDay = statistics.firstDay[i] as number;
    const row: CsvRow = [
      keys[statistics.customer[i] as number] ?? "",
      x,
      rounded(tx),
      rounded(T),
      isoDate(firstDay),
      isoDate(firstDay + Math.round(tx * unitDays)),
      rounded(statistics.totalSpend[i]),
      rounded(alive?.[i]),
      rounded(returns?.[i]),
      rounded(purchases?.[i]),
      rounded(spend?.[i]),
      dayAfter(next?.early),
      dayAfter(next?.median),
      dayAfter(next?.late),
    ];
    yield csvLine(row);
  }
}

/**
 * When the next purchase is due, told once for customers who are alike: of models to which recency does not matter the window is the same for all
 * alike in repeats and tenure, because it is that of the futures with a purchase.
 */
function windowsByGroup(
  forecaster: Forecaster,
  { groups }: Grouped,
  horizon: number,
): (group: number) => NextPurchase {
  const { groups: alike, groupOf } = groupHistories(groups, !forecaster.recencyMatters);
  const told: NextPurchase[] = [];
  return (group) => {
    const place = groupOf[group] as number;
    const [x, T] = [alike.repeats[place] as number, alike.tenure[place] as number];
    return (told[place] ??= nextPurchase(forecaster, x, groups.recency[group] as number, T, horizon));
  };
}

/** The chosen model's fit, or the likeliest. */
function modelFit({ candidates, chosen }: Analysis) {
  const fits = candidates.fits.flatMap(({ outcome }) => (outcome.ok ? [outcome.fit] : []));
  const byLikelihood = fits.toSorted((a, b) => b.logLikelihood - a.logLikelihood);
  return fits.find(({ model }) => model === chosen?.purchases) ?? byLikelihood[0] ?? null;
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(8));
}
