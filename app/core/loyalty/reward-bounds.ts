/** What a reward may be, for the form that asks for it and the edge that checks it. */
import { isHoldable } from "./hold.ts";
import {
  isMadeHere,
  wordOf,
  type MadeHere,
  type Reward,
  type RewardGives,
  type RewardKind,
} from "./reward.ts";

export const REWARD_KINDS = [
  "amount-off",
  "percentage",
  "free-shipping",
  "free-product",
  "gift-card",
  "store-credit",
  "partner-code",
  "donation",
  "refill",
  "event",
] as const satisfies readonly RewardKind[];

export const REWARD_BOUNDS = {
  nameLetters: { least: 1, most: 60 },
  costPoints: { least: 1, most: 10_000_000 },
  valueMinor: { least: 1, most: 100_000_000 },
  percent: { least: 1, most: 100 },
  minimumMinor: { least: 1, most: 100_000_000 },
  validDays: { least: 1, most: 1_095 },
  otherCurrencies: { least: 0, most: 20 },
  wordLetters: { least: 1, most: 80 },
  perMember: { least: 1, most: 1_000 },
  inAll: { least: 1, most: 10_000 },
} as const;

export type RewardField =
  "name" | "costPoints" | "value" | "amounts" | "percent" | "variant" | "minimum" | "validDays" | GivesField;

/** Of rewards that Shopify has nothing to do with: who takes the code, the cause, what is brought, where; how many; the days. */
type GivesField = "word" | "perMember" | "inAll" | "on" | "until";

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
  if ("valueMinor" in gives && !lies(gives.valueMinor, valueBounds(gives))) faults.push("value");
  if ("amounts" in gives && !areAmounts(gives.amounts ?? {})) faults.push("amounts");
  if ("percent" in gives && !lies(gives.percent, REWARD_BOUNDS.percent)) faults.push("percent");
  if ("variantId" in gives && !(Number.isSafeInteger(gives.variantId) && gives.variantId > 0)) {
    faults.push("variant");
  }
  if (isMadeHere(gives)) faults.push(...givesFaults(gives));
  if (minimumMinor !== null && !lies(minimumMinor, REWARD_BOUNDS.minimumMinor)) faults.push("minimum");
  if (!lies(validDays, REWARD_BOUNDS.validDays)) faults.push("validDays");
  return faults;
}

/** What Perennial makes itself may cost the shop nothing; a cause cannot be given nothing. */
function valueBounds(gives: RewardGives): Bounds {
  const isCost = isMadeHere(gives) && gives.kind !== "donation";
  return isCost ? { ...REWARD_BOUNDS.valueMinor, least: 0 } : REWARD_BOUNDS.valueMinor;
}

function givesFaults(gives: MadeHere) {
  const faults: RewardField[] = [];
  if (!lies(wordOf(gives).trim().length, REWARD_BOUNDS.wordLetters)) faults.push("word");
  if ("perMember" in gives && gives.perMember !== null && !lies(gives.perMember, REWARD_BOUNDS.perMember)) {
    faults.push("perMember");
  }
  if (gives.kind === "partner-code" && gives.inAll !== null && !lies(gives.inAll, REWARD_BOUNDS.inAll)) {
    faults.push("inAll");
  }
  if (gives.kind === "event") {
    if (!lies(gives.places, REWARD_BOUNDS.inAll)) faults.push("inAll");
    if (!isDay(gives.on)) faults.push("on");
    if (!isDay(gives.until) || gives.until > gives.on) faults.push("until");
  }
  return faults;
}

/** Of this century, and one that there is. */
function isDay(text: string): boolean {
  if (!/^20\d\d-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
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
  return isHoldable(kind);
}

/** Without what means nothing for its kind. */
export function plainReward(reward: Reward): Reward {
  const { gives, combinesWith, minimumMinor, returnsUnused, validDays, name } = reward;
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
    returnsUnused: canReturnUnused(gives) && returnsUnused,
    // A gift to a cause has no end, and an event has a day.
    validDays: gives.kind === "donation" || gives.kind === "event" ? 1 : validDays,
  };
}

/** Not money that was given, nor what nobody can tell to be unused, nor a place that stayed empty. */
export function canReturnUnused({ kind }: Pick<RewardGives, "kind">): boolean {
  return isHoldable(kind) || kind === "gift-card" || kind === "refill";
}

/** Amounts in the order of their currencies, and none at all where none is named. */
function plainGives(gives: RewardGives): RewardGives {
  if (isMadeHere(gives)) return plainWord(gives);
  if (gives.kind !== "amount-off") return gives;
  const { kind, valueMinor, amounts = {} } = gives;
  const named = Object.entries(amounts).sort(([a], [b]) => (a < b ? -1 : 1));
  return { kind, valueMinor, ...(named.length > 0 && { amounts: Object.fromEntries(named) }) };
}

/** Its parts in one order, so that two that are the same are written alike. */
function plainWord(gives: MadeHere) {
  const word = wordOf(gives).trim();
  switch (gives.kind) {
    case "partner-code": {
      const { kind, valueMinor, perMember, inAll } = gives;
      return { kind, partner: word, valueMinor, perMember, inAll };
    }
    case "donation":
      return { kind: gives.kind, cause: word, valueMinor: gives.valueMinor };
    case "refill":
      return { kind: gives.kind, goods: word, valueMinor: gives.valueMinor };
    case "event": {
      const { kind, on, until, valueMinor, places, perMember } = gives;
      return { kind, venue: word, on, until, valueMinor, places, perMember };
    }
  }
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
  const details = isMadeHere(gives) ? plainWord(gives) : null;
  const amounts = "amounts" in gives ? Object.entries(gives.amounts ?? {}).sort() : [];
  const terms = [
    amounts,
    details,
    costPoints,
    minimumMinor,
    order,
    product,
    shipping,
    validDays,
    returnsUnused,
  ];
  return JSON.stringify([id, name, gives.kind, worth, ...terms]);
}
