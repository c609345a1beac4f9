/** What every page of the storefront knows of the programme: what is on, what points are called there and what can be had for them. */
import type { Activity } from "../loyalty/activity.ts";
import type { EarningRules } from "../loyalty/programme.ts";
import { isMadeHere, wordOf, type Reward } from "../loyalty/reward.ts";
import type { ReferralRules } from "../referrals/referral-rules.ts";
import type { TierRules } from "../loyalty/tiers.ts";

export interface ProgrammeFacts {
  state: "off" | "running" | "paused";
  /** Those that hold now; `null`: there is no programme. */
  rules: Pick<EarningRules, "windowDays" | "expiryMonths" | "tiers"> | null;
  currency: string;
  /** Those that can be had. */
  rewards: readonly Reward[];
  /** What is earned for beside orders. */
  activities?: readonly Activity[];
  /** `null`: nobody is offered any. */
  referral?: ReferralOffer | null;
}

/** What is told of referrals where they are on. */
export interface ReferralOffer {
  /** Of the member who brings a friend. */
  points: number;
  /** The friend's points; 0 where the friend gets a reward. */
  friend: number;
  /** Its name. */
  reward: string | null;
  /** In minor units of the shop's currency. */
  minimumMinor: number | null;
  landing: string;
}

/** `null`: none, also where the friend's reward cannot be had. */
export function referralOffer(
  rules: ReferralRules | null,
  rewards: readonly Pick<Reward, "id" | "name">[],
): ReferralOffer | null {
  if (!rules?.isOn) return null;
  const { friend, memberPoints: points, minimumMinor, landing } = rules;
  const shared = { points, minimumMinor, landing };
  if (friend.kind === "points") return { ...shared, friend: friend.points, reward: null };
  const reward = rewards.find(({ id }) => id === friend.rewardId);
  return reward ? { ...shared, friend: 0, reward: reward.name } : null;
}

/** As JSON. */
export function programmeData({
  state,
  rules,
  currency,
  rewards,
  activities = [],
  referral = null,
}: ProgrammeFacts): string {
  const isActive = rules !== null && state !== "off";
  return JSON.stringify({
    v: 1,
    active: isActive,
    /** Points can be seen but not be spent. */
    paused: state === "paused",
    windowDays: rules?.windowDays ?? 0,
    expiryMonths: rules?.expiryMonths ?? null,
    currency,
    rewards: isActive ? rewards.map(rewardData) : [],
    ...(isActive && activities.length > 0 && { ways: activities.map(wayData) }),
    ...(isActive && referral && { referral }),
    ...(isActive && rules.tiers && { tiers: tiersData(rules.tiers) }),
  });
}

function wayData({ key, kind, name, points, url }: Activity) {
  return { key, kind, name, points, url };
}

/** The ladder as members see it, from the lowest tier to the highest. */
export function tiersData({ by, period, ladder }: TierRules) {
  return {
    ...{ by, period },
    ladder: ladder.map(({ id, name, threshold, factorPercent, entryPoints, perks, sold }) => ({
      ...{ id, name, threshold, factor: factorPercent, entry: entryPoints, perks },
      products: sold.map(({ productId }) => productId),
    })),
  };
}

/** As extensions read it; amounts in the shop's currency. */
export function rewardData({ id, name, gives, costPoints, minimumMinor }: Reward) {
  const about = isMadeHere(gives) ? wordOf(gives) : undefined;
  return {
    ...{ id, kind: gives.kind, cost: costPoints, name },
    valueMinor: "valueMinor" in gives ? gives.valueMinor : null,
    ...("amounts" in gives && { amounts: gives.amounts }),
    percent: "percent" in gives ? gives.percent : null,
    minimumMinor,
    ...(about !== undefined && { about }),
    // The shop's last day for it.
    ...(gives.kind === "event" && { on: gives.on, until: gives.until }),
  };
}
