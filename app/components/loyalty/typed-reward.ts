/** A reward as it is being typed: words in fields until they make sense. */
import {
  isMadeHere,
  type Reward,
  type RewardGives,
  type RewardKind,
  wordOf,
} from "../../core/loyalty/reward.ts";
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
  /** In other currencies, one to a line: `USD 6.00`. */
  amounts: string;
  percent: string;
  variantId: number | null;
  /** The partner, the cause, what is brought, or where. */
  word: string;
  /** Empty: any number. */
  perMember: string;
  /** Of a pool (empty: all), or places. */
  inAll: string;
  on: string;
  until: string;
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
    amounts: "amounts" in gives ? amountLines(gives.amounts ?? {}) : "",
    percent: "percent" in gives ? String(gives.percent) : "",
    variantId: "variantId" in gives ? gives.variantId : null,
    ...{ word: isMadeHere(gives) ? wordOf(gives) : "", perMember: countText(gives, "perMember") },
    inAll: gives.kind === "event" ? String(gives.places) : countText(gives, "inAll"),
    on: gives.kind === "event" ? gives.on : "",
    until: gives.kind === "event" ? gives.until : "",
    minimum: minimumMinor === null ? "" : formatMinor(minimumMinor, currency),
    validDays: String(validDays),
  };
}

function countText(gives: object, name: "perMember" | "inAll"): string {
  const count = (gives as Partial<Record<typeof name, number | null>>)[name] ?? null;
  return count === null ? "" : String(count);
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

function amountLines(amounts: Readonly<Record<string, number>>): string {
  return Object.entries(amounts)
    .map(([currency, minor]) => `${currency} ${formatMinor(minor, currency)}`)
    .join("\n");
}

/** A line that is none is kept under its own words, so that the bounds find it. */
function readAmounts(text: string, shopCurrency: string): Record<string, number> {
  const lines = text.split(/[\n;]/).map((line) => line.trim());
  return Object.fromEntries(
    lines
      .filter((line) => line !== "")
      .map((line) => {
        const [, currency = "", amount = ""] = /^([A-Za-z]{3})\s+(\S+)$/.exec(line) ?? [];
        const code = currency.toUpperCase();
        const isOther = code !== "" && code !== shopCurrency;
        return isOther ? [code, readAmount(amount, code) ?? NaN] : [line, NaN];
      }),
  );
}

function givesOf(typed: TypedReward, currency: string): RewardGives {
  const { kind, value, amounts, percent, variantId, word } = typed;
  const costMinor = value.trim() === "" ? 0 : (readCost(value, currency) ?? NaN);
  switch (kind) {
    case "partner-code": {
      const limits = { perMember: wholeOrNone(typed.perMember), inAll: wholeOrNone(typed.inAll) };
      return { kind, partner: word, valueMinor: costMinor, ...limits };
    }
    case "refill":
      return { kind, goods: word, valueMinor: costMinor };
    case "donation":
      return { kind, cause: word, valueMinor: readAmount(value, currency) ?? NaN };
    case "event": {
      const { on, until, inAll, perMember } = typed;
      const limits = { places: whole(inAll), perMember: wholeOrNone(perMember) };
      return { kind, venue: word, on: on.trim(), until: until.trim(), valueMinor: costMinor, ...limits };
    }
    case "amount-off": {
      const others = readAmounts(amounts, currency);
      const valueMinor = readAmount(value, currency) ?? NaN;
      return { kind, valueMinor, ...(Object.keys(others).length > 0 && { amounts: others }) };
    }
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

/** It may be nothing. */
function readCost(text: string, currency: string): number | null {
  return /^0+([.,]0*)?$/.test(text.trim()) ? 0 : readAmount(text, currency);
}

function wholeOrNone(text: string): number | null {
  return text.trim() === "" ? null : whole(text);
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
    case "amounts":
      return "A currency and an amount on each line, such as USD 6.00";
    case "percent":
      return wholeNumberSaid(REWARD_BOUNDS.percent);
    case "variant":
      return "Choose a product that your shop has";
    case "minimum":
      return `${amountSaid(currency)}, or nothing`;
    case "validDays":
      return wholeNumberSaid(REWARD_BOUNDS.validDays);
    case "word":
      return `Up to ${REWARD_BOUNDS.wordLetters.most} letters`;
    case "perMember":
      return `${wholeNumberSaid(REWARD_BOUNDS.perMember)}, or nothing`;
    case "inAll":
      return wholeNumberSaid(REWARD_BOUNDS.inAll);
    case "on":
      return "A day, such as 2027-05-31";
    case "until":
      return "A day, such as 2027-05-24, that is not after the event";
  }
}
