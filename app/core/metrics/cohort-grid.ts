/** Cohorts as a merchant looks at them: one measure at a time, each cell with the strength of its colour. */
import type { Cohort } from "./cohorts.ts";

export const COHORT_MEASURES = ["customers", "orders", "revenue", "margin", "cumulative"] as const;
export type CohortMeasure = (typeof COHORT_MEASURES)[number];

/** What of a cohort the measures need, and no more: it travels to the browser, which switches measures by itself. */
export type ShownCohort = Pick<
  Cohort,
  | "start"
  | "firstDay"
  | "customers"
  | "wholeAges"
  | "active"
  | "orders"
  | "netMinor"
  | "marginMinor"
  | "cumulativeNetPerCustomerMinor"
>;

export interface CohortCell {
  /** A share of the cohort for customers, a count for orders, minor units for the rest; `null` where costs are not known. */
  value: number | null;
  /** 0 (none) to 7; -1 below zero. */
  shade: number;
  /** Wholly observed. */
  whole: boolean;
}

interface CohortRow {
  start: string;
  firstDay: number;
  customers: number;
  /** Up to the end of observation: later cells do not exist. */
  cells: CohortCell[];
}

export interface CohortGrid {
  rows: CohortRow[];
  /** Columns: the longest row's. */
  ages: number;
  /** All cohorts together where that has a meaning, counting those that are wholly observed; `null` elsewhere. */
  pooled: (number | null)[] | null;
  /** What a customer of the cohort must bring for the darkest colour; `null` where nothing is coloured. */
  darkestPerCustomer: number | null;
}

/** More rows would be unreadable, and slow in a browser. */
export const MOST_COHORTS = { month: 36, week: 52 } as const;

export const SHADES = 7;
/** A single wild cell must not make all others pale. */
const DARKEST_RANK = 0.95;

export function cohortGrid(cohorts: readonly ShownCohort[], measure: CohortMeasure): CohortGrid {
  const firstColored = measure === "cumulative" ? 0 : 1;
  const perCustomer = cohorts.map((cohort) =>
    valuesOf(cohort, measure).map((value) =>
      value === null || isPerCustomer(measure) ? value : value / cohort.customers,
    ),
  );
  const darkest = darkestOf(
    cohorts.flatMap(({ wholeAges }, row) => perCustomer[row]?.slice(firstColored, wholeAges) ?? []),
  );
  return {
    rows: cohorts.map((cohort, row) => ({
      start: cohort.start,
      firstDay: cohort.firstDay,
      customers: cohort.customers,
      cells: valuesOf(cohort, measure).map((value, age) => ({
        value,
        shade: age < firstColored ? 0 : shadeOf(perCustomer[row]?.[age] ?? null, darkest),
        whole: age < cohort.wholeAges,
      })),
    })),
    ages: Math.max(0, ...cohorts.map(({ active }) => active.length)),
    pooled: isPerCustomer(measure) ? pooledValues(cohorts, measure) : null,
    darkestPerCustomer: darkest,
  };
}

/** The others are sums over the cohort. */
function isPerCustomer(measure: CohortMeasure): boolean {
  return measure === "customers" || measure === "cumulative";
}

export function valuesOf(cohort: ShownCohort, measure: CohortMeasure): (number | null)[] {
  switch (measure) {
    case "customers":
      return cohort.active.map((active) => active / cohort.customers);
    case "orders":
      return cohort.orders;
    case "revenue":
      return cohort.netMinor;
    case "margin":
      return cohort.marginMinor;
    case "cumulative":
      return cohort.cumulativeNetPerCustomerMinor;
  }
}

function pooledValues(cohorts: readonly ShownCohort[], measure: CohortMeasure): (number | null)[] {
  const ages = Math.max(0, ...cohorts.map(({ wholeAges }) => wholeAges));
  return Array.from({ length: ages }, (_, age) => {
    let customers = 0;
    let sum = 0;
    for (const cohort of cohorts) {
      if (cohort.wholeAges <= age) continue;
      customers += cohort.customers;
      sum += (valuesOf(cohort, measure)[age] ?? 0) * cohort.customers;
    }
    return customers === 0 ? null : sum / customers;
  });
}

function darkestOf(values: readonly (number | null)[]): number | null {
  const positive = values
    .filter((value) => value !== null && value > 0)
    .toSorted((a, b) => Number(a) - Number(b));
  return positive[Math.ceil(positive.length * DARKEST_RANK) - 1] ?? null;
}

function shadeOf(value: number | null, darkest: number | null): number {
  if (value === null || value === 0) return 0;
  if (value < 0) return -1;
  return darkest === null ? 0 : Math.min(SHADES, Math.ceil((value / darkest) * SHADES));
}
