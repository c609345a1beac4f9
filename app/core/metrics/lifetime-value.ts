/** What a customer has been worth: measured on cohorts seen for long enough, and by the simple product of three averages. */
import { firstDayOfMonth, isoMonth, monthOf } from "../calendar.ts";
import { PRODUCTS_ONLY, grossOf, marginOf, refundOf, type Included } from "./amounts.ts";
import { NO_DAY, ORDER_KIND, type CountedOrders } from "./counted-orders.ts";
import { periodCustomers } from "./customers.ts";
import type { OrderColumns } from "./order-columns.ts";
import { daysOf, type Period } from "./period.ts";
import { revenueOf } from "./revenue.ts";
import { roundHalfAway } from "./rounding.ts";
import { timeBuckets } from "./time-buckets.ts";

/** 12 and 24 months, as days from the first order's day on. */
const HORIZON_DAYS = { 12: 365, 24: 730 } as const;

export type HorizonMonths = keyof typeof HORIZON_DAYS;

export interface HistoricValue {
  months: HorizonMonths;
  customers: number;
  /** Mean over customers; `null` while no cohort has been seen for so long. */
  netPerCustomerMinor: number | null;
  marginPerCustomerMinor: number | null;
  cohorts: {
    /** `2026-03`. */
    start: string;
    customers: number;
    netMinor: number;
    netPerCustomerMinor: number;
    marginMinor: number | null;
  }[];
}

/**
 * Net sales of each customer's first 12 or 24 months, the day of the first order included, over the monthly cohorts whose
 * last customer has been seen for that long. Refunds count at their order's date.
 */
export function historicValue(
  columns: OrderColumns,
  counted: CountedOrders,
  months: HorizonMonths,
  included: Included = PRODUCTS_ONLY,
): HistoricValue {
  const { firstOrderDay, lastOrderDay } = counted;
  const empty = {
    months,
    customers: 0,
    netPerCustomerMinor: null,
    marginPerCustomerMinor: null,
    cohorts: [],
  };
  if (firstOrderDay === null || lastOrderDay === null) return empty;
  const days = HORIZON_DAYS[months];
  const buckets = timeBuckets("month", firstOrderDay, lastOrderDay);
  const observed = (cohort: number) =>
    firstDayOfMonth(buckets.first + cohort + 1) - 1 + days - 1 <= lastOrderDay;
  let cohortCount = 0;
  while (cohortCount < buckets.count && observed(cohortCount)) cohortCount++;
  if (cohortCount === 0) return empty;

  const sums = valueByCohort(columns, counted, included, days, cohortCount);
  const flat = columns.shop.flatMarginBasisPoints;
  const partsAt = (cohort: number) => ({
    productNetMinor: sums.productNetMinor[cohort] as number,
    costedNetMinor: sums.costedNetMinor[cohort] as number,
    costMinor: sums.costMinor[cohort] as number,
  });
  const cohorts: HistoricValue["cohorts"] = [];
  const total = { customers: 0, netMinor: 0, productNetMinor: 0, costedNetMinor: 0, costMinor: 0 };
  for (let cohort = 0; cohort < cohortCount; cohort++) {
    const customers = sums.customers[cohort] as number;
    if (customers === 0) continue;
    const parts = partsAt(cohort);
    const netMinor = sums.netMinor[cohort] as number;
    total.customers += customers;
    total.netMinor += netMinor;
    total.productNetMinor += parts.productNetMinor;
    total.costedNetMinor += parts.costedNetMinor;
    total.costMinor += parts.costMinor;
    cohorts.push({
      start: isoMonth(buckets.first + cohort),
      customers,
      netMinor,
      netPerCustomerMinor: roundHalfAway(netMinor / customers),
      marginMinor: marginOf(parts, flat),
    });
  }
  if (total.customers === 0) return empty;
  const marginMinor = marginOf(total, flat);
  return {
    months,
    customers: total.customers,
    netPerCustomerMinor: roundHalfAway(total.netMinor / total.customers),
    marginPerCustomerMinor: marginMinor === null ? null : roundHalfAway(marginMinor / total.customers),
    cohorts,
  };
}

