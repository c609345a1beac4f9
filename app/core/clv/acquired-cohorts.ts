/**
 * What the customers of each month of first order have brought, month by month, and are expected to bring still: all that acquisition costs are held
 * against, but the costs themselves.
 *
 * Months are the calendar's. A month that has passed has what was brought by its end; the current one and those to come have what was brought so
 * far and is expected by their end, discounted to today. The expected is computed at the ends of some of these months, and in a straight line
 * between.
 */
import { firstDayOfMonth, isoMonth } from "../calendar.ts";
import { PRODUCTS_ONLY, type Included } from "../metrics/amounts.ts";
import type { CountedOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import { timeBuckets } from "../metrics/time-buckets.ts";
import { valuesBy } from "./customer-value.ts";
import type { ValueSource } from "./customer-estimates.ts";
import { marginShares, type PointsCost } from "./margin-share.ts";
import { sumOf } from "./numerics/sum-of.ts";
import { purchaseStatistics } from "./purchase-statistics.ts";
import { UNIT_DAYS, VALUE_HORIZONS, type RelativeDeviation, type ValueMonths } from "./shop-model.ts";
import { shopPurchases, type ShopPurchases } from "./shop-purchases.ts";

export interface AcquiredCohortsOptions {
  /** `null`: not fitted yet. */
  model: ValueSource | null;
  months: ValueMonths;
  /** .15 is 15% a year. */
  yearlyDiscount: number;
  /** Up to which orders are known; the day of the shop's last order unless told. */
  today?: number | undefined;
  included?: Included | undefined;
  /** Of the points programme, where one runs. */
  pointsCost?: PointsCost | null | undefined;
}

export interface AcquiredCohorts {
  /** Of net sales so far, what stays after costs; `null` where no cost is known. */
  marginShare: number | null;
  /** The same of those expected. */
  expectedMarginShare: number | null;
  /** `null` without a model, and where a rule was chosen: a rule has no chance in it. */
  deviation: RelativeDeviation | null;
  /** Of all customers; `null` without a model. */
  expectedMinor: number | null;
  cohorts: CohortValue[];
}

export interface CohortValue {
  /** As `isoMonth` names it. */
  month: string;
  customers: number;
  broughtMinor: number;
  /** By the end of each month that has passed, that of acquisition first. */
  broughtByMonth: number[];
  /** Within the horizon; `null` without a model. */
  expectedMinor: number | null;
  /** From now by the end of the current month and of each to come within the horizon; without a model 0, of the current one only. */
  expectedByMonth: number[];
}

/** Months from the current one on at whose ends the expected is computed; the last of each horizon must be among them. */
const COMPUTED_MONTHS = [0, 1, 2, 3, 5, 8, 11, 14, 17, 20, 23];

export function acquiredCohorts(
  columns: OrderColumns,
  counted: CountedOrders,
  options: AcquiredCohortsOptions,
): AcquiredCohorts {
  const { model, months, included = PRODUCTS_ONLY } = options;
  const today = options.today ?? counted.lastOrderDay ?? 0;
  const purchases = shopPurchases(columns, counted, included);
  const statistics = purchaseStatistics(purchases, { untilDay: today, unitDays: UNIT_DAYS });
  const fromDay = statistics.firstDay.reduce((earliest, day) => Math.min(earliest, day), today);
  const buckets = timeBuckets("month", fromDay, today);
  const monthOf = (day: number) => buckets.byDay[day - fromDay] as number;
  const cohortOf = statistics.firstDay.map(monthOf);
  const customers = new Int32Array(buckets.count);
  for (const cohort of cohortOf) customers[cohort] = (customers[cohort] as number) + 1;

  const brought = broughtBy(purchases, {
    cohortOf: byCustomer(purchases.customers, statistics.customer, cohortOf),
    months: buckets.count,
    monthOf,
    today,
  });
  const valuesOf = model && valuesBy(model.chosen.value, statistics, model);
  const expectedWithin = (horizonDays: number): Float64Array => {
    const sums = new Float64Array(buckets.count);
    const outcome = valuesOf?.({ ...options, horizonDays });
    if (!outcome?.ok) return sums;
    outcome.values.forEach((value, i) => {
      const cohort = cohortOf[i] as number;
      sums[cohort] = (sums[cohort] as number) + value;
    });
    return sums;
  };
  const total = expectedWithin(VALUE_HORIZONS[months]);
  const currentMonth = buckets.first + buckets.count - 1;
  const path = model
    ? expectedByMonth(expectedWithin, { months, currentMonth, today })
    : [new Float64Array(buckets.count)];

  const shares = marginShares(columns, counted, options.pointsCost);
  return {
    ...{ marginShare: shares.soFar, expectedMarginShare: shares.expected },
    deviation: model?.uncertainty?.relativeDeviation.find((of) => of.months === months) ?? null,
    expectedMinor: model && sumOf(total),
    cohorts: Array.from(customers).flatMap((count, cohort) => {
      if (count === 0) return [];
      const byMonth = cumulative(brought.subarray(cohort * buckets.count, (cohort + 1) * buckets.count));
      return [
        {
          month: isoMonth(buckets.first + cohort),
          customers: count,
          broughtMinor: byMonth.at(-1) ?? 0,
          broughtByMonth: byMonth.slice(cohort, -1),
          expectedMinor: model && (total[cohort] as number),
          expectedByMonth: path.map((sums) => sums[cohort] as number),
        },
      ];
    }),
  };
}

/** The cohort of each of the shop's customers; -1 for who is not among those of the statistics. */
function byCustomer(count: number, customer: Int32Array, cohortOf: Int32Array): Int32Array {
  const all = new Int32Array(count).fill(-1);
  for (let i = 0; i < customer.length; i++) all[customer[i] as number] = cohortOf[i] as number;
  return all;
}

/** What each cohort brought in each month: a row of months for each cohort. */
function broughtBy(
  { customer, day, amount }: ShopPurchases,
  {
    cohortOf,
    months,
    monthOf,
    today,
  }: { cohortOf: Int32Array; months: number; monthOf: (day: number) => number; today: number },
): Float64Array {
  const brought = new Float64Array(months * months);
  for (let i = 0; i < day.length; i++) {
    const cohort = cohortOf[customer[i] as number] as number;
    const on = day[i] as number;
    if (cohort < 0 || on > today) continue;
    const place = cohort * months + monthOf(on);
    brought[place] = (brought[place] as number) + (amount[i] as number);
  }
  return brought;
}

/** By the end of each month from the current one on, the sums of all cohorts. */
function expectedByMonth(
  expectedWithin: (horizonDays: number) => Float64Array,
  { months, currentMonth, today }: { months: ValueMonths; currentMonth: number; today: number },
): Float64Array[] {
  const daysTo = (ahead: number) => firstDayOfMonth(currentMonth + ahead + 1) - 1 - today;
  const computed = COMPUTED_MONTHS.filter((ahead) => ahead < months).map((ahead) => ({
    ahead,
    sums: expectedWithin(daysTo(ahead)),
  }));
  return Array.from({ length: months }, (_, ahead) => {
    const after = computed.findIndex((one) => one.ahead >= ahead);
    const upper = computed[after];
    const lower = computed[after - 1] ?? upper;
    if (!upper || !lower) throw new Error("the last month of a horizon is always computed");
    const span = daysTo(upper.ahead) - daysTo(lower.ahead);
    const part = span === 0 ? 1 : (daysTo(ahead) - daysTo(lower.ahead)) / span;
    return lower.sums.map((sum, cohort) => sum + part * ((upper.sums[cohort] as number) - sum));
  });
}

function cumulative(values: Float64Array): number[] {
  let sum = 0;
  return Array.from(values, (value) => (sum += value));
}
