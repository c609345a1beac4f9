/**
 * What acquiring a cohort's customers cost against what they are worth: CLV to CAC, and the month in which they have paid for themselves.
 *
 *   CAC = spent / customers acquired,   ratio = (brought so far + expected still) / CAC per customer,
 *   payback = first month k, counted from the one of acquisition as 1, whose cumulative value per customer reaches CAC.
 *
 * The interval of the ratio is that of the expected part, what has been brought is known; the payback's is where the low and the high
 * path reach the cost, and has no end where the path never does within the months looked at.
 *
 * Worked example: 100 customers for 5,000 (CAC 50) that have brought 30 each and are expected to bring 45 more (20 to 80) have a ratio of 1.5
 * (1 to 2.2). With a path of 20, 40, 55 the cost is back in month 3.
 */
export interface Estimate {
  mean: number;
  low: number;
  high: number;
}

export interface AcquiredCohort {
  /** As `isoMonth` names it. */
  month: string;
  customers: number;
  /** `null` where nobody said what was spent. */
  spentMinor: number | null;
  /** All customers together: what they have brought, and are expected to bring still. */
  broughtMinor: number;
  /** `null` where nobody can tell yet. */
  expectedMinor: Estimate | null;
  /** Of all customers together, cumulative by month since acquisition; months that have passed have low = high. */
  pathMinor: readonly Estimate[];
}

export interface AcquisitionReturn {
  month: string;
  customers: number;
  spentMinor: number | null;
  /** Per customer; `null` without a cost. */
  costMinor: number | null;
  /** Brought and expected; `null` where nobody can tell what is expected. */
  valueMinor: Estimate | null;
  /** `null` without a cost or a value, or where the cost is 0. */
  ratio: Estimate | null;
  /** Months; `null` for not within the path. `early` is on the high path. */
  payback: { month: number | null; early: number | null; late: number | null } | null;
}

export function acquisitionReturn(cohort: AcquiredCohort): AcquisitionReturn {
  const { month, customers, spentMinor, broughtMinor, expectedMinor, pathMinor } = cohort;
  const perCustomer = (minor: number) => (customers > 0 ? minor / customers : 0);
  const valueOfAll = expectedMinor && estimate((of) => broughtMinor + expectedMinor[of]);
  const known = spentMinor !== null && customers > 0;
  const reached = (of: keyof Estimate) => {
    const at = pathMinor.findIndex((value) => value[of] >= (spentMinor ?? Infinity));
    return at < 0 ? null : at + 1;
  };
  return {
    month,
    customers,
    spentMinor,
    costMinor: known ? perCustomer(spentMinor) : null,
    valueMinor: valueOfAll && estimate((of) => perCustomer(valueOfAll[of])),
    ratio: known && spentMinor > 0 && valueOfAll ? estimate((of) => valueOfAll[of] / spentMinor) : null,
    payback: known ? { month: reached("mean"), early: reached("high"), late: reached("low") } : null,
  };
}

/**
 * A cohort's cumulative value by month: what was brought by the end of each month that has passed, then what has been brought by now with the
 * expected on top of it. `expected` is the mean by the end of each month from the current one on; its interval is known at the horizon, and is
 * taken to be as wide, in proportion, before.
 */
export function cumulativePath(
  brought: readonly number[],
  soFar: number,
  expected: readonly number[],
  atHorizon: Estimate,
): Estimate[] {
  const known = brought.map((value) => estimate(() => value));
  return [...known, ...expected.map((value) => estimate((of) => soFar + value * share(atHorizon, of)))];
}

function share(atHorizon: Estimate, of: keyof Estimate): number {
  return atHorizon.mean === 0 ? 1 : atHorizon[of] / atHorizon.mean;
}

export function estimate(of: (which: keyof Estimate) => number): Estimate {
  return { mean: of("mean"), low: of("low"), high: of("high") };
}
