/** Which rewards a checkout can take. */
import type { MemberFacts, ProgrammeFacts, RewardFacts } from "../../shared/facts.ts";

/** Gift cards and store credit are money of the customer's own: they are had in the account, and need no checkout. */
const KINDS = new Set(["amount-off", "percentage", "free-shipping", "free-product"]);

/** Cheapest first. A reward whose amounts are named takes nothing off in a currency that is not among them. */
export function rewardsFor({ rewards, currency: own }: ProgrammeFacts, currency: string): RewardFacts[] {
  return rewards
    .filter(({ kind, amounts }) => KINDS.has(kind) && (currency === own || !amounts || currency in amounts))
    .sort((a, b) => a.cost - b.cost);
}

export interface Reach {
  within: RewardFacts[];
  /** The cheapest of those that are not. */
  next: { reward: RewardFacts; missing: number } | null;
}

export function reachOf(
  rewards: readonly RewardFacts[],
  { points, debt }: Pick<MemberFacts, "points" | "debt">,
): Reach {
  const next = rewards.find(({ cost }) => cost > points);
  return {
    within: rewards.filter(({ cost }) => cost <= points),
    next: next ? { reward: next, missing: next.cost - points + debt } : null,
  };
}
