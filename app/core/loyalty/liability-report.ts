/** What outstanding points may cost, in money: a programme's liability at what a point is worth. */
import type { Estimate, Liability, LiabilityMonth } from "./liability.ts";
import type { PointValue } from "./point-value.ts";

export interface LiabilityReport extends Omit<Liability, "byMonth"> {
  value: PointValue | null;
  /** Amounts have fractions of a minor unit, and are `null` where nobody knows what a point is worth. */
  outstandingMinor: number | null;
  /** Less breakage; all that is outstanding while it is too early to tell. */
  liabilityMinor: Estimate | null;
  rows: LiabilityRow[];
}

interface LiabilityRow extends LiabilityMonth {
  outstandingMinor: number | null;
  liabilityMinor: number | null;
}

export function liabilityReport(
  { byMonth, ...liability }: Liability,
  value: PointValue | null,
): LiabilityReport {
  const worth = (points: number) => (value ? points * value.minor : null);
  const { outstanding, expected } = liability;
  const { mean, low, high } = expected ?? { mean: outstanding, low: outstanding, high: outstanding };
  return {
    ...liability,
    value,
    outstandingMinor: worth(outstanding),
    liabilityMinor: value && {
      mean: mean * value.minor,
      low: low * value.minor,
      high: high * value.minor,
    },
    rows: byMonth.map((month) => ({
      ...month,
      outstandingMinor: worth(month.outstanding),
      liabilityMinor: worth(month.expected ?? month.outstanding),
    })),
  };
}
