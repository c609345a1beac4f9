/** What extensions in checkout and in the customer's account know of the programme without asking us: where to ask, what points are and what can be had for them. */
import { HOLD_MINUTES } from "../loyalty/hold.ts";
import type { Reward } from "../loyalty/reward.ts";
import type { RuleTable } from "../loyalty/rule-table.ts";
import type { TierRules } from "../loyalty/tiers.ts";
import { rewardData, tiersData, type ReferralOffer } from "./programme-data.ts";

export interface UiFacts {
  /** Where extensions ask us: `https://app.example/ui`. */
  api: string;
  state: "running" | "paused";
  currency: string;
  /** `null`: nothing can be promised. */
  rules: RuleTable | null;
  /** Those that can be had. */
  rewards: readonly Reward[];
  /** `null`: nobody is asked. */
  surveyPoints: number | null;
  /** `undefined`: there are none. */
  tiers?: TierRules | undefined;
  /** `null`: nobody is offered any. */
  referral?: ReferralOffer | null;
  /** The merchant's own, by language and key. */
  texts: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** As JSON. */
export function uiData({
  api,
  state,
  currency,
  rules,
  rewards,
  surveyPoints,
  tiers,
  referral = null,
  texts,
}: UiFacts): string {
  return JSON.stringify({
    v: 1,
    api,
    // Programmes have no name of their own yet: null lets extensions use their usual words.
    name: null,
    state: state === "paused" ? "paused" : "on",
    currency,
    rules,
    rewards: rewards.map(rewardData),
    holdMinutes: HOLD_MINUTES,
    survey: surveyPoints === null ? null : { points: surveyPoints },
    ...(referral && { referral }),
    ...(tiers && { tiers: tiersData(tiers) }),
    texts,
  });
}
