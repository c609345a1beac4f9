/** What every page of the storefront knows of the programme: what is on, what points are called there and what can be had for them. */
import type { EarningRules } from "../loyalty/programme.ts";
import type { Reward } from "../loyalty/reward.ts";

export interface ProgrammeFacts {
  state: "off" | "running" | "paused";
  /** Those that hold now; `null`: there is no programme. */
  rules: Pick<EarningRules, "windowDays" | "expiryMonths"> | null;
  currency: string;
  /** Those that can be had. */
  rewards: readonly Reward[];
}

/** As JSON. */
export function programmeData({ state, rules, currency, rewards }: ProgrammeFacts): string {
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
  });
}

/** As extensions read it; amounts in the shop's currency. */
export function rewardData({ id, name, gives, costPoints, minimumMinor }: Reward) {
  return {
    ...{ id, kind: gives.kind, cost: costPoints, name },
    valueMinor: "valueMinor" in gives ? gives.valueMinor : null,
    ...("amounts" in gives && { amounts: gives.amounts }),
    percent: "percent" in gives ? gives.percent : null,
    minimumMinor,
  };
}
