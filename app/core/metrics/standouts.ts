/**
 * What stands out this week: the last seven whole days against the eight weeks before them.
 *
 * Each measure is taken to vary around its mean as it did in those weeks. Of the week that follows n = 8 such weeks, normal
 * theory expects it within mean ± t s sqrt(1 + 1/n), s their standard deviation and t Student's quantile with n - 1 degrees
 * of freedom (a prediction interval). Five measures are looked at, so each may be wrong by chance in one week of a hundred:
 * then in about 19 of 20 ordinary weeks nothing is said at all. s is never taken to be smaller than what chance alone does
 * to so many orders (Poisson), because eight weeks can be alike by accident.
 *
 * Example: 8 weeks of 100 new customers each, then 140. s = sqrt(100) = 10, so 100 ± 3.499 x 10 x 1.0607 = 62.9 to 137.1: it
 * stands out.
 */
import { PRODUCTS_ONLY, grossOf, refundOf, type Included } from "./amounts.ts";
import { ORDER_KIND, type CountedOrders } from "./counted-orders.ts";
import type { OrderColumns } from "./order-columns.ts";
import type { Period } from "./period.ts";

export interface StandoutOptions {
  /** The shop's day now; the week ends the day before. */
  today: number;
  included?: Included;
}

export type StandoutMeasure = "netMinor" | "orders" | "newCustomers" | "secondOrders" | "refundRate";

export interface Standout {
  measure: StandoutMeasure;
  direction: "high" | "low";
  value: number;
  /** Of the eight weeks before. */
  mean: number;
  /** What was to be expected by those weeks. */
  low: number;
  high: number;
}

export interface Standouts {
  week: Period;
  /** Furthest from what was to be expected first. */
  standouts: Standout[];
  /** Why nothing can be said, where that is so; `null`: everything that could stand out was looked at. */
  silentBecause: "not-synced" | "too-young" | "too-few-orders" | null;
}

const WEEKS_BEFORE = 8;
/** Student's t, 7 degrees of freedom, two-sided 1%. */
const T_QUANTILE = 3.499;
/** Below so many a week, shares and counts are chance. */
const LEAST_ORDERS = 20;
const LEAST_COUNT = 10;

interface Week {
  netMinor: number;
  chargedMinor: number;
  givenBackMinor: number;
  orders: number;
  refunds: number;
  newCustomers: number;
  secondOrders: number;
}

export function standoutsOf(
  columns: OrderColumns,
  counted: CountedOrders,
  { today, included = PRODUCTS_ONLY }: StandoutOptions,
): Standouts {
  const week = { firstDay: today - 7, lastDay: today - 1 };
  const from = week.firstDay - WEEKS_BEFORE * 7;
  const silent = (silentBecause: Standouts["silentBecause"]) => ({ week, standouts: [], silentBecause });
  const { syncComplete, readableFromDay } = columns.shop;
  if (!syncComplete) return silent("not-synced");
  const observedFrom = Math.max(counted.firstOrderDay ?? Infinity, readableFromDay ?? -Infinity);
  if (observedFrom > from) return silent("too-young");

  const weeks = weeksOf(columns, counted, from, included);
  const before = weeks.slice(0, WEEKS_BEFORE);
  const now = weeks[WEEKS_BEFORE];
  if (!now || meanOf(before.map(({ orders }) => orders)) < LEAST_ORDERS) return silent("too-few-orders");

  const found = [
    standoutIn("netMinor", before, now, ({ netMinor }) => netMinor, netSpread),
    standoutIn("orders", before, now, ({ orders }) => orders, countSpread),
    standoutIn("newCustomers", before, now, ({ newCustomers }) => newCustomers, countSpread),
    standoutIn("secondOrders", before, now, ({ secondOrders }) => secondOrders, countSpread),
    standoutIn("refundRate", before, now, refundRateOf, refundSpread),
  ];
  const standouts = found.filter((one) => one !== null).toSorted((a, b) => distanceOf(b) - distanceOf(a));
  return { week, standouts, silentBecause: null };
}

/** Week by week from a day on, the refunds by their own day: what came back this week is news of this week. */
function weeksOf(columns: OrderColumns, counted: CountedOrders, from: number, included: Included): Week[] {
  const weeks = Array.from({ length: WEEKS_BEFORE + 1 }, (): Week => ({
    netMinor: 0,
    chargedMinor: 0,
    givenBackMinor: 0,
    orders: 0,
    refunds: 0,
    newCustomers: 0,
    secondOrders: 0,
  }));
  const weekOn = (day: number): Week | undefined =>
    day < from ? undefined : weeks[Math.floor((day - from) / 7)];

  for (let i = columns.orderCount - 1; i >= 0; i--) {
    const week = weekOn(columns.day[i] as number);
    if (!week || counted.kind[i] === ORDER_KIND.leftOut) continue;
    const charged = grossOf(columns, i, included) - (columns.discountMinor[i] as number);
    week.orders++;
    week.chargedMinor += charged;
    week.netMinor += charged;
    if (counted.kind[i] === ORDER_KIND.first) week.newCustomers++;
  }
  const { refunds } = columns;
  for (let r = 0; r < refunds.count; r++) {
    const week = weekOn(refunds.day[r] as number);
    if (!week || counted.kind[refunds.order[r] as number] === ORDER_KIND.leftOut) continue;
    const given = refundOf(refunds, r, included);
    week.refunds++;
    week.givenBackMinor += given;
    week.netMinor -= given;
  }
  for (const day of counted.secondDay) {
    const week = weekOn(day);
    if (week) week.secondOrders++;
  }
  return weeks;
}

function standoutIn(
  measure: StandoutMeasure,
  before: readonly Week[],
  now: Week,
  valueOf: (week: Week) => number | null,
  leastSpread: (before: readonly Week[], mean: number) => number | null,
): Standout | null {
  const values = before.map(valueOf).filter((value) => value !== null);
  const value = valueOf(now);
  if (value === null || values.length < before.length) return null;
  const mean = meanOf(values);
  const least = leastSpread(before, mean);
  if (least === null) return null;
  const spread = Math.max(least, deviationOf(values, mean));
  const reach = T_QUANTILE * spread * Math.sqrt(1 + 1 / values.length);
  const [low, high] = [mean - reach, mean + reach];
  if (value >= low && value <= high) return null;
  return { measure, direction: value > high ? "high" : "low", value, mean, low, high };
}

/** How many times the expected distance from the mean. */
function distanceOf({ value, mean, high }: Standout): number {
  return Math.abs(value - mean) / (high - mean);
}

/** Poisson: the variance of a count is its mean. */
function countSpread(_: readonly Week[], mean: number): number | null {
  return mean < LEAST_COUNT ? null : Math.sqrt(mean);
}

/** Sums of n amounts vary at least as n does. */
function netSpread(before: readonly Week[], mean: number): number {
  return Math.abs(mean) / Math.sqrt(meanOf(before.map(({ orders }) => orders)));
}

function refundSpread(before: readonly Week[], mean: number): number | null {
  const refunds = meanOf(before.map((week) => week.refunds));
  return refunds < LEAST_COUNT ? null : mean / Math.sqrt(refunds);
}

function refundRateOf({ chargedMinor, givenBackMinor }: Week): number | null {
  return chargedMinor <= 0 ? null : givenBackMinor / chargedMinor;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation. */
function deviationOf(values: readonly number[], mean: number): number {
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
