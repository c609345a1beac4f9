/**
 * How good forecasts were: of each customer's number of purchases, or spend, against what came.
 *
 * With y what came, f the forecast, n customers:
 *
 *   MAE = mean |f - y|,   RMSE = sqrt(mean (f - y)^2),   bias = sum f / sum y - 1,
 *   deviance = 2 mean(y ln(y / f) - (y - f)), Poisson's, where f below .001 counts as .001 (McCullagh and Nelder, Generalized Linear Models, 2.3),
 *   Spearman = correlation of ranks, ties sharing the mean rank,
 *   Gini = Gini of y in the order of f over Gini of y in its own order (1 is a perfect order, 0 none),
 *   decile error = sum over tenths of customers by rank of f of |mean f - mean y|, over the sum of the mean y.
 *
 * MAE alone is a poor judge: rounding every forecast down lowers it and ruins the totals.
 *
 * Worked example: f = 1, 2, 3 for y = 2, 2, 5 gives MAE 1, RMSE 1.291, bias -1/3, Spearman .866, and deviance 2 (1.3863 - 1 + 0 + 2.5541 - 2) / 3 = .627.
 */
import { correlation } from "./numerics/correlation.ts";
import { sortedPlaces } from "./numerics/sorted-places.ts";
import { sumOf } from "./numerics/sum-of.ts";

export interface Scores {
  mae: number;
  rmse: number;
  /** `null` where nothing came. */
  bias: number | null;
  /** `null` where either side is the same for all. */
  spearman: number | null;
  gini: number | null;
  decileError: number | null;
  deviance: number;
}

export interface CalibrationBin {
  customers: number;
  forecast: number;
  actual: number;
}

/** Smaller forecasts count as this in the deviance: none is ever certain. */
const SMALLEST_FORECAST = 0.001;

/** What came, looked at once for all the forecasts that are held against it. */
export interface Outcome {
  readonly values: ArrayLike<number>;
  readonly sum: number;
  readonly ranks: Float64Array;
  readonly gini: number | null;
}

export function outcomeOf(values: ArrayLike<number>): Outcome {
  const order = sortedPlaces(values);
  return { values, sum: sumOf(values), ranks: ranks(values, order), gini: giniAlong(values, order) };
}

interface Judgement {
  scores: Scores;
  /** Of each customer. */
  deviances: Float64Array;
  byDecile: CalibrationBin[];
}

export function judge(forecast: ArrayLike<number>, { values, sum, ranks: actual, gini }: Outcome): Judgement {
  const count = forecast.length;
  let [absolute, squared, forecasts] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [f, y] = [forecast[i] as number, values[i] as number];
    absolute += Math.abs(f - y);
    squared += (f - y) ** 2;
    forecasts += f;
  }
  const deviances = poissonDeviances(forecast, values);
  const order = sortedPlaces(forecast);
  const byDecile = calibrationByDecile(forecast, values, order);
  const scores = {
    mae: absolute / count,
    rmse: Math.sqrt(squared / count),
    bias: sum > 0 ? forecasts / sum - 1 : null,
    spearman: correlation(ranks(forecast, order), actual),
    gini: normalisedGini(forecast, values, order, gini),
    decileError: decileError(byDecile),
    deviance: sumOf(deviances) / count,
  };
  return { scores, deviances, byDecile };
}

export function scoresOf(forecast: ArrayLike<number>, actual: ArrayLike<number>): Scores {
  return judge(forecast, outcomeOf(actual)).scores;
}

/** Of each customer; spend of less than 0, a net return, counts as 0. */
export function poissonDeviances(forecast: ArrayLike<number>, actual: ArrayLike<number>): Float64Array {
  const deviances = new Float64Array(forecast.length);
  for (let i = 0; i < forecast.length; i++) {
    const f = Math.max(SMALLEST_FORECAST, forecast[i] as number);
    const y = Math.max(0, actual[i] as number);
    deviances[i] = 2 * ((y > 0 ? y * Math.log(y / f) : 0) - (y - f));
  }
  return deviances;
}

