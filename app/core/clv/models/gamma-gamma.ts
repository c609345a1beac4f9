/**
 * Gamma-Gamma: what a customer spends per purchase, drawn towards the average of all the more, the fewer purchases have been seen
 * (Fader and Hardie, "The Gamma-Gamma Model of Monetary Value" (2013); Fader, Hardie and Lee, Journal of Marketing Research 42 (2005), 415-430).
 *
 * Each purchase is gamma(p, nu), nu ~ gamma(q, gamma) among customers, independent of how often they buy. For a mean m of x
 * repeat purchases (equation 1a)
 *
 *   ln L = ln Gamma(p x + q) - ln Gamma(p x) - ln Gamma(q) + q ln gamma + (p x - 1) ln m + p x ln x - (p x + q) ln(gamma + m x)
 *
 * and E(M | m, x) = p (gamma + m x) / (p x + q - 1), equation 5. Customers without a repeat purchase say nothing and get p gamma / (q - 1).
 * Amounts may be in any unit; they must be above 0, and so customers with a mean of 0 or less (all was given back) are left out of the fit and counted.
 *
 * Worked example with the paper's p = 6.25, q = 3.74, gamma = 15.44: p gamma / (q - 1) = 35.22, and one purchase of 10 gives
 * 6.25 (15.44 + 10) / (6.25 + 3.74 - 1) = 17.69.
 */
import { digamma, logGamma } from "../numerics/log-gamma.ts";
import { finishLogs, fitLogs } from "../numerics/fit-logs.ts";
import { drawGamma, type Random } from "../numerics/random.ts";
import type { Objective } from "../numerics/maximize.ts";

/** One entry per customer: repeat purchases x and their mean value m; `meanSpend` counts where `repeats` > 0. */
export interface Spending {
  readonly repeats: ArrayLike<number>;
  readonly meanSpend: ArrayLike<number>;
}

export interface SpendFit {
  model: "gamma-gamma";
  parameters: { p: number; q: number; gamma: number };
  standardErrors: { p: number | null; q: number | null; gamma: number | null };
  logCovariance: number[] | null;
  logLikelihood: number;
  /** With repeat purchases of a value above 0; the others, and how many of these had 0 or less. */
  customers: number;
  leftOut: number;
  notPositive: number;
  converged: boolean;
  /**
   * endless-mean: q is at most 1, and the model has no mean for a customer without a repeat purchase. alike-spending: all customers spend alike (q without
   * bound). steady-spending: a customer always spends the same (p without bound).
   */
  limit: "endless-mean" | "alike-spending" | "steady-spending" | null;
  /** Correlation of x and m among those fitted, which the model takes for 0; `null` where one of them does not vary. */
  correlation: number | null;
}

type SpendFault =
  | { reason: "lengths-differ" }
  | { reason: "not-a-number" | "negative" | "part-of-a-purchase"; customer: number }
  | { reason: "too-few-customers"; customers: number; needed: number };

export type SpendFitOutcome = { ok: true; fit: SpendFit } | ({ ok: false } & SpendFault);

/** Customers with repeat purchases. */
const NEEDED = 10;
const NAMES = ["p", "q", "gamma"] as const;

export function fitSpending(spending: Spending): SpendFitOutcome {
  const fault = faultOfSpending(spending);
  if (fault) return { ok: false, ...fault };
  const data = repeatSpending(spending);
  if (data.count < NEEDED)
    return { ok: false, reason: "too-few-customers", customers: data.count, needed: NEEDED };
  const { mean, correlation } = momentsOf(data);
  const objectiveOf = (sample: number | "all") =>
    gammaGammaObjective(sample === "all" ? data : everySoMany(data, Math.floor(data.count / sample)));
  const starts = [
    [5, 3, (2 / 5) * mean],
    [1, 2, mean],
    [20, 10, (9 / 20) * mean],
  ];
  const { theta, value, covariance, converged } = fitLogs(objectiveOf, starts, data.count);
  const [p = NaN, q = NaN, gamma = NaN] = Array.from(theta, Math.exp);
  const errorOf = (i: number) =>
    covariance && Math.exp(theta[i] as number) * Math.sqrt(covariance[i * 4] as number);
  return {
    ok: true,
    fit: {
      model: "gamma-gamma",
      parameters: { p, q, gamma },
      standardErrors: { p: errorOf(0), q: errorOf(1), gamma: errorOf(2) },
      logCovariance: covariance && Array.from(covariance),
      logLikelihood: value * data.count,
      customers: data.count,
      leftOut: spending.repeats.length - data.count,
      notPositive: data.notPositive,
      converged,
      limit: limitOf(p, q),
      correlation,
    },
  };
}

