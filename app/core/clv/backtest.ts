/**
 * Which model is right for this shop, told by its own past.
 *
 * From several days in the past (origins) everything is fitted anew on what was known then, for customers acquired by then, and the
 * forecasts are held against what came within the horizon. Purchases are judged by mean Poisson deviance, spend by mean squared error, over all customers of all
 * origins. Of the candidates within one standard error of the best the simplest is chosen; the error is that of the difference to the best,
 * summed per customer over origins, because the same customers are behind all of them.
 *
 * A horizon not asked for is a third of the history. The latest origin lies the horizon before the end, the earliest has three quarters of its past: with
 * less, a few customers of the first days would decide.
 */
import { CANDIDATE_NAMES, forecastByAll, type CandidateForecasts, type CandidateName } from "./candidates.ts";
import { forecasterOf } from "./models.ts";
import { returnChances } from "./forecast-customers.ts";
import { checkChurnBands } from "./churn-risk.ts";
import { nextPurchase, WINDOW_SHARE } from "./next-purchase.ts";
import type { PurchaseFit } from "./fit-purchases.ts";
import { isNaiveRule } from "./naive-rules.ts";
import { insideRange, observedRange, type ObservedRange } from "./observed-range.ts";
import {
  holdoutOf,
  purchaseStatistics,
  type Holdout,
  type PurchaseStatistics,
  type Transactions,
} from "./purchase-statistics.ts";
import { sumOf } from "./numerics/sum-of.ts";
import { calibrationByRepeats, judge, outcomeOf, type CalibrationBin, type Scores } from "./scores.ts";

interface CandidateScores {
  name: CandidateName;
  purchases: Scores;
  spend: Scores;
  /** Purchases by tenth of customers, and by repeats before. */
  byDecile: CalibrationBin[];
  byRepeats: CalibrationBin[];
  /** Models only: churn bands against who came back, and next orders inside their windows. */
  checks: ModelChecks | null;
  /** Rules only, which know no chance: what customers with a like forecast spent. `null` for models, and where customers are few. */
  range: ObservedRange | null;
  /** How the range of the first origin did at this one; `null` at the first. */
  rangeCheck: { customers: number; inside: number } | null;
}

interface ModelChecks {
  bands: ReturnType<typeof checkChurnBands>;
  /** Of customers who ordered within the horizon, the share inside the window; `expected` of them should be. */
  window: { orders: number; inside: number; expected: number };
}

export interface OriginResult {
  untilDay: number;
  toDay: number;
  customers: number;
  fits: CandidateForecasts["fits"];
  spendFit: CandidateForecasts["spendFit"];
  scores: CandidateScores[];
}

/** Trains up to `untilDay`, and scores every candidate on what followed up to `toDay`. */
export function scoreAtOrigin(
  transactions: Transactions,
  untilDay: number,
  toDay: number,
  unitDays = 7,
): OriginResult {
  return judged(
    transactions,
    purchaseStatistics(transactions, { untilDay, unitDays }),
    toDay,
    () => undefined,
    null,
  );
}

/** Told of each candidate's losses by each of the origin's customers. */
type OnLosses = (name: CandidateName, what: "purchases" | "spend", losses: Float64Array) => void;

