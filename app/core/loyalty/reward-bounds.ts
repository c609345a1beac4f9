/** What a reward may be, for the form that asks for it and the edge that checks it. */
import type { Reward, RewardGives, RewardKind } from "./reward.ts";

export const REWARD_KINDS = [
  "amount-off",
  "percentage",
  "free-shipping",
  "free-product",
  "gift-card",
  "store-credit",
] as const satisfies readonly RewardKind[];

export const REWARD_BOUNDS = {
  nameLetters: { least: 1, most: 60 },
  costPoints: { least: 1, most: 10_000_000 },
  valueMinor: { least: 1, most: 100_000_000 },
  percent: { least: 1, most: 100 },
  minimumMinor: { least: 1, most: 100_000_000 },
  validDays: { least: 1, most: 1_095 },
  otherCurrencies: { least: 0, most: 20 },
} as const;

export type RewardField =
  "name" | "costPoints" | "value" | "amounts" | "percent" | "variant" | "minimum" | "validDays";

interface Bounds {
  least: number;
  most: number;
}

/** The fields that cannot be as they are. A number that was not to be read is `NaN`. */
export function rewardFaults({
  name,
  costPoints,
  gives,
  minimumMinor,
  validDays,
}: Pick<Reward, "name" | "costPoints" | "gives" | "minimumMinor" | "validDays">): RewardField[] {
  const faults: RewardField[] = [];
  if (!lies(name.trim().length, REWARD_BOUNDS.nameLetters)) faults.push("name");
  if (!lies(costPoints, REWARD_BOUNDS.costPoints)) faults.push("costPoints");
  if ("valueMinor" in gives && !lies(gives.valueMinor, REWARD_BOUNDS.valueMinor)) faults.push("value");
  if ("amounts" in gives && !areAmounts(gives.amounts ?? {})) faults.push("amounts");
  if ("percent" in gives && !lies(gives.percent, REWARD_BOUNDS.percent)) faults.push("percent");
  if ("variantId" in gives && !(Number.isSafeInteger(gives.variantId) && gives.variantId > 0)) {
    faults.push("variant");
  }
  if (minimumMinor !== null && !lies(minimumMinor, REWARD_BOUNDS.minimumMinor)) faults.push("minimum");
  if (!lies(validDays, REWARD_BOUNDS.validDays)) faults.push("validDays");
  return faults;
}

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

function areAmounts(amounts: Readonly<Record<string, number>>): boolean {
  const named = Object.entries(amounts);
  return (
    lies(named.length, REWARD_BOUNDS.otherCurrencies) &&
    named.every(([currency, minor]) => CURRENCIES.has(currency) && lies(minor, REWARD_BOUNDS.valueMinor))
  );
}

function lies(value: number, { least, most }: Bounds): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** It is a discount with a code, which has a minimum and other discounts beside it. */
export function isCode({ kind }: Pick<RewardGives, "kind">): boolean {
  return kind !== "gift-card" && kind !== "store-credit";
}

/** Without what means nothing for its kind. */
export function plainReward(reward: Reward): Reward {
  const { gives, combinesWith, minimumMinor, returnsUnused, name } = reward;
  const hasCode = isCode(gives);
  return {
    ...reward,
    name: name.trim(),
    gives: plainGives(gives),
    minimumMinor: hasCode ? minimumMinor : null,
    combinesWith: {
      order: hasCode && combinesWith.order,
      product: hasCode && combinesWith.product,
      // Shopify never combines two discounts of shipping.
      shipping: hasCode && gives.kind !== "free-shipping" && combinesWith.shipping,
    },
    // Money that was given stays given.
    returnsUnused: gives.kind !== "store-credit" && returnsUnused,
  };
}

/** Amounts in the order of their currencies, and none at all where none is named. */
function plainGives(gives: RewardGives): RewardGives {
  if (gives.kind !== "amount-off") return gives;
  const { kind, valueMinor, amounts = {} } = gives;
  const named = Object.entries(amounts).sort(([a], [b]) => (a < b ? -1 : 1));
  return { kind, valueMinor, ...(named.length > 0 && { amounts: Object.fromEntries(named) }) };
}

/** Whether they promise the same; one may be offered and the other not. */
export function sameReward(a: Reward, b: Reward): boolean {
  return textOf(a) === textOf(b);
}

function textOf({
  id,
  name,
  gives,
  costPoints,
  minimumMinor,
  combinesWith,
  validDays,
  returnsUnused,
}: Reward) {
  const worth =
    "valueMinor" in gives
      ? gives.valueMinor
      : "percent" in gives
        ? gives.percent
        : "variantId" in gives
          ? gives.variantId
          : null;
  const { order, product, shipping } = combinesWith;
  const amounts = "amounts" in gives ? Object.entries(gives.amounts ?? {}).sort() : [];
  const terms = [amounts, costPoints, minimumMinor, order, product, shipping, validDays, returnsUnused];
  return JSON.stringify([id, name, gives.kind, worth, ...terms]);
}