const ALIKE = 1000;

function limitOf(p: number, q: number): SpendFit["limit"] {
  if (q <= 1) return "endless-mean";
  return q > ALIKE ? "alike-spending" : p > ALIKE ? "steady-spending" : null;
}

function faultOfSpending({ repeats, meanSpend }: Spending): SpendFault | null {
  if (repeats.length !== meanSpend.length) return { reason: "lengths-differ" };
  for (let i = 0; i < repeats.length; i++) {
    const [x, m] = [repeats[i] as number, meanSpend[i] as number];
    if (!Number.isFinite(x) || (x > 0 && !Number.isFinite(m))) return { reason: "not-a-number", customer: i };
    if (x < 0) return { reason: "negative", customer: i };
    if (x !== Math.floor(x)) return { reason: "part-of-a-purchase", customer: i };
  }
  return null;
}

/** Customers with a repeat purchase, sorted by their number of repeats. */
interface RepeatSpending {
  count: number;
  notPositive: number;
  /** m x of each customer. */
  totals: Float64Array;
  /** Customers with so many repeats stand from the end of the run before up to `to`. */
  runs: { repeats: number; to: number }[];
}

/** `times` counts customers several times, as a resample has them. */
export function repeatSpending(
  { repeats, meanSpend }: Spending,
  times: ArrayLike<number> | null = null,
): RepeatSpending {
  const places = new Map<number, number>();
  const placeOfFew = new Int32Array(FEW).fill(-1);
  const counts: number[] = [];
  const placeOf = new Int32Array(repeats.length).fill(-1);
  let notPositive = 0;
  for (let i = 0; i < repeats.length; i++) {
    const x = repeats[i] as number;
    if (x === 0) continue;
    if (!((meanSpend[i] as number) > 0)) {
      notPositive++;
      continue;
    }
    let place = x < FEW ? (placeOfFew[x] as number) : (places.get(x) ?? -1);
    if (place < 0) {
      place = places.size;
      places.set(x, place);
      if (x < FEW) placeOfFew[x] = place;
      counts.push(0);
    }
    placeOf[i] = place;
    counts[place] = (counts[place] as number) + (times ? (times[i] as number) : 1);
  }
  const next = new Int32Array(counts.length);
  const runs: RepeatSpending["runs"] = [];
  let count = 0;
  for (const [x, place] of [...places].toSorted(([a], [b]) => a - b)) {
    next[place] = count;
    count += counts[place] as number;
    runs.push({ repeats: x, to: count });
  }
  const totals = new Float64Array(count);
  for (let i = 0; i < repeats.length; i++) {
    const place = placeOf[i] as number;
    if (place < 0) continue;
    const total = (repeats[i] as number) * (meanSpend[i] as number);
    for (let left = times ? (times[i] as number) : 1; left > 0; left--) {
      totals[next[place] as number] = total;
      next[place] = (next[place] as number) + 1;
    }
  }
  return { count, notPositive, totals, runs };
}

/** Numbers of repeats that most customers have are found without a table's search. */
const FEW = 64;

function everySoMany({ totals, runs }: RepeatSpending, every: number): RepeatSpending {
  const count = Math.floor(totals.length / every);
  const before = (to: number) => Math.min(count, Math.ceil(to / every));
  return {
    count,
    notPositive: 0,
    totals: Float64Array.from({ length: count }, (_, i) => totals[i * every] as number),
    runs: runs.map(({ repeats, to }) => ({ repeats, to: before(to) })),
  };
}

/**
 * Mean log-likelihood per customer in ln p, ln q and ln gamma. Of customers with equal x only the product of gamma + m x is asked for, so that one
 * logarithm serves several of them.
 */
