/**
 * All that was learnt from a shop's past about its customers' future, as plain data: the fits, which of them is right for this shop and how that
 * was judged, how sure they are, and whether they have understood the shop. It is stored, and what customers are worth is told from it at any
 * later time for whatever they have done by then.
 *
 * Uncertainty of a sum over N customers, told from n of them: with S_d the simulated and E_d the expected sum under possible parameters d,
 * var = (N/n)^2 var(E_d) + (N/n) var(S_d - E_d): not knowing the parameters moves all customers together, chance each for themselves.
 */
import { backtest, type BacktestOutcome } from "./backtest.ts";
import {
  BLENDED,
  forecastByAll,
  spendPerPurchase,
  type CandidateForecasts,
  type CandidateName,
} from "./candidates.ts";
import type { PurchaseFit } from "./fit-purchases.ts";
import { forecastPurchases } from "./forecast-customers.ts";
import { groupHistories, type Histories } from "./histories.ts";
import { expectedSpend, type SpendFit } from "./models/gamma-gamma.ts";
import { deviationOfSum, type ObservedRange } from "./observed-range.ts";
import { forecasterOf, modelOf } from "./models.ts";
import { possibleParameters, possibleSpendParameters } from "./parameter-draws.ts";
import { purchaseStatistics, type PurchaseStatistics, type Transactions } from "./purchase-statistics.ts";
import { simulateFutures } from "./simulated-futures.ts";
import { actualCumulative, expectedCumulative } from "./tracking.ts";

/** Weeks, as in the papers. */
export const UNIT_DAYS = 7;
/** The horizons that pages offer. */
export const VALUE_HORIZONS = { 12: 365, 24: 730 } as const;
export type ValueMonths = keyof typeof VALUE_HORIZONS;

export interface ShopModel {
  /** The last day it knows. */
  untilDay: number;
  customers: number;
  fits: CandidateForecasts["fits"];
  spendFit: CandidateForecasts["spendFit"];
  /**
   * By its past, or where that is too short the simplest model that there is. `value` is what value is told by: the choice for purchases, unless
   * spend, which varies so much that hardly anything is ever told apart by it, speaks against it; then the choice for spend.
   */
  chosen: Record<"purchases" | "spend" | "value", CandidateName>;
  backtest: BacktestOutcome;
  /** `null` where a rule tells value and the past is too short to have seen how far it is off. */
  uncertainty: ModelUncertainty | RuleUncertainty | null;
  tracking: Tracking | null;
}

interface ModelUncertainty {
  /** The model whose possible parameters these are; for a blend the likeliest of its models. */
  fit: PurchaseFit;
  /** Possible parameters, in the order of the model's names, and those of spend; 80% intervals come from them. */
  parameters: number[][];
  spendParameters: SpendFit["parameters"][] | null;
  /** Of the spend of all customers within each horizon. */
  relativeDeviation: RelativeDeviation[];
}

/** A rule knows no chance: how far it was off in the backtest stands for it, at the latest origin for single customers. */
interface RuleUncertainty {
  range: ObservedRange;
  relativeDeviation: RelativeDeviation[];
}

/** As shares of the expectation. */
export interface RelativeDeviation {
  months: ValueMonths;
  deviation: number;
  /** What of it all customers share: not knowing the parameters. The rest is chance. Models stored by an earlier version do not say. */
  common?: number;
}

/** Repeat purchases of all customers, cumulative by week, where the model was fitted on the first `knownWeeks` only. */
export interface Tracking {
  model: PurchaseFit["model"];
  firstDay: number;
  knownWeeks: number;
  actual: number[];
  expected: number[];
}

/** As many possible futures as tell an 80% interval within a few hundredths. */
const DRAWS = 200;
/** Customers whose futures are drawn; the formula above says what all of them together come to. */
const SAMPLED = 2_000;

/** `null`: nobody has bought yet. */
export function fitShopModel(
  purchases: Transactions,
  { untilDay, seed }: { untilDay: number; seed: number },
): ShopModel | null {
  const statistics = purchaseStatistics(purchases, { untilDay, unitDays: UNIT_DAYS });
  if (statistics.count === 0) return null;
  const { fits, spendFit } = forecastByAll(statistics, VALUE_HORIZONS[12] / UNIT_DAYS);
  const tested = backtest(purchases, { unitDays: UNIT_DAYS });
  const chosen = tested.ok ? proven(tested) : unproven(fits);
  const behind = fitBehind(chosen.value, fits);
  return {
    untilDay,
    customers: statistics.count,
    fits,
    spendFit,
    chosen,
    backtest: tested,
    uncertainty: behind
      ? uncertaintyOf(behind, spendFit, statistics, seed)
      : observedUncertainty(tested, chosen.value, statistics.count),
    tracking: tested.ok ? trackingOf(tested, purchases, chosen.purchases) : null,
  };
}

function proven({ purchases, spend }: Extract<BacktestOutcome, { ok: true }>): ShopModel["chosen"] {
  const isGoodForSpend = spend.ranking.some(
    ({ name, withinOneError }) => name === purchases.chosen && withinOneError,
  );
  return {
    purchases: purchases.chosen,
    spend: spend.chosen,
    value: isGoodForSpend ? purchases.chosen : spend.chosen,
  };
}

