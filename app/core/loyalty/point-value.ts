/**
 * What a point is worth to whoever redeems it, or costs whoever gives it. Rewards that are money say it (an amount off, a gift card, store credit, a donation): so much for so many points. Of
 * others (a percentage, free shipping, a product) it depends on the cart.
 */
import type { Reward } from "./reward.ts";

export type PointValueRule = "best" | "redeemed" | "entered";

/** What the merchant has chosen. */
export interface PointValueChoice {
  rule: PointValueRule;
  /** Minor units for 1,000 points, where the merchant has entered it. */
  thousandMinor: number | null;
}

export interface PointValue {
  /** Minor units for one point; a fraction. */
  minor: number;
  /** How it was come by. `best`: what the reward that gives most for a point gives. `redeemed`: what points were redeemed for in the last 12 months, each for its own. */
  by: PointValueRule;
}

export interface RedeemedFor {
  valueMinor: number;
  points: number;
}

/** `null`: no reward says it, and nobody has entered it. */
export function pointValue(
  { rule, thousandMinor }: PointValueChoice,
  rewards: readonly Pick<Reward, "gives" | "costPoints" | "isActive">[],
  redeemed: readonly RedeemedFor[],
): PointValue | null {
  if (rule === "entered" && thousandMinor !== null) return { minor: thousandMinor / 1_000, by: "entered" };
  const spent = redeemed.reduce((total, { points }) => total + points, 0);
  if (rule === "redeemed" && spent > 0) {
    return {
      minor: redeemed.reduce((total, { valueMinor }) => total + valueMinor, 0) / spent,
      by: "redeemed",
    };
  }
  const rates = rewards.flatMap(({ gives, costPoints, isActive }) =>
    isActive && "valueMinor" in gives && gives.valueMinor > 0 && costPoints > 0
      ? [gives.valueMinor / costPoints]
      : [],
  );
  return rates.length > 0 ? { minor: Math.max(...rates), by: "best" } : null;
}
