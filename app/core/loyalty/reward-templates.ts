/** Rewards that a programme can begin with: priced by what members earn, so that each gives back a usual share of what they spend. */
import { usualUnit } from "../money.ts";
import type { EarningRules } from "./programme.ts";
import type { Reward, RewardGives } from "./reward.ts";

export const REWARD_TEMPLATE_NAMES = ["amount-off", "percentage", "free-shipping"] as const;
export type RewardTemplateName = (typeof REWARD_TEMPLATE_NAMES)[number];

/** What a reward can be begun with, before anybody has named it. */
export type RewardBeginning = Omit<Reward, "id" | "name">;

/** In usual units of the currency: what has to be spent for it, and what it is worth. */
const TEMPLATES: Readonly<
  Record<RewardTemplateName, { afterSpending: number; gives: (unit: number) => RewardGives }>
> = {
  "amount-off": { afterSpending: 100, gives: (unit) => ({ kind: "amount-off", valueMinor: 5 * unit }) },
  percentage: { afterSpending: 200, gives: () => ({ kind: "percentage", percent: 10 }) },
  "free-shipping": { afterSpending: 150, gives: () => ({ kind: "free-shipping" }) },
};

export function templateReward(
  name: RewardTemplateName,
  { points, perMinor }: EarningRules["base"],
  currency: string,
): RewardBeginning {
  const unit = usualUnit(currency);
  const { afterSpending, gives } = TEMPLATES[name];
  return {
    gives: gives(unit),
    costPoints: Math.max(1, Math.round((afterSpending * unit * points) / perMinor)),
    minimumMinor: null,
    combinesWith: { order: false, product: false, shipping: name !== "free-shipping" },
    validDays: 90,
    returnsUnused: true,
    isActive: true,
  };
}
