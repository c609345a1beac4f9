/**
 * The interval of a forecast that knows no chance, such as a rule's: what customers with a like forecast really spent in the backtest.
 *
 * Customers are put into ten groups by their forecast, and within each the low and high ends are quantiles of spend over forecast, at the ranks
 * floor((n + 1)/10) and ceil(9 (n + 1)/10) of n: split conformal prediction by category (Vovk, Gammerman and Shafer, "Algorithmic Learning in
 * a Random World", 2005, section 4.5; Lei and others, "Distribution-free predictive inference for regression", JASA 113, 2018, section 2.2). It needs
 * no model, only that customers go on as those of the backtest did. Who is forecast nothing has a range of money per day instead.
 *
 * Forecasts and ranges are per day, so that a range seen over one horizon tells another; the longer one, in which chance evens out, is then
 * rather too wide.
 *
 * Worked example: of 40 customers with a forecast of 10, who spent .5, 1, ... 20, the 4th and the 37th share are .2 and 1.85: who is
 * forecast 50 lies between 10 and 92.50.
 */
import { sortedPlaces } from "./numerics/sorted-places.ts";
import { sumOf } from "./numerics/sum-of.ts";

export interface ObservedRange {
  /** From the smallest forecasts up. */
  groups: RangeGroup[];
  /** Of who is forecast nothing: most that was spent per day. */
  highOfNothing: number;
  /** Spend of all over the forecast of all; `null` where nothing was forecast. */
  actualOverForecast: number | null;
  /** Deviation of one customer's spend from their forecast once that is right for all, over the mean forecast. */
  deviationOfOne: number;
}

interface RangeGroup {
  /** Forecasts up to this, per day; those above the last group's belong to it as well. */
  upToPerDay: number;
  /** Of the forecast. */
  low: number;
  high: number;
}

const GROUPS = 10;
/** Fewer have no tenth at either end to tell apart. */
const FEWEST = 40;

/** `null`: too few customers. Columns of one entry per customer. */
export function observedRange(
  forecast: Float64Array,
  actual: ArrayLike<number>,
  horizonDays: number,
): ObservedRange | null {
  const count = forecast.length;
  if (count < FEWEST) return null;
  const order = sortedPlaces(forecast);
  const firstPositive = order.findIndex((i) => of(forecast, i) > 0);
  const nothing = firstPositive < 0 ? order : order.subarray(0, firstPositive);
  const some = order.subarray(nothing.length);
  const groupCount = Math.min(GROUPS, Math.ceil(some.length / FEWEST));
  const groups = Array.from({ length: groupCount }, (_, group) => {
    const part = some.subarray(
      Math.round((group * some.length) / groupCount),
      Math.round(((group + 1) * some.length) / groupCount),
    );
    const shares = Float64Array.from(part, (i) => of(actual, i) / of(forecast, i)).sort();
    const upToPerDay = of(forecast, part.at(-1) ?? 0) / horizonDays;
    return { upToPerDay, low: lowEnd(shares), high: highEnd(shares) };
  });
  const forecastSum = sumOf(forecast);
  const factor = forecastSum > 0 ? sumOf(actual) / forecastSum : null;
  const squares = forecast.reduce((sum, f, i) => sum + (of(actual, i) - (factor ?? 0) * f) ** 2, 0);
  return {
    groups,
    highOfNothing: highEnd(Float64Array.from(nothing, (i) => of(actual, i)).sort()) / horizonDays,
    actualOverForecast: factor,
    deviationOfOne: forecastSum > 0 ? (Math.sqrt(squares / count) * count) / forecastSum : 0,
  };
}

const of = (column: ArrayLike<number>, i: number) => column[i] as number;

function lowEnd(sorted: Float64Array): number {
  return sorted[Math.floor((sorted.length + 1) / 10) - 1] ?? 0;
}

function highEnd(sorted: Float64Array): number {
  const rank = Math.ceil((9 * (sorted.length + 1)) / 10);
  return sorted[Math.min(rank, sorted.length) - 1] ?? 0;
}

/** 80 of 100 customers with such a forecast spent between these. */
export function rangeAround(
  { groups, highOfNothing }: ObservedRange,
  forecast: number,
  horizonDays: number,
): { low: number; high: number } {
  const perDay = forecast / horizonDays;
  const group = groups.find(({ upToPerDay }) => perDay <= upToPerDay) ?? groups.at(-1);
  if (forecast <= 0 || !group) return { low: 0, high: highOfNothing * horizonDays };
  return { low: forecast * group.low, high: forecast * group.high };
}

/** How many of customers whose spend is known by now lay inside the range that was told before. */
export function insideRange(
  range: ObservedRange,
  forecast: ArrayLike<number>,
  actual: ArrayLike<number>,
  horizonDays: number,
): number {
  let inside = 0;
  for (let i = 0; i < forecast.length; i++) {
    const { low, high } = rangeAround(range, of(forecast, i), horizonDays);
    const spent = of(actual, i);
    // Amounts are sums of rounded shares.
    if (spent >= low * (1 - 1e-9) && spent <= high * (1 + 1e-9)) inside++;
  }
  return inside;
}

/**
 * How far the sum of many such forecasts may be off, as a share of it: how far the sums were off in the backtest (root mean square over its
 * days), which all customers share, and the chance of each alone.
 */
export function deviationOfSum(
  ranges: readonly ObservedRange[],
  customers: number,
): { deviation: number; common: number } {
  const off = ranges.flatMap(({ actualOverForecast: factor }) =>
    factor === null ? [] : [(factor - 1) ** 2],
  );
  const common = off.length === 0 ? 0 : Math.sqrt(sumOf(off) / off.length);
  const ofOne = ranges.at(-1)?.deviationOfOne ?? 0;
  return { common, deviation: Math.hypot(common, ofOne / Math.sqrt(Math.max(1, customers))) };
}
