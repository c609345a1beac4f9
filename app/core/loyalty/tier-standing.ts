/**
 * In which tier somebody is at a moment, as a function of what they did until then and of nothing else: whoever asks for the same moment is
 * answered the same, whatever was asked before. Amounts are what orders come to in their present state, dated by when they were placed, so
 * what is refunded never counted.
 *
 * A member is in the highest tier of: those whose threshold the amounts of the period reached at any moment of the days of grace; those bought
 * whose time is running; those that the merchant gave.
 */
import { addMonths, dayFromIso, isoDate, startOfDay, type ShopCalendar } from "../calendar.ts";
import { rankOf, type Tier, type TierRules } from "./tiers.ts";

export interface TierFacts {
  /** In any order. Nothing counts before its moment. */
  amounts: readonly Dated[];
  /** Kept units of products that grant a tier. */
  purchases: readonly { at: number; productId: number; units: number }[];
  grants: readonly { tierId: string; from: number; until: number | null }[];
}

export interface Dated {
  /** Epoch milliseconds. */
  at: number;
  /** Positive, in the unit of the rules. */
  amount: number;
}

export interface Standing {
  /** `null`: none. */
  tierId: string | null;
  /** By what it is held; `null` where there is none. */
  because: "amount" | "grace" | "bought" | "given" | null;
  /** What counts at the moment. */
  amount: number;
  /** When it changes if nothing is done any more, and to what. */
  next: { at: number; tierId: string | null } | null;
  /** What is still missing to the next higher tier that can be climbed to. */
  goal: { tierId: string; missing: number } | null;
}

export const NO_STANDING: Standing = { tierId: null, because: null, amount: 0, next: null, goal: null };

export function standingAt(rules: TierRules, facts: TierFacts, at: number, calendar: ShopCalendar): Standing {
  const held = holder(rules, facts, calendar);
  const { rank, because } = held.at(at);
  const amount = held.amountAt(at);
  const goal = rules.ladder.slice(rank + 1).find(({ threshold }) => threshold !== null && threshold > amount);
  return {
    tierId: rules.ladder[rank]?.id ?? null,
    because,
    amount,
    next: nextChange(rules, held, rank, at),
    goal: goal ? { tierId: goal.id, missing: (goal.threshold ?? 0) - amount } : null,
  };
}

/** The tier alone: what an order is placed in. */
export function tierAt(
  rules: TierRules,
  facts: TierFacts,
  at: number,
  calendar: ShopCalendar,
): string | null {
  return rules.ladder[holder(rules, facts, calendar).at(at).rank]?.id ?? null;
}

/** The first moment whose amounts can still make a difference. */
export function countsFrom(
  { period, graceDays }: TierRules,
  at: number,
  calendar: ShopCalendar,
): number | null {
  const first = firstDayOf(period, calendar.dayOf(at) - graceDays);
  return first === null ? null : startOfDay(first, calendar);
}

/** First day of the period that holds a day; `null`: it has no beginning. */
function firstDayOf(period: TierRules["period"], day: number): number | null {
  if (period === "lifetime") return null;
  if (period === "rolling-year") return addMonths(day, -12) + 1;
  return dayFromIso(`${isoDate(day).slice(0, 4)}-01-01`);
}

/** The first day whose period no longer holds a day. */
function dayOfLeaving(period: "rolling-year" | "calendar-year", day: number): number {
  if (period === "calendar-year") return dayFromIso(`${Number(isoDate(day).slice(0, 4)) + 1}-01-01`);
  let leaving = addMonths(day, 12);
  // The 29th of February has no day that is exactly a year later.
  while ((firstDayOf(period, leaving) ?? 0) <= day) leaving += 1;
  return leaving;
}

interface Holder {
  at(moment: number): { rank: number; because: Standing["because"] };
  amountAt(moment: number): number;
  /** Moments at which something may be lost, from the earliest. */
  losses: readonly number[];
}

