/**
 * VIP tiers as a programme promises them: a ladder that members climb by what they earn, spend or order within a period. The ladder is part of
 * the programme's rules, so that an order keeps the multiplier that held when it was placed.
 */

export interface TierRules {
  /** What is counted: points that orders and other deeds earn, net product sales, or orders. */
  by: "points" | "spend" | "orders";
  /** Of what is counted: the twelve months up to now, the calendar year up to now, or everything. */
  period: "rolling-year" | "calendar-year" | "lifetime";
  /** A tier is kept for so many more of the shop's days after its threshold was last reached. */
  graceDays: number;
  /** From the lowest to the highest. */
  ladder: readonly Tier[];
}

export interface Tier {
  id: string;
  /** The merchant's, as shoppers read it. */
  name: string;
  /** Points, minor units or orders; `null`: nobody climbs to it, it is bought or given. */
  threshold: number | null;
  /** What orders of its members earn, in percent. */
  factorPercent: number;
  /** Once for each time that it is entered. */
  entryPoints: number;
  /** A reward that is given for nothing each time that it is entered; `null`: none. */
  entryRewardId: string | null;
  /** What members have beside, in the merchant's words. */
  perks: readonly string[];
  /** Products that grant the tier for a time; a refund ends it. */
  sold: readonly { productId: number; months: number }[];
}

export const TIER_BOUNDS = {
  tiers: { least: 0, most: 10 },
  name: { least: 1, most: 40 },
  threshold: { least: 0, most: 1_000_000_000 },
  factorPercent: { least: 100, most: 1_000 },
  entryPoints: { least: 0, most: 1_000_000 },
  perks: { least: 0, most: 10 },
  perkLetters: { least: 1, most: 120 },
  sold: { least: 0, most: 10 },
  months: { least: 1, most: 60 },
  /** As long as it takes until the end of the year after. */
  graceDays: { least: 0, most: 366 },
} as const;

/** Where a tier stands in the ladder; -1: in none. */
export function rankOf({ ladder }: Pick<TierRules, "ladder">, tierId: string | null): number {
  return ladder.findIndex(({ id }) => id === tierId);
}

export function factorOfTier(tiers: TierRules | undefined, tierId: string | null | undefined): number {
  return tiers?.ladder.find(({ id }) => id === tierId)?.factorPercent ?? 100;
}

/** A higher tier never asks for less than one below it. */
export function areThresholdsRising({ ladder }: Pick<TierRules, "ladder">): boolean {
  const asked = ladder.flatMap(({ threshold }) => threshold ?? []);
  return asked.every((threshold, at) => threshold > (asked[at - 1] ?? -1));
}