function judged(
  transactions: Transactions,
  statistics: PurchaseStatistics,
  toDay: number,
  onLosses: OnLosses,
  first: OriginResult | null,
): OriginResult {
  const { untilDay, unitDays } = statistics;
  const holdout = holdoutOf(transactions, statistics, toDay);
  const horizon = (toDay - untilDay) / unitDays;
  const { fits, spendFit, forecasts } = forecastByAll(statistics, horizon);
  const bought = outcomeOf(holdout.purchases);
  const spent = outcomeOf(holdout.spend);
  const scores = forecasts.map(({ name, purchases, spend }): CandidateScores => {
    const ofPurchases = judge(purchases, bought);
    onLosses(name, "purchases", ofPurchases.deviances);
    onLosses(
      name,
      "spend",
      spend.map((value, i) => (value - (holdout.spend[i] as number)) ** 2),
    );
    const outcome = fits.find(({ model }) => model === name)?.outcome;
    const isRule = isNaiveRule(name);
    const known = first?.scores.find((of) => of.name === name)?.range;
    const days = toDay - untilDay;
    return {
      name,
      purchases: ofPurchases.scores,
      spend: judge(spend, spent).scores,
      byDecile: ofPurchases.byDecile,
      byRepeats: calibrationByRepeats(statistics.repeats, purchases, holdout.purchases),
      checks: outcome?.ok ? checksOf(outcome.fit, statistics, holdout, horizon) : null,
      range: isRule ? observedRange(spend, holdout.spend, days) : null,
      rangeCheck: known
        ? { customers: statistics.count, inside: insideRange(known, spend, holdout.spend, days) }
        : null,
    };
  });
  return { untilDay, toDay, customers: statistics.count, fits, spendFit, scores };
}

function checksOf(
  fit: PurchaseFit,
  statistics: PurchaseStatistics,
  holdout: Holdout,
  horizon: number,
): ModelChecks {
  const forecaster = forecasterOf(fit);
  const { repeats, recency, tenure } = statistics;
  const window = { orders: 0, inside: 0, expected: WINDOW_SHARE };
  const every = Math.max(1, Math.floor(statistics.count / MOST_WINDOWS));
  for (let i = 0; i < statistics.count; i += every) {
    const after = holdout.nextAfter[i] as number;
    if (after < 0) continue;
    const { early, late } = nextPurchase(
      forecaster,
      repeats[i] as number,
      recency[i] as number,
      tenure[i] as number,
      horizon,
    );
    window.orders++;
    if (early !== null && late !== null && after >= early && after <= late) window.inside++;
  }
  return {
    bands: checkChurnBands(returnChances(forecaster, statistics, horizon), holdout.purchases),
    window,
  };
}

/** Customers whose windows are looked at; more would not make the share surer. */
const MOST_WINDOWS = 5000;

export interface BacktestOptions {
  /** A third of the history unless told. */
  horizonDays?: number;
  unitDays?: number;
  /** Three unless told. */
  origins?: number;
}

interface Choice {
  chosen: CandidateName;
  ranking: {
    name: CandidateName;
    loss: number;
    behindBest: number;
    standardError: number;
    withinOneError: boolean;
  }[];
}

interface Backtest {
  horizonDays: number;
  origins: OriginResult[];
  /** Fewer than three origins stand behind the choice. */
  fewOrigins: boolean;
  purchases: Choice;
  spend: Choice;
}

export type BacktestOutcome =
  | ({ ok: true } & Backtest)
  | { ok: false; reason: "no-transactions" }
  | { ok: false; reason: "history-too-short"; historyDays: number; horizonDays: number };

const WANTED_ORIGINS = 3;
/** Less is no past to learn from. */
const SHORTEST_TRAINING_DAYS = 28;

export function backtest(transactions: Transactions, options: BacktestOptions = {}): BacktestOutcome {
  const { unitDays = 7, origins: wanted = WANTED_ORIGINS } = options;
  const span = spanOf(transactions);
  if (!span) return { ok: false, reason: "no-transactions" };
  const historyDays = span.last - span.first + 1;
  const horizonDays = options.horizonDays ?? Math.floor(historyDays / 3);
  const days = originDays(span, horizonDays, wanted);
  if (days.length === 0) return { ok: false, reason: "history-too-short", historyDays, horizonDays };
  const losses = keepLosses(transactions.customers);
  const origins: OriginResult[] = [];
  for (const untilDay of days) {
    const statistics = purchaseStatistics(transactions, { untilDay, unitDays });
    const keep = losses.ofOrigin(statistics.customer);
    origins.push(judged(transactions, statistics, untilDay + horizonDays, keep, origins[0] ?? null));
  }
  return {
    ok: true,
    horizonDays,
    origins,
    fewOrigins: origins.length < WANTED_ORIGINS,
    purchases: choose(losses, "purchases", origins.length),
    spend: choose(losses, "spend", origins.length),
  };
}

