/** What a reward comes to for members and for the shop: how much has to be spent to earn it, and which share of that it gives back. */
import type { EarningRules } from "./programme.ts";
import type { Reward } from "./reward.ts";

export interface RewardOutlook {
  /** By the base rule alone. */
  earnedByMinor: number;
  /** `null`: what it is worth depends on the order. */
  givesBackShare: number | null;
}

export function rewardOutlook(
  { costPoints, gives }: Pick<Reward, "costPoints" | "gives">,
  base: EarningRules["base"],
): RewardOutlook {
  const earnedByMinor = spendingFor(costPoints, base);
  return { earnedByMinor, givesBackShare: "valueMinor" in gives ? gives.valueMinor / earnedByMinor : null };
}

/** What a member still has to buy for so many points. */
export function spendingFor(missingPoints: number, { points, perMinor }: EarningRules["base"]): number {
  return Math.ceil((missingPoints * perMinor) / points);
}