function valueByCohort(
  columns: OrderColumns,
  counted: CountedOrders,
  included: Included,
  days: number,
  cohortCount: number,
) {
  const firstMonth = monthOf(counted.firstOrderDay ?? 0);
  const lastFirstDay = firstDayOfMonth(firstMonth + cohortCount) - 1;
  const { byDay, fromDay } = timeBuckets("month", firstDayOfMonth(firstMonth), lastFirstDay);
  const sums = {
    customers: new Int32Array(cohortCount),
    netMinor: new Float64Array(cohortCount),
    productNetMinor: new Float64Array(cohortCount),
    costedNetMinor: new Float64Array(cohortCount),
    costMinor: new Float64Array(cohortCount),
  };
  for (const first of counted.firstDay) {
    if (first === NO_DAY || first > lastFirstDay) continue;
    const cohort = byDay[first - fromDay] as number;
    sums.customers[cohort] = (sums.customers[cohort] as number) + 1;
  }
  /** Cohort that an order counts for, or -1. */
  const cohortOf = (order: number) => {
    if ((counted.kind[order] as number) < ORDER_KIND.first) return -1;
    const first = counted.firstDay[columns.customer[order] as number] as number;
    if (first > lastFirstDay || (columns.day[order] as number) - first >= days) return -1;
    return byDay[first - fromDay] as number;
  };
  for (let i = 0; i < columns.orderCount; i++) {
    const cohort = cohortOf(i);
    if (cohort < 0) continue;
    const discount = columns.discountMinor[i] as number;
    sums.netMinor[cohort] = (sums.netMinor[cohort] as number) + grossOf(columns, i, included) - discount;
    sums.productNetMinor[cohort] =
      (sums.productNetMinor[cohort] as number) + (columns.grossMinor[i] as number) - discount;
    sums.costedNetMinor[cohort] =
      (sums.costedNetMinor[cohort] as number) + (columns.costedNetMinor[i] as number);
    sums.costMinor[cohort] = (sums.costMinor[cohort] as number) + (columns.costMinor[i] as number);
  }
  const { refunds } = columns;
  for (let r = 0; r < refunds.count; r++) {
    const cohort = cohortOf(refunds.order[r] as number);
    if (cohort < 0) continue;
    sums.netMinor[cohort] = (sums.netMinor[cohort] as number) - refundOf(refunds, r, included);
    sums.productNetMinor[cohort] =
      (sums.productNetMinor[cohort] as number) - (refunds.productMinor[r] as number);
  }
  return sums;
}

export interface SimpleValue {
  /** The 365 days up to the shop's last order, or as many as there are. */
  period: Period;
  aovMinor: number | null;
  /** Orders per customer and year. */
  ordersPerYear: number | null;
  /** AOV x ordersPerYear x years, for supposed lifetimes of 1, 2 and 3 years. */
  byYears: { years: number; netMinor: number; marginMinor: number | null }[];
  /** The same with the lifetime that this shop's own year suggests: 1 / churn rate. `null` without two years to compare. */
  fromData: { years: number; netMinor: number; marginMinor: number | null } | null;
}

/**
 * CLV = average order value x orders per customer and year x lifetime in years. A rough figure: it takes everybody for the
 * average customer, and a lifetime for granted.
 */
export function simpleValue(
  columns: OrderColumns,
  counted: CountedOrders,
  included: Included = PRODUCTS_ONLY,
): SimpleValue {
  const lastDay = counted.lastOrderDay ?? 0;
  const year: Period = { firstDay: lastDay - 364, lastDay };
  const period = { firstDay: Math.max(year.firstDay, counted.firstOrderDay ?? lastDay), lastDay };
  const revenue = revenueOf(columns, counted, { period, included });
  const { purchaseFrequency } = periodCustomers(columns, counted, period);
  const { churnRate } = periodCustomers(columns, counted, year).retention;
  const { aovMinor, netMinor, marginMinor, orders } = revenue;
  if (purchaseFrequency === null || aovMinor === null) {
    return { period, aovMinor, ordersPerYear: null, byYears: [], fromData: null };
  }
  const ordersPerYear = (purchaseFrequency * 365) / daysOf(period);
  const value = (years: number) => ({
    years,
    netMinor: roundHalfAway((netMinor / orders) * ordersPerYear * years),
    marginMinor: marginMinor === null ? null : roundHalfAway((marginMinor / orders) * ordersPerYear * years),
  });
  return {
    period,
    aovMinor,
    ordersPerYear,
    byYears: [1, 2, 3].map(value),
    fromData: churnRate === null || churnRate === 0 ? null : value(1 / churnRate),
  };
}