/** Losses of each customer of the shop, summed over origins: a list per origin would take a gigabyte for millions of customers. */
interface Losses {
  /** Origins at which each customer was known, and all of them. */
  times: Int32Array;
  count: number;
  byCandidate: Map<CandidateName, Record<"purchases" | "spend", Float64Array> & { origins: number }>;
}

function keepLosses(customers: number): Losses & { ofOrigin(customer: Int32Array): OnLosses } {
  const losses: Losses = { times: new Int32Array(customers), count: 0, byCandidate: new Map() };
  const ofOrigin = (customer: Int32Array): OnLosses => {
    losses.count += customer.length;
    for (const who of customer) losses.times[who] = (losses.times[who] as number) + 1;
    return (name, what, lost) => {
      let sums = losses.byCandidate.get(name);
      if (!sums) {
        sums = { purchases: new Float64Array(customers), spend: new Float64Array(customers), origins: 0 };
        losses.byCandidate.set(name, sums);
      }
      if (what === "purchases") sums.origins++;
      const byCustomer = sums[what];
      for (let i = 0; i < customer.length; i++) {
        const who = customer[i] as number;
        byCustomer[who] = (byCustomer[who] as number) + (lost[i] as number);
      }
    };
  };
  return Object.assign(losses, { ofOrigin });
}

function spanOf({ day }: Transactions): { first: number; last: number } | null {
  let [first, last] = [Infinity, -Infinity];
  for (let i = 0; i < day.length; i++) {
    first = Math.min(first, day[i] as number);
    last = Math.max(last, day[i] as number);
  }
  return day.length === 0 ? null : { first, last };
}

function originDays(
  { first, last }: { first: number; last: number },
  horizonDays: number,
  wanted: number,
): number[] {
  const latest = last - horizonDays;
  const earliest = Math.max(first + SHORTEST_TRAINING_DAYS, latest - Math.floor((latest - first + 1) / 4));
  if (horizonDays < 1 || latest < earliest) return [];
  const days = Array.from({ length: wanted }, (_, i) =>
    wanted === 1 ? latest : Math.round(earliest + ((latest - earliest) * i) / (wanted - 1)),
  );
  return [...new Set(days)];
}

/** The simplest candidate within one standard error of the best, of those that every origin has. */
function choose({ byCandidate, times, count }: Losses, what: "purchases" | "spend", origins: number): Choice {
  const everywhere = CANDIDATE_NAMES.flatMap((name) => {
    const sums = byCandidate.get(name);
    return sums?.origins === origins ? [{ name, lost: sums[what], loss: sumOf(sums[what]) / count }] : [];
  });
  const best = everywhere.reduce((a, b) => (b.loss < a.loss ? b : a));
  const ranking = everywhere.map(({ name, lost, loss }) => {
    const behindBest = loss - best.loss;
    const standardError = errorOfDifference(lost, best.lost, times, behindBest, count);
    return { name, loss, behindBest, standardError, withinOneError: behindBest <= standardError };
  });
  const chosen = ranking.find(({ withinOneError }) => withinOneError) ?? best;
  return { chosen: chosen.name, ranking: ranking.toSorted((a, b) => a.loss - b.loss) };
}

/** Of the mean difference of two candidates' losses, clustered by customer. */
function errorOfDifference(
  own: Float64Array,
  other: Float64Array,
  times: Int32Array,
  difference: number,
  count: number,
): number {
  let squares = 0;
  for (let who = 0; who < times.length; who++) {
    const sum = (own[who] as number) - (other[who] as number) - difference * (times[who] as number);
    squares += sum * sum;
  }
  return Math.sqrt(squares) / count;
}
