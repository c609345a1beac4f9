/** A reward as it is being typed: words in fields until they make sense. */
import type { Reward, RewardGives, RewardKind } from "../../core/loyalty/reward.ts";
import {
  plainReward,
  REWARD_BOUNDS,
  rewardFaults,
  type RewardField,
} from "../../core/loyalty/reward-bounds.ts";
import type { RewardBeginning } from "../../core/loyalty/reward-templates.ts";
import { formatMinor } from "../../core/money.ts";
import { amountSaid, readAmount, wholeNumberSaid } from "./typed-rules.ts";

export interface TypedReward {
  name: string;
  costPoints: string;
  kind: RewardKind;
  value: string;
  percent: string;
  variantId: number | null;
  /** Empty: none. */
  minimum: string;
  combinesWith: Reward["combinesWith"];
  validDays: string;
  returnsUnused: boolean;
}

export function typedReward(
  { gives, costPoints, minimumMinor, combinesWith, validDays, returnsUnused }: RewardBeginning,
  name: string,
  currency: string,
): TypedReward {
  return {
    ...{ name, combinesWith, returnsUnused, kind: gives.kind },
    costPoints: String(costPoints),
    value: "valueMinor" in gives ? formatMinor(gives.valueMinor, currency) : "",
    percent: "percent" in gives ? String(gives.percent) : "",
    variantId: "variantId" in gives ? gives.variantId : null,
    minimum: minimumMinor === null ? "" : formatMinor(minimumMinor, currency),
    validDays: String(validDays),
  };
}

export type ReadReward = { ok: true; reward: Reward } | { ok: false; faults: readonly RewardField[] };

export function readReward(
  typed: TypedReward,
  { id, isActive }: Pick<Reward, "id" | "isActive">,
  currency: string,
): ReadReward {
  const { name, combinesWith, returnsUnused, minimum } = typed;
  const reward: Reward = {
    ...{ id, isActive, name, combinesWith, returnsUnused },
    gives: givesOf(typed, currency),
    costPoints: whole(typed.costPoints),
    minimumMinor: minimum.trim() === "" ? null : (readAmount(minimum, currency) ?? NaN),
    validDays: whole(typed.validDays),
  };
  // A kind without a minimum may keep in its field what makes no sense.
  const plain = plainReward(reward);
  const faults = rewardFaults(plain);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, reward: plain };
}

function givesOf({ kind, value, percent, variantId }: TypedReward, currency: string): RewardGives {
  switch (kind) {
    case "percentage":
      return { kind, percent: whole(percent) };
    case "free-shipping":
      return { kind };
    case "free-product":
      return { kind, variantId: variantId ?? NaN };
    default:
      return { kind, valueMinor: readAmount(value, currency) ?? NaN };
  }
}

function whole(text: string): number {
  const typed = text.trim();
  return /^\d{1,9}$/.test(typed) ? Number(typed) : NaN;
}

/** What is asked for in a field, said where it is not there. */
export function rewardFieldSaid(field: RewardField, currency: string): string {
  switch (field) {
    case "name":
      return `A name of up to ${REWARD_BOUNDS.nameLetters.most} letters`;
    case "costPoints":
      return wholeNumberSaid(REWARD_BOUNDS.costPoints);
    case "value":
      return amountSaid(currency);
    case "percent":
      return wholeNumberSaid(REWARD_BOUNDS.percent);
    case "variant":
      return "Choose a product that your shop has";
    case "minimum":
      return `${amountSaid(currency)}, or nothing`;
    case "validDays":
      return wholeNumberSaid(REWARD_BOUNDS.validDays);
  }
}
