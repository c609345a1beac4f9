/** What cohorts have in common: the share that orders, and the share that has reordered, by age. */
import type { Cohort } from "./cohorts.ts";

export interface CohortCurve {
  /** Year of the cohorts' first orders; `null` for all cohorts together. */
  year: string | null;
  /** Index k is the k-th month or week after that of the first order. */
  points: CohortCurvePoint[];
}

export interface CohortCurvePoint {
  /** Customers of the cohorts that are wholly observed at this age. */
  customers: number;
  /** Those of them with an order in it / customers. */
  retention: number;
  /** Those of them with a second order by the end of it / customers. */
  repeated: number;
}

type CurveCohort = Pick<Cohort, "start" | "customers" | "wholeAges" | "active" | "repeated">;

const LATEST_YEARS = 3;
/** With fewer customers left a curve shows chance. */
const FEWEST = 30;
const FEWEST_SHARE = 0.1;

/** All cohorts first, then the latest years, oldest first; a single year would only repeat the whole. */
export function cohortCurves(cohorts: readonly CurveCohort[], maxAges: number): CohortCurve[] {
  const years = [...new Set(cohorts.map(yearOf))].toSorted();
  const curves: CohortCurve[] = [{ year: null, points: pointsOf(cohorts, maxAges) }];
  if (years.length < 2) return curves;
  for (const year of years.slice(-LATEST_YEARS)) {
    const points = pointsOf(
      cohorts.filter((cohort) => yearOf(cohort) === year),
      maxAges,
    );
    if (points.length > 0) curves.push({ year, points });
  }
  return curves;
}

/** A month's or a Monday's year. */
function yearOf({ start }: CurveCohort): string {
  return start.slice(0, 4);
}

function pointsOf(cohorts: readonly CurveCohort[], maxAges: number): CohortCurvePoint[] {
  const points: CohortCurvePoint[] = [];
  for (let age = 0; age < maxAges; age++) {
    let customers = 0;
    let active = 0;
    let repeated = 0;
    for (const cohort of cohorts) {
      if (cohort.wholeAges <= age) continue;
      customers += cohort.customers;
      active += cohort.active[age] ?? 0;
      repeated += cohort.repeated[age] ?? 0;
    }
    if (customers < Math.max(FEWEST, (points[0]?.customers ?? 0) * FEWEST_SHARE)) break;
    points.push({ customers, retention: active / customers, repeated: repeated / customers });
  }
  return points;
}