/** Means of forecast and of what came, by tenths of customers from the lowest forecast to the highest. */
export function calibrationByDecile(
  forecast: ArrayLike<number>,
  actual: ArrayLike<number>,
  order = sortedPlaces(forecast),
): CalibrationBin[] {
  const bins: CalibrationBin[] = [];
  for (let bin = 0; bin < 10; bin++) {
    const from = Math.round((bin * order.length) / 10);
    const to = Math.round(((bin + 1) * order.length) / 10);
    if (from === to) continue;
    let [forecasts, actuals] = [0, 0];
    for (let place = from; place < to; place++) {
      forecasts += forecast[order[place] as number] as number;
      actuals += actual[order[place] as number] as number;
    }
    bins.push({ customers: to - from, forecast: forecasts / (to - from), actual: actuals / (to - from) });
  }
  return bins;
}

/** The same by repeat purchases before the forecast, 0 to `most`, where the last holds those with more: the papers' conditional expectations. */
export function calibrationByRepeats(
  repeats: ArrayLike<number>,
  forecast: ArrayLike<number>,
  actual: ArrayLike<number>,
  most = 7,
): CalibrationBin[] {
  const bins = Array.from({ length: most + 1 }, () => ({ customers: 0, forecast: 0, actual: 0 }));
  for (let i = 0; i < repeats.length; i++) {
    const bin = bins[Math.min(most, repeats[i] as number)];
    if (!bin) continue;
    bin.customers++;
    bin.forecast += forecast[i] as number;
    bin.actual += actual[i] as number;
  }
  return bins.map(({ customers, ...sums }) => {
    const mean = (sum: number) => (customers === 0 ? 0 : sum / customers);
    return { customers, forecast: mean(sums.forecast), actual: mean(sums.actual) };
  });
}

/** From the largest to the smallest: again the earlier customer first. */
function descending(values: ArrayLike<number>, order: Int32Array): Int32Array {
  const turned = new Int32Array(order.length);
  forEachTie(values, order, (from, to) => {
    turned.set(order.subarray(from, to), order.length - to);
  });
  return turned;
}

/** `[from, to)` of each run of equal values along the order. */
function forEachTie(
  values: ArrayLike<number>,
  order: Int32Array,
  visit: (from: number, to: number) => void,
): void {
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to++;
    visit(from, to);
    from = to;
  }
}

function ranks(values: ArrayLike<number>, order: Int32Array): Float64Array {
  const rank = new Float64Array(values.length);
  forEachTie(values, order, (from, to) => {
    for (let place = from; place < to; place++) rank[order[place] as number] = (from + to + 1) / 2;
  });
  return rank;
}

/** Both Ginis look at customers from the best forecast down; customers with equal forecasts stand in their own order. */
function normalisedGini(
  forecast: ArrayLike<number>,
  actual: ArrayLike<number>,
  byForecast: Int32Array,
  best: number | null,
): number | null {
  const own = giniAlong(actual, descending(forecast, byForecast).reverse());
  return best === null || own === null || best === 0 || isConstant(forecast) ? null : own / best;
}

/** 2 sum(i y_i) / (n sum y) - (n + 1)/n with y in the order given, i from 1. */
function giniAlong(values: ArrayLike<number>, order: Int32Array): number | null {
  let [sum, weighted] = [0, 0];
  const count = order.length;
  for (let i = 0; i < count; i++) {
    const value = values[order[i] as number] as number;
    sum += value;
    weighted += (i + 1) * value;
  }
  return sum > 0 ? (2 * weighted) / (count * sum) - (count + 1) / count : null;
}

function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

function decileError(bins: readonly CalibrationBin[]): number | null {
  let [off, all] = [0, 0];
  for (const bin of bins) {
    off += Math.abs(bin.forecast - bin.actual);
    all += bin.actual;
  }
  return all > 0 ? off / all : null;
}