function holder(rules: TierRules, facts: TierFacts, calendar: ShopCalendar): Holder {
  const amounts = facts.amounts.toSorted((a, b) => a.at - b.at);
  /** Of the first so many. */
  const sums = [0];
  for (const { amount } of amounts) sums.push((sums.at(-1) ?? 0) + amount);
  const starts = new Map<number, number>();
  const startOf = (day: number) => {
    const known = starts.get(day) ?? startOfDay(day, calendar);
    starts.set(day, known);
    return known;
  };
  const spells = [...soldSpells(rules, facts, calendar), ...facts.grants.map(grantedSpell)];

  /** How many amounts are before a moment, or at it. */
  const countUntil = (moment: number, isInclusive: boolean) => {
    let [low, high] = [0, amounts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = amounts[middle]?.at ?? 0;
      if (at < moment || (isInclusive && at === moment)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const amountAt = (moment: number) => {
    const first = firstDayOf(rules.period, calendar.dayOf(moment));
    const before = first === null ? 0 : countUntil(startOf(first), false);
    return (sums[countUntil(moment, true)] ?? 0) - (sums[before] ?? 0);
  };
  const reachedAt = (moment: number) => {
    const amount = amountAt(moment);
    return rules.ladder.findLastIndex(({ threshold }) => threshold !== null && threshold <= amount);
  };
  const at = (moment: number) => {
    const now = reachedAt(moment);
    let best: ReturnType<Holder["at"]> = { rank: now, because: now < 0 ? null : "amount" };
    const consider = (rank: number, because: Standing["because"]) => {
      if (rank > best.rank) best = { rank, because };
    };
    // Between two amounts a sum only falls: it is highest as the days of grace begin, or as an amount is added.
    const graceFrom = startOf(calendar.dayOf(moment) - rules.graceDays);
    if (rules.period !== "lifetime") {
      consider(reachedAt(graceFrom), "grace");
      for (let index = countUntil(graceFrom, true); index < countUntil(moment, true); index += 1)
        consider(reachedAt(amounts[index]?.at ?? moment), "grace");
    }
    for (const { tierId, from, until, because } of spells)
      if (from <= moment && moment < until) consider(rankOf(rules, tierId), because);
    return best;
  };
  const { period, graceDays } = rules;
  const leavings =
    period === "lifetime"
      ? []
      : [...new Set(amounts.map((each) => dayOfLeaving(period, calendar.dayOf(each.at)) + graceDays))];
  const losses = [...leavings.map(startOf), ...spells.map(({ until }) => until)]
    .filter(Number.isFinite)
    .toSorted((a, b) => a - b);
  return { at, amountAt, losses };
}

interface Spell {
  tierId: string;
  from: number;
  /** The first moment after it. */
  until: number;
  because: "bought" | "given";
}

function grantedSpell({ tierId, from, until }: TierFacts["grants"][number]): Spell {
  return { tierId, from, until: until ?? Infinity, because: "given" };
}

/** What is bought before the last one ends prolongs it, to the end of a day of the shop. */
function soldSpells(
  { ladder }: TierRules,
  { purchases }: Pick<TierFacts, "purchases">,
  calendar: ShopCalendar,
): Spell[] {
  return ladder.flatMap((tier) => {
    const spells: Spell[] = [];
    let lastDay = -Infinity;
    for (const { at, productId, units } of purchases.toSorted((a, b) => a.at - b.at)) {
      const months = units * monthsOf(tier, productId);
      if (months === 0) continue;
      lastDay = addMonths(Math.max(lastDay, calendar.dayOf(at)), months);
      const until = startOfDay(lastDay + 1, calendar);
      spells.push({ tierId: tier.id, from: at, until, because: "bought" });
    }
    return spells;
  });
}

function monthsOf({ sold }: Tier, productId: number): number {
  return sold.find((product) => product.productId === productId)?.months ?? 0;
}

/** Nobody climbs by doing nothing: only what is held can be lost. */
function nextChange({ ladder }: TierRules, held: Holder, rank: number, at: number): Standing["next"] {
  if (rank < 0) return null;
  for (const moment of held.losses) {
    if (moment <= at) continue;
    const later = held.at(moment).rank;
    if (later !== rank) return { at: moment, tierId: ladder[later]?.id ?? null };
  }
  return null;
}