export function gammaGammaObjective({ count: customers, totals, runs }: RepeatSpending): Objective {
  const sums = { logs: 0, inverses: 0 };
  let [logMeans, linearInP, start] = [0, 0, 0];
  for (const { repeats: x, to } of runs) {
    sumsOf(totals, start, to, 0, sums);
    logMeans += sums.logs - (to - start) * Math.log(x);
    linearInP += x * sums.logs;
    start = to;
  }
  return (theta, gradient) => {
    const [p, q, gamma] = [0, 1, 2].map((i) => Math.exp(theta[i] as number)) as [number, number, number];
    const logScale = theta[2] as number;
    let value = p * linearInP - logMeans + customers * (q * logScale - logGamma(q));
    let byP = linearInP;
    let byQ = customers * (logScale - digamma(q));
    let byGamma = customers * q;
    let from = 0;
    for (const { repeats: x, to } of runs) {
      const weight = to - from;
      const shape = p * x + q;
      const both = digamma(shape);
      sumsOf(totals, from, to, gamma, sums);
      value += weight * (logGamma(shape) - logGamma(p * x)) - shape * sums.logs;
      byP += x * (weight * (both - digamma(p * x)) - sums.logs);
      byQ += weight * both - sums.logs;
      byGamma -= shape * gamma * sums.inverses;
      from = to;
    }
    gradient[0] = (byP * p) / customers;
    gradient[1] = (byQ * q) / customers;
    gradient[2] = byGamma / customers;
    return value / customers;
  };
}

/** The mean of m, and how x and m go together. */
function momentsOf({ count, totals, runs }: RepeatSpending): { mean: number; correlation: number | null } {
  let [meanX, mean, from] = [0, 0, 0];
  for (const { repeats: x, to } of runs) {
    let sum = 0;
    for (let i = from; i < to; i++) sum += totals[i] as number;
    mean += sum / x / count;
    meanX += (x * (to - from)) / count;
    from = to;
  }
  let [both, ofX, ofM] = [0, 0, 0];
  from = 0;
  for (const { repeats: x, to } of runs) {
    let [off, squares] = [0, 0];
    for (let i = from; i < to; i++) {
      const difference = (totals[i] as number) / x - mean;
      off += difference;
      squares += difference * difference;
    }
    both += (x - meanX) * off;
    ofX += (to - from) * (x - meanX) ** 2;
    ofM += squares;
    from = to;
  }
  const varies = ofX > 0 && ofM > 1e-24 * count * mean * mean;
  return { mean, correlation: varies ? both / Math.sqrt(ofX * ofM) : null };
}

/** As many factors as stay within a number's range, amounts being below 1e30. */
const FACTORS = 8;

/** Sums of ln(gamma + total) and 1/(gamma + total). */
function sumsOf(
  totals: Float64Array,
  from: number,
  to: number,
  gamma: number,
  sums: { logs: number; inverses: number },
): void {
  let [logs, inverses, product, factors] = [0, 0, 1, 0];
  for (let i = from; i < to; i++) {
    const scale = gamma + (totals[i] as number);
    inverses += 1 / scale;
    product *= scale;
    if (++factors === FACTORS) {
      logs += Math.log(product);
      product = 1;
      factors = 0;
    }
  }
  sums.logs = logs + Math.log(product);
  sums.inverses = inverses;
}

/** The parameters of a resample, from those of the fit: every customer counts `times` times. */
export function refitSpending(
  spending: Spending,
  fit: SpendFit,
  times: ArrayLike<number>,
): SpendFit["parameters"] {
  const data = repeatSpending(spending, times);
  const start = Float64Array.from(NAMES, (name) => Math.log(fit.parameters[name]));
  const { theta } = finishLogs(gammaGammaObjective(data), start, data.count);
  const [p = NaN, q = NaN, gamma = NaN] = Array.from(theta, Math.exp);
  return { p, q, gamma };
}

/** E(M | m, x); without a repeat purchase the population's mean. `null` where the model has no mean. */
export function expectedSpend({ p, q, gamma }: SpendFit["parameters"], x: number, m: number): number | null {
  const purchases = m > 0 ? x : 0;
  const below = p * purchases + q - 1;
  return below > 0 ? (p * (gamma + purchases * m)) / below : null;
}

/** A possible mean of `purchases` future purchases of a customer. */
export function drawSpend(
  { p, q, gamma }: SpendFit["parameters"],
  x: number,
  m: number,
  purchases: number,
  random: Random,
): number {
  const seen = m > 0 ? x : 0;
  const nu = drawGamma(q + p * seen, random) / (gamma + m * seen);
  return drawGamma(p * purchases, random) / nu / purchases;
}
