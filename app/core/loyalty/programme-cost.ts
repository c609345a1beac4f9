/**
 * What a programme costs, month by month: the points that it gave, those that were redeemed and those that expired, and what was
 * given away for them, as a share of net sales.
 */
import type { PointValue, RedeemedFor } from "./point-value.ts";
import type { PointsMonth } from "./points-month.ts";

/** Rewards that were used in a month: on an order by its date, gift cards and store credit on the day on which they were given. */
export interface RewardCost {
  month: number;
  rewards: number;
  /** What was given away with those that tell it. */
  costMinor: number;
  /** Points spent on those. */
  points: number;
  /** Used, and nothing says what they cost: shipping that was not charged, or a percentage beside other codes. */
  untold: number;
}

export interface CostMonth {
  month: number;
  issued: number;
  redeemed: number;
  expired: number;
  rewards: number;
  untold: number;
  costMinor: number;
  netMinor: number;
  /** `null` where nothing was sold. */
  share: number | null;
}

export function programmeCost(
  months: readonly PointsMonth[],
  costs: readonly RewardCost[],
  netByMonth: ReadonlyMap<number, number>,
): CostMonth[] {
  const costOf = new Map(costs.map((cost) => [cost.month, cost]));
  return months.map(({ month, issued, redeemed, expired }) => {
    const { rewards = 0, untold = 0, costMinor = 0 } = costOf.get(month) ?? {};
    const netMinor = netByMonth.get(month) ?? 0;
    const share = netMinor > 0 ? costMinor / netMinor : null;
    return { month, issued, redeemed, expired, rewards, untold, costMinor, netMinor, share };
  });
}

const MONTHS_OF_A_YEAR = 12;

/** What points were redeemed for in the last year. */
export function redeemedLately(costs: readonly RewardCost[], month: number): RedeemedFor[] {
  return costs
    .filter((cost) => cost.month <= month && cost.month > month - MONTHS_OF_A_YEAR)
    .map(({ costMinor, points }) => ({ valueMinor: costMinor, points }));
}

/** What has been promised or given and no order's discount shows. */
export interface BesideSales {
  /** Gift cards and store credit that were given: paying with them lowers no sales. */
  givenMinor: number;
  /** Points spent on codes that nobody has used yet. */
  unusedPoints: number;
}

/**
 * What the programme has cost beyond what sales show: points cost when they are earned, at their value less breakage, and a code that is used lowers the net sales of
 * its order. Whatever was earned has either been used (sales bear it), been given as money, is in a code that may yet be used, or is outstanding.
 */
export function costBesideSales(
  { givenMinor, unusedPoints }: BesideSales,
  liabilityMinor: number,
  { minor }: PointValue,
): number {
  return givenMinor + unusedPoints * minor + liabilityMinor;
}
