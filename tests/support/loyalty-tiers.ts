/**
 * Tiers in random lives: who is where, by core and by counting orders one by one, and what entering brings, by core's entries and by a
 * list of what is held.
 */
import { expect } from "vitest";
import { giveMember, type Book } from "./loyalty-book.ts";
import * as reference from "./loyalty-reference.ts";
import { keptMinor, type WorldOrder } from "./loyalty-world.ts";
import { DAY_MS } from "./orders.ts";
import { shopCalendar } from "../../app/core/calendar.ts";
import type { EarningRules } from "../../app/core/loyalty/programme.ts";
import { entryChanges, type TierEntry } from "../../app/core/loyalty/tier-entries.ts";
import { tierAt, type Dated } from "../../app/core/loyalty/tier-standing.ts";
import type { TierRules } from "../../app/core/loyalty/tiers.ts";

const UTC = shopCalendar("UTC");
const nothing = { entryRewardId: null, perks: [], sold: [] };
const LADDER = [
  { ...nothing, id: "silver", name: "silver", threshold: 2, factorPercent: 150, entryPoints: 20 },
  { ...nothing, id: "gold", name: "gold", threshold: 4, factorPercent: 200, entryPoints: 50 },
];

/** Buys a month of gold, which cannot be climbed to. */
const MEMBERSHIP = 3;
const SOLD = LADDER.map((tier) =>
  tier.id === "gold" ? { ...tier, threshold: null, sold: [{ productId: MEMBERSHIP, months: 1 }] } : tier,
);

export const TIERS: readonly (TierRules | undefined)[] = [
  undefined,
  { by: "orders", period: "lifetime", graceDays: 0, ladder: LADDER },
  { by: "orders", period: "rolling-year", graceDays: 20, ladder: LADDER.slice(0, 1) },
  { by: "orders", period: "lifetime", graceDays: 0, ladder: SOLD },
];

interface Held {
  /** By tier: when it brings points, and whether it has. */
  tiers: Map<string, { dueAt: number; isGiven: boolean }>;
  /** As core has it. */
  open: TierEntry[];
  last: number;
  judgedBy: TierRules | undefined;
  /** Given by hand or brought from another app. */
  grants: Grant[];
}

export interface Grant {
  source: string;
  tierId: string;
  from: number;
  /** `null`: until it is taken back. */
  until: number | null;
}

export type TierBook = Map<number, Held>;

function counts(order: WorldOrder): boolean {
  const isReal = !order.isTest && !order.isExcluded && order.cancelledAt === null;
  const isChargedBack = order.dispute === "open" || order.dispute === "lost";
  return isReal && !isChargedBack && order.paidAt !== null && keptMinor(order) > 0;
}

/** Kept units of memberships, the earliest first. */
function bought(orders: readonly WorldOrder[]) {
  return orders
    .filter(counts)
    .flatMap(({ lines, placedAt }) => lines.map((line) => ({ ...line, at: placedAt })))
    .map(({ productId, at, units, refundedUnits }) => ({ productId, at, units: units - refundedUnits }))
    .filter(({ productId, units }) => productId === MEMBERSHIP && units > 0)
    .sort((a, b) => a.at - b.at);
}

/** Whether a membership runs: each begins as it is bought and lasts a month after the last one's last day, to its own end. */
function isBought(orders: readonly WorldOrder[], now: number): boolean {
  let last = -Infinity;
  return bought(orders).some(({ at, units }) => {
    const from = new Date(Math.max(last, Math.floor(at / DAY_MS) * DAY_MS));
    const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + units];
    const daysOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    last = Date.UTC(year, month, Math.min(from.getUTCDate(), daysOfMonth));
    return at <= now && now < last + DAY_MS;
  });
}

/** The tier by counting. */
function reached(tiers: TierRules, orders: readonly WorldOrder[], grants: readonly Grant[], now: number) {
  const ranks = [-1];
  const sold = tiers.ladder.findIndex((tier) => tier.sold.length > 0);
  if (sold >= 0 && isBought(orders, now)) ranks.push(sold);
  for (const { tierId, from, until } of grants)
    if (from <= now && now < (until ?? Infinity))
      ranks.push(tiers.ladder.findIndex(({ id }) => id === tierId));
  const firstDay = Math.floor(now / DAY_MS) - tiers.graceDays;
  const moments = [firstDay * DAY_MS, now, ...orders.map(({ placedAt }) => placedAt)];
  for (const moment of moments.filter((each) => each >= firstDay * DAY_MS && each <= now)) {
    const year = new Date(moment);
    const since = Date.UTC(year.getUTCFullYear() - 1, year.getUTCMonth(), year.getUTCDate() + 1);
    const counted = orders.filter(({ placedAt }) => placedAt <= moment).filter(counts);
    const inPeriod =
      tiers.period === "lifetime" ? counted : counted.filter(({ placedAt }) => placedAt >= since);
    if (tiers.period === "lifetime" && moment !== now) continue;
    ranks.push(tiers.ladder.findLastIndex(({ threshold }) => (threshold ?? Infinity) <= inPeriod.length));
  }
  return tiers.ladder[Math.max(...ranks)]?.id ?? null;
}