/** Without a past to judge by: a model where one could be fitted, because a rule takes nobody to have left. */
function unproven(fits: CandidateForecasts["fits"]): ShopModel["chosen"] {
  const name: CandidateName =
    fits.find(({ model, outcome }) => outcome.ok && model !== "nbd")?.model ?? "simple-formula";
  return { purchases: name, spend: name, value: name };
}

/** The fit that a candidate's forecasts come from; `null` for a rule. */
export function fitBehind(name: CandidateName, fits: CandidateForecasts["fits"]): PurchaseFit | null {
  const names = name === "blend" ? BLENDED : [name];
  const behind = fits.flatMap(({ model, outcome }) =>
    outcome.ok && names.includes(model) ? [outcome.fit] : [],
  );
  return behind.toSorted((a, b) => b.logLikelihood - a.logLikelihood)[0] ?? null;
}

function observedUncertainty(
  tested: BacktestOutcome,
  rule: CandidateName,
  customers: number,
): RuleUncertainty | null {
  if (!tested.ok) return null;
  const ranges = tested.origins.flatMap(
    ({ scores }) => scores.find(({ name }) => name === rule)?.range ?? [],
  );
  const range = ranges.at(-1);
  if (!range) return null;
  const sum = deviationOfSum(ranges, customers);
  return { range, relativeDeviation: ([12, 24] as const).map((months) => ({ months, ...sum })) };
}

function uncertaintyOf(
  fit: PurchaseFit,
  spendFit: CandidateForecasts["spendFit"],
  statistics: PurchaseStatistics,
  seed: number,
): ModelUncertainty {
  const { groups } = groupHistories(statistics);
  const parameters = possibleParameters(fit, groups, seed, DRAWS);
  const spendParameters = spendFit.ok ? possibleSpendParameters(statistics, spendFit.fit, seed, DRAWS) : null;
  const model = modelOf(fit);
  const forecasters = parameters.map((vector) => model.forecaster(vector));
  const sample = sampled(statistics, SAMPLED);
  const share = sample.histories.repeats.length / statistics.count;
  const plainSpend = sample.of(spendPerPurchase(statistics, spendFit));
  const meanSpend = sample.of(statistics.meanSpend);

  const relativeDeviation = ([12, 24] as const).map((months) => {
    const horizon = VALUE_HORIZONS[months] / UNIT_DAYS;
    const spendOf = (draw: number, i: number) => {
      const drawn = spendParameters?.[draw % spendParameters.length];
      const x = sample.histories.repeats[i] as number;
      return (drawn && expectedSpend(drawn, x, meanSpend[i] as number)) ?? plainSpend[i] ?? 0;
    };
    const expected = forecasters.map((forecaster, draw) => {
      const purchases = forecastPurchases(forecaster, sample.histories, horizon);
      return purchases.reduce((sum, count, i) => sum + count * spendOf(draw, i), 0);
    });
    // Without a model of spend no future of it can be drawn: then only the parameters are unsure.
    const spend = spendParameters && { parameters: spendParameters, meanSpend };
    const simulated =
      spend && simulateFutures(sample.histories, { forecasters, horizon, seed, spend }).sums[0];
    const chance = expected.map((sum, draw) => (simulated ? (simulated[draw] as number) - sum : 0));
    const mean = expected.reduce((sum, value) => sum + value, 0) / expected.length;
    const common = varianceOf(expected) / share ** 2;
    const relative = (variance: number) => (mean > 0 ? Math.sqrt(variance) / (mean / share) : 0);
    const deviation = relative(common + varianceOf(chance) / share);
    return { months, deviation, common: relative(common) };
  });
  return { fit, parameters, spendParameters, relativeDeviation };
}

/** Every so manieth customer: in the order of their ids, so early and late ones alike are in it. */
function sampled(statistics: PurchaseStatistics, most: number) {
  const every = Math.max(1, statistics.count / most);
  const count = Math.floor(statistics.count / every);
  const of = (column: Float64Array) =>
    Float64Array.from({ length: count }, (_, i) => column[Math.floor(i * every)] as number);
  const histories: Histories = {
    repeats: of(statistics.repeats),
    recency: of(statistics.recency),
    tenure: of(statistics.tenure),
  };
  return { histories, of };
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
}

/** From the first origin of the backtest on, so that the later part of the curve was not known to the model. */
function trackingOf(
  tested: Extract<BacktestOutcome, { ok: true }>,
  purchases: Transactions,
  chosen: CandidateName,
): Tracking | null {
  const origin = tested.origins[0];
  const fit = origin && fitBehind(chosen, origin.fits);
  if (!origin || !fit) return null;
  const statistics = purchaseStatistics(purchases, { untilDay: origin.untilDay, unitDays: UNIT_DAYS });
  const firstDay = statistics.firstDay.reduce((earliest, day) => Math.min(earliest, day), Infinity);
  const weeks = Math.floor((origin.toDay - firstDay + 1) / UNIT_DAYS);
  if (weeks < 2) return null;
  return {
    model: fit.model,
    firstDay,
    knownWeeks: Math.floor((origin.untilDay - firstDay + 1) / UNIT_DAYS),
    actual: Array.from(actualCumulative(purchases, statistics, weeks)),
    expected: Array.from(expectedCumulative(forecasterOf(fit), statistics.firstDay, weeks, UNIT_DAYS)),
  };
}
