/** What was spent on acquiring customers, month by month, held against what those customers are worth. */
import type { AcquiredCohorts, CohortValue } from "./acquired-cohorts.ts";
import {
  acquisitionReturn,
  cumulativePath,
  estimate,
  type AcquisitionReturn,
  type Estimate,
} from "./acquisition-cost.ts";
import { partEstimate } from "./cohort-interval.ts";

/** Whether what customers bring counts as net sales, or as what of it stays after costs. */
export const ACQUISITION_MEASURES = ["sales", "margin"] as const;
export type AcquisitionMeasure = (typeof ACQUISITION_MEASURES)[number];

export interface AcquisitionRow extends AcquisitionReturn {
  broughtMinor: number;
  expectedMinor: Estimate | null;
  /** Of all customers together, cumulative by month since acquisition. */
  pathMinor: Estimate[];
  /** Months looked at. */
  pathMonths: number;
  /** How many of its months have passed. */
  passedMonths: number;
}

export interface AcquisitionReport {
  /** `sales` where no cost of goods is known, whatever was asked for. */
  measure: AcquisitionMeasure;
  hasMargin: boolean;
  hasModel: boolean;
  /** Else all lows and highs are the mean. */
  hasInterval: boolean;
  /** By month, also those with a cost and no customers. */
  rows: AcquisitionRow[];
  /** Of the months with a cost; `null` without any. */
  total: (AcquisitionRow & { months: number }) | null;
}

/** `costs`: minor units by month, as `isoMonth` names it. */
export function acquisitionReport(
  acquired: AcquiredCohorts,
  costs: ReadonlyMap<string, number>,
  asked: AcquisitionMeasure,
): AcquisitionReport {
  const measure = acquired.marginShare === null ? "sales" : asked;
  const share = measure === "margin" ? (acquired.marginShare ?? 1) : 1;
  const expectedShare = measure === "margin" ? (acquired.expectedMarginShare ?? share) : 1;
  const known = new Map(acquired.cohorts.map((cohort) => [cohort.month, cohort]));
  const months = [...new Set([...known.keys(), ...costs.keys()])].toSorted();
  const cohorts = months.map((month) => known.get(month) ?? nobody(month, acquired));
  const rowOf = (cohort: CohortValue, spentMinor: number | null): AcquisitionRow => {
    const expectedMinor = expectedOf(cohort, acquired, expectedShare);
    const broughtMinor = cohort.broughtMinor * share;
    const pathMinor = cumulativePath(
      cohort.broughtByMonth.map((minor) => minor * share),
      broughtMinor,
      cohort.expectedByMonth.map((minor) => minor * expectedShare),
      expectedMinor ?? NOTHING,
    );
    const passedMonths = cohort.broughtByMonth.length;
    const { month, customers } = cohort;
    const returned = acquisitionReturn({
      ...{ month, customers, spentMinor, broughtMinor, expectedMinor, pathMinor },
    });
    const pathMonths = pathMinor.length;
    return { ...returned, broughtMinor, expectedMinor, pathMinor, pathMonths, passedMonths };
  };
  const costed = cohorts.filter(({ month }) => costs.has(month));
  const spent = costed.reduce((sum, { month }) => sum + (costs.get(month) ?? 0), 0);
  return {
    measure,
    hasMargin: acquired.marginShare !== null,
    hasModel: acquired.expectedMinor !== null,
    hasInterval: acquired.deviation !== null,
    rows: cohorts.map((cohort) => rowOf(cohort, costs.get(cohort.month) ?? null)),
    total: costed.length === 0 ? null : { ...rowOf(together(costed), spent), months: costed.length },
  };
}

const NOTHING: Estimate = { mean: 0, low: 0, high: 0 };

function expectedOf(cohort: CohortValue, acquired: AcquiredCohorts, share: number): Estimate | null {
  const { expectedMinor } = cohort;
  if (expectedMinor === null) return null;
  const { deviation } = acquired;
  const sales = deviation
    ? partEstimate(expectedMinor, acquired.expectedMinor ?? expectedMinor, deviation)
    : estimate(() => expectedMinor);
  return estimate((of) => sales[of] * share);
}

/** A month in which money was spent and nobody bought for the first time. */
function nobody(month: string, { expectedMinor }: AcquiredCohorts): CohortValue {
  return {
    ...{ month, customers: 0, broughtMinor: 0, broughtByMonth: [], expectedByMonth: [] },
    expectedMinor: expectedMinor === null ? null : 0,
  };
}

/** Cohorts of different ages have no path together. */
function together(cohorts: readonly CohortValue[]): CohortValue {
  const sum = (of: (cohort: CohortValue) => number) =>
    cohorts.reduce((total, cohort) => total + of(cohort), 0);
  return {
    ...{ month: "", broughtByMonth: [], expectedByMonth: [] },
    customers: sum(({ customers }) => customers),
    broughtMinor: sum(({ broughtMinor }) => broughtMinor),
    expectedMinor: cohorts.some(({ expectedMinor }) => expectedMinor === null)
      ? null
      : sum(({ expectedMinor }) => expectedMinor ?? 0),
  };
}