/** In which tier an order is placed; both ways agree. */
export function tierOfOrder(
  tierBook: TierBook,
  member: number,
  rules: EarningRules,
  others: readonly WorldOrder[],
  placedAt: number,
): string | null {
  const { grants } = heldOf(tierBook, member);
  return rules.tiers ? standingOf(rules.tiers, others, grants, placedAt) : null;
}

/** Another app's file names a tier, and undoing it takes it back. */
export function grantTier(tierBook: TierBook, member: number, grant: Grant): void {
  heldOf(tierBook, member).grants.push(grant);
}

export function endGrant(tierBook: TierBook, member: number, ended: string): void {
  const held = heldOf(tierBook, member);
  held.grants = held.grants.filter(({ source }) => source !== ended);
}

function standingOf(
  tiers: TierRules,
  orders: readonly WorldOrder[],
  grants: readonly Grant[],
  now: number,
): string | null {
  const amounts: Dated[] = orders.filter(counts).map(({ placedAt: at }) => ({ at, amount: 1 }));
  const tierId = tierAt(tiers, { amounts, purchases: bought(orders), grants }, now, UTC);
  expect(tierId).toBe(reached(tiers, orders, grants, now));
  return tierId;
}

const heldOf = (tierBook: TierBook, member: number): Held => {
  const held = tierBook.get(member) ?? {
    tiers: new Map(),
    open: [],
    last: 0,
    judgedBy: undefined,
    grants: [],
  };
  tierBook.set(member, held);
  return held;
};

/** Who climbed or fell is noted, and what is due is given, in the ledger and in the reference. */
export function judge(
  tierBook: TierBook,
  { book, ref }: { book: Book; ref: reference.Reference },
  member: number,
  { tiers, windowDays }: EarningRules,
  orders: readonly WorldOrder[],
  now: number,
  { isTakenOver = false } = {},
): void {
  if (!tiers) return;
  const held = heldOf(tierBook, member);
  const tierId = standingOf(tiers, orders, held.grants, now);
  // Neither the merchant's change of the ladder nor what is taken over from another app brings anything.
  const isByRules = held.judgedBy !== tiers || isTakenOver;
  held.judgedBy = tiers;
  const waitMs = windowDays * DAY_MS;
  const changes = entryChanges(tiers, held.open, held.last, { tierId }, { now, waitMs, isByRules });
  held.last += changes.opened.length;
  const isClosed = (entry: TierEntry) => changes.closed.some(({ sequence }) => sequence === entry.sequence);
  held.open = [...held.open.filter((entry) => !isClosed(entry)), ...changes.opened];
  for (const { sequence, tierId: entered } of changes.due) {
    const points = tiers.ladder.find(({ id }) => id === entered)?.entryPoints ?? 0;
    giveMember(
      book,
      member,
      { kind: "tier", sourceId: `${member}.${sequence}`, points, expiresAt: null },
      now,
    );
    held.open = held.open.map((entry) =>
      entry.sequence === sequence ? { ...entry, rewardedAt: now } : entry,
    );
  }

  const rank = tiers.ladder.findIndex(({ id }) => id === tierId);
  const ids = tiers.ladder.slice(0, rank + 1).map(({ id }) => id);
  for (const id of [...held.tiers.keys()]) if (!ids.includes(id)) held.tiers.delete(id);
  for (const id of ids)
    if (!held.tiers.has(id))
      held.tiers.set(id, { dueAt: isByRules ? Infinity : now + waitMs, isGiven: false });
  for (const [id, entry] of held.tiers) {
    if (entry.isGiven || entry.dueAt > now) continue;
    entry.isGiven = true;
    const points = tiers.ladder.find((tier) => tier.id === id)?.entryPoints ?? 0;
    reference.gift(ref, member, `tier/${id}`, points, null, now);
  }
}

/** What the merged member entered is not entered again. */
export function mergeTiers(tierBook: TierBook, from: number, to: number): void {
  const [left, kept] = [heldOf(tierBook, from), heldOf(tierBook, to)];
  for (const [id, entry] of left.tiers) if (!kept.tiers.has(id)) kept.tiers.set(id, entry);
  const own = new Set(kept.open.map(({ tierId }) => tierId));
  for (const entry of left.open.filter(({ tierId }) => !own.has(tierId)))
    kept.open.push({ ...entry, sequence: (kept.last += 1) });
  kept.judgedBy ??= left.judgedBy;
  kept.grants.push(...left.grants);
  tierBook.delete(from);
}
