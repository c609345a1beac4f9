/**
 * What a shop's customers are worth from now on, told from its stored model for whatever they have done by today.
 *
 * Value is the spend that is expected within the horizon, discounted to today; margin is the share of it that the shop's
 * sales so far left after costs (metrics/amounts.ts). An 80% interval is the mean times exp(+-1.2816 s), s the model's relative deviation of
 * the shop's sum.
 */
import { isoMonth, monthOf } from "../calendar.ts";
import { PRODUCTS_ONLY, type Included } from "../metrics/amounts.ts";
import type { CountedOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import type { IntColumn } from "../metrics/row-buffer.ts";
import { valuesBy } from "./customer-value.ts";
import { Z_80 } from "./cohort-interval.ts";
import type { ValueSource } from "./customer-estimates.ts";
import { DISCOUNT_USES, discountUses } from "./discount-use.ts";
import { marginShares, type PointsCost } from "./margin-share.ts";
import { sumOf } from "./numerics/sum-of.ts";
import { purchaseStatistics, type PurchaseStatistics } from "./purchase-statistics.ts";
import { UNIT_DAYS, VALUE_HORIZONS, type ValueMonths } from "./shop-model.ts";
import { shopPurchases } from "./shop-purchases.ts";

export interface ShopValueOptions {
  model: ValueSource;
  months: ValueMonths;
  /** .15 is 15% a year. */
  yearlyDiscount: number;
  /** Up to which orders are known; the day of the shop's last order unless told. */
  today?: number | undefined;
  included?: Included | undefined;
  /** Of the points programme, where one runs. */
  pointsCost?: PointsCost | null | undefined;
}

export interface ValueGroup {
  /** `2026-03`, a product's id, a source, or one of DISCOUNT_USES; `null` where it is not known. */
  key: string | null;
  customers: number;
  /** What they have brought up to now. */
  broughtMinor: number;
  expectedMinor: number;
}

export interface ShopValue {
  customers: number;
  /** Of all customers within the horizon; low and high are `null` for a rule. */
  total: { meanMinor: number; lowMinor: number | null; highMinor: number | null };
  meanMinor: number | null;
  medianMinor: number | null;
  /** Of the total, without acquiring anybody new; `null` where no cost is known. */
  marginMinor: number | null;
  broughtMinor: number;
  /** Share of the total that the tenth of customers with the highest value holds; `null` where nobody is worth anything. */
  topTenthShare: number | null;
  /** Customers by value, in ten equal groups from the highest down: mean value of each. */
  tenths: { customers: number; meanMinor: number }[];
  /** Expected spend, not discounted, cumulative by month from today. */
  forecast: { month: number; expectedMinor: number; lowMinor: number | null; highMinor: number | null }[];
  /** By month of the first purchase. */
  cohorts: ValueGroup[];
  /** By the first order's largest product, the most customers first, those of whom it is not known last. */
  firstProducts: ValueGroup[];
  /** By where the visit came from that led to the first order; sorted alike. */
  firstSources: ValueGroup[];
  /** From never to mostly. */
  discountUses: ValueGroup[];
}

/** As columns say it. */
const UNKNOWN = -1;
const FORECAST_MONTHS = [1, 3, 6, 9, 12] as const;

export function shopValue(
  columns: OrderColumns,
  counted: CountedOrders,
  options: ShopValueOptions,
): ShopValue {
  const { model, months, yearlyDiscount, included = PRODUCTS_ONLY } = options;
  const today = options.today ?? counted.lastOrderDay ?? model.untilDay;
  const purchases = shopPurchases(columns, counted, included);
  const statistics = purchaseStatistics(purchases, { untilDay: today, unitDays: UNIT_DAYS });
  const valuesOf = valuesBy(model.chosen.value, statistics, model);
  const valuesWithin = (horizonDays: number, discount: number) => {
    const outcome = valuesOf({ horizonDays, yearlyDiscount: discount });
    return outcome.ok ? outcome.values : new Float64Array(statistics.count);
  };
  const values = valuesWithin(VALUE_HORIZONS[months], yearlyDiscount);
  const deviation =
    model.uncertainty?.relativeDeviation.find((of) => of.months === months)?.deviation ?? null;
  const total = sumOf(values);
  const sorted = values.toSorted().reverse();
  const count = values.length;
  return {
    customers: count,
    total: { meanMinor: total, ...intervalOf(total, deviation) },
    meanMinor: count === 0 ? null : total / count,
    medianMinor: count === 0 ? null : medianOf(sorted),
    marginMinor: marginOfTotal(columns, counted, options.pointsCost ?? null, total),
    broughtMinor: sumOf(statistics.totalSpend),
    topTenthShare: total > 0 ? sumOf(sorted.subarray(0, Math.ceil(count / 10))) / total : null,
    tenths: tenthsOf(sorted),
    forecast: FORECAST_MONTHS.map((month) => {
      const expectedMinor = sumOf(valuesWithin(Math.round((month * 365) / 12), 0));
      return { month, expectedMinor, ...intervalOf(expectedMinor, deviation) };
    }),
    cohorts: cohortsOf(statistics, values),
    firstProducts: rankedGroups(statistics, values, {
      keyOf: ofFirstOrder(columns.leadProduct, counted, statistics),
      nameOf: (product) => String(columns.productIds[product]),
    }),
    firstSources: rankedGroups(statistics, values, {
      keyOf: ofFirstOrder(columns.firstSource, counted, statistics),
      nameOf: (source) => columns.sourceNames[source] ?? "",
    }),
    discountUses: discountGroups(columns, counted, statistics, values),
  };
}

/** Log-normal, so that no interval begins below 0. */
function intervalOf(
  mean: number,
  deviation: number | null,
): { lowMinor: number | null; highMinor: number | null } {
  if (deviation === null) return { lowMinor: null, highMinor: null };
  return { lowMinor: mean * Math.exp(-Z_80 * deviation), highMinor: mean * Math.exp(Z_80 * deviation) };
}

/** At the margin of all sales so far, less what points cost. */
function marginOfTotal(
  columns: OrderColumns,
  counted: CountedOrders,
  pointsCost: PointsCost | null,
  total: number,
): number | null {
  const share = marginShares(columns, counted, pointsCost).expected;
  return share === null ? null : total * share;
}

function tenthsOf(sorted: Float64Array): ShopValue["tenths"] {
  return Array.from({ length: Math.min(10, sorted.length) }, (_, tenth) => {
    const of = sorted.subarray(
      Math.round((tenth * sorted.length) / 10),
      Math.round(((tenth + 1) * sorted.length) / 10),
    );
    return { customers: of.length, meanMinor: of.length === 0 ? 0 : sumOf(of) / of.length };
  });
}

function cohortsOf(statistics: PurchaseStatistics, values: Float64Array): ValueGroup[] {
  const groups = groupsBy(statistics, values, (i) => monthOf(statistics.firstDay[i] as number));
  return [...groups]
    .toSorted(([a], [b]) => a - b)
    .map(([month, group]) => ({ ...group, key: isoMonth(month) }));
}

/** What stands in a column at the first order of each customer of the statistics. */
function ofFirstOrder(
  column: IntColumn,
  { firstOrder }: CountedOrders,
  { customer }: PurchaseStatistics,
): (i: number) => number {
  return (i) => column[firstOrder[customer[i] as number] as number] ?? UNKNOWN;
}

function rankedGroups(
  statistics: PurchaseStatistics,
  values: Float64Array,
  { keyOf, nameOf }: { keyOf: (i: number) => number; nameOf: (key: number) => string },
): ValueGroup[] {
  const groups = groupsBy(statistics, values, keyOf);
  return [...groups]
    .toSorted(
      ([a, { customers: m }], [b, { customers: n }]) =>
        Number(a === UNKNOWN) - Number(b === UNKNOWN) || n - m || a - b,
    )
    .map(([key, group]) => ({ ...group, key: key === UNKNOWN ? null : nameOf(key) }));
}

function discountGroups(
  columns: OrderColumns,
  counted: CountedOrders,
  statistics: PurchaseStatistics,
  values: Float64Array,
): ValueGroup[] {
  const uses = discountUses(columns, counted);
  const groups = groupsBy(statistics, values, (i) => uses[statistics.customer[i] as number] as number);
  return DISCOUNT_USES.flatMap((key, use) => {
    const group = groups.get(use);
    return group ? [{ ...group, key }] : [];
  });
}

function groupsBy(
  { count, totalSpend }: PurchaseStatistics,
  values: Float64Array,
  keyOf: (i: number) => number,
): Map<number, Omit<ValueGroup, "key">> {
  const groups = new Map<number, Omit<ValueGroup, "key">>();
  for (let i = 0; i < count; i++) {
    const key = keyOf(i);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { customers: 0, broughtMinor: 0, expectedMinor: 0 }));
    group.customers++;
    group.broughtMinor += totalSpend[i] as number;
    group.expectedMinor += values[i] as number;
  }
  return groups;
}

/** Of values from the highest down. */
function medianOf(sorted: Float64Array): number {
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}
