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
import {
  holdoutOf,
  purchaseStatistics,
  type Holdout,
  type PurchaseStatistics,
  type Transactions,
} from "./purchase-statistics.ts";
import {
  calibrationByDecile,
  calibrationByRepeats,
  poissonDeviances,
  scoresOf,
  type CalibrationBin,
  type Scores,
} from "./scores.ts";

interface CandidateScores {
  name: CandidateName;
  purchases: Scores;
  spend: Scores;
  /** Purchases by tenth of customers, and by repeats before. */
  byDecile: CalibrationBin[];
  byRepeats: CalibrationBin[];
  /** Models only: churn bands against who came back, and next orders inside their windows. */
  checks: ModelChecks | null;
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
  return judged(transactions, untilDay, toDay, unitDays).result;
}

interface Judged {
  result: OriginResult;
  statistics: PurchaseStatistics;
  /** By candidate, of each customer. */
  losses: Map<CandidateName, { purchases: Float64Array; spend: Float64Array }>;
}

function judged(transactions: Transactions, untilDay: number, toDay: number, unitDays: number): Judged {
  const statistics = purchaseStatistics(transactions, { untilDay, unitDays });
  const holdout = holdoutOf(transactions, statistics, toDay);
  const horizon = (toDay - untilDay) / unitDays;
  const { fits, spendFit, forecasts } = forecastByAll(statistics, horizon);
  const losses: Judged["losses"] = new Map();
  const scores = forecasts.map(({ name, purchases, spend }): CandidateScores => {
    losses.set(name, {
      purchases: poissonDeviances(purchases, holdout.purchases),
      spend: spend.map((value, i) => (value - (holdout.spend[i] as number)) ** 2),
    });
    const outcome = fits.find(({ model }) => model === name)?.outcome;
    return {
      name,
      purchases: scoresOf(purchases, holdout.purchases),
      spend: scoresOf(spend, holdout.spend),
      byDecile: calibrationByDecile(purchases, holdout.purchases),
      byRepeats: calibrationByRepeats(statistics.repeats, purchases, holdout.purchases),
      checks: outcome?.ok ? checksOf(outcome.fit, statistics, holdout, horizon) : null,
    };
  });
  const result = { untilDay, toDay, customers: statistics.count, fits, spendFit, scores };
  return { result, statistics, losses };
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
  const all = days.map((day) => judged(transactions, day, day + horizonDays, unitDays));
  return {
    ok: true,
    horizonDays,
    origins: all.map(({ result }) => result),
    fewOrigins: all.length < WANTED_ORIGINS,
    purchases: choose(all, "purchases", transactions.customers),
    spend: choose(all, "spend", transactions.customers),
  };
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

/** The simplest candidate within one standard error of the best. */
function choose(all: readonly Judged[], what: "purchases" | "spend", customers: number): Choice {
  const everywhere = CANDIDATE_NAMES.filter((name) => all.every(({ losses }) => losses.has(name)));
  const count = all.reduce((sum, { statistics }) => sum + statistics.count, 0);
  const means = everywhere.map((name) => ({ name, loss: meanLoss(all, name, what, count) }));
  const best = means.reduce((a, b) => (b.loss < a.loss ? b : a));
  const ranking = means.map(({ name, loss }) => {
    const behindBest = loss - best.loss;
    const standardError = errorOfDifference(all, name, best.name, what, customers, behindBest, count);
    return { name, loss, behindBest, standardError, withinOneError: behindBest <= standardError };
  });
  const chosen = ranking.find(({ withinOneError }) => withinOneError) ?? best;
  return { chosen: chosen.name, ranking: ranking.toSorted((a, b) => a.loss - b.loss) };
}

function meanLoss(
  all: readonly Judged[],
  name: CandidateName,
  what: "purchases" | "spend",
  count: number,
): number {
  let sum = 0;
  for (const { losses } of all) for (const loss of losses.get(name)?.[what] ?? []) sum += loss;
  return sum / count;
}

/** Of the mean difference of two candidates' losses, clustered by customer. */
function errorOfDifference(
  all: readonly Judged[],
  name: CandidateName,
  best: CandidateName,
  what: "purchases" | "spend",
  customers: number,
  difference: number,
  count: number,
): number {
  const byCustomer = new Float64Array(customers);
  for (const { losses, statistics } of all) {
    const [own, other] = [losses.get(name)?.[what], losses.get(best)?.[what]];
    if (!own || !other) continue;
    statistics.customer.forEach((who, i) => {
      byCustomer[who] = (byCustomer[who] as number) + (own[i] as number) - (other[i] as number) - difference;
    });
  }
  let squares = 0;
  for (const sum of byCustomer) squares += sum * sum;
  return Math.sqrt(squares) / count;
}
