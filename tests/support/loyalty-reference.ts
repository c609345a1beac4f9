/**
 * What the points ledger is held against: the programme's rules once more, without postings, lots or sums. Every single point is a token
 * that lies somewhere, and what happens moves tokens one by one.
 */
import type { EarningRules, ProgrammeVersion } from "../../app/core/loyalty/programme.ts";
import { keptMinor, leftMinor, soldMinor, type WorldOrder } from "./loyalty-world.ts";

const DAY = 86_400_000;

interface Token {
  member: number;
  earnedAt: number;
  ripensAt: number;
  expiresAt: number;
  /** What it was given for, by the beginning of its lot's name: an order, an adjustment, or "restored". */
  givenFor: string;
  place: "pending" | "available" | "expired" | "gone" | "paid" | `spent ${string}`;
  /** Of spent ones: counts up. */
  spentAs: number;
}

export interface Reference {
  tokens: Token[];
  debt: Map<number, number>;
  /** Points that each order has now. */
  orders: Map<number, number>;
  /** Points spent on a redemption that have come back. */
  returned: Map<string, number>;
  spent: number;
  /** What was last heard of each order that earns. */
  told: Map<number, Told>;
  brought: Map<string, Brought>;
  erased: Set<number>;
}

interface Told {
  isVoid: boolean;
  isPaid: boolean;
  isChargedBack: boolean;
  keptMinor: number;
  ripeAt: number;
}

export function createReference(): Reference {
  const orders = { orders: new Map<number, number>(), told: new Map<number, Told>() };
  const people = { brought: new Map<string, Brought>(), erased: new Set<number>() };
  return { tokens: [], debt: new Map(), returned: new Map(), spent: 0, ...orders, ...people };
}

function soonest(a: Token, b: Token): number {
  if (a.expiresAt !== b.expiresAt) return a.expiresAt - b.expiresAt;
  // Rules turned back give many orders points in the same moment.
  return a.earnedAt - b.earnedAt || (a.givenFor < b.givenFor ? -1 : Number(a.givenFor > b.givenFor));
}

function tokensOf(reference: Reference, member: number, place: Token["place"], givenFor?: string): Token[] {
  return reference.tokens
    .filter((token) => token.member === member && token.place === place)
    .filter((token) => givenFor === undefined || token.givenFor === givenFor)
    .sort(soonest);
}

export function owed(reference: Reference, member: number): number {
  return reference.debt.get(member) ?? 0;
}

function payWhatIsOwed(reference: Reference, member: number): void {
  for (const token of tokensOf(reference, member, "available").slice(0, owed(reference, member))) {
    token.place = "paid";
    reference.debt.set(member, owed(reference, member) - 1);
  }
}

/** Minute by minute would be the same: only the moments at which something is due matter. */
export function passTime(reference: Reference, now: number): void {
  for (;;) {
    let next = Infinity;
    for (const { place, ripensAt, expiresAt } of reference.tokens) {
      if (place === "pending") next = Math.min(next, ripensAt);
      if (place === "available") next = Math.min(next, expiresAt);
    }
    if (next > now) return;
    for (const token of reference.tokens) {
      if (token.place === "pending" && token.ripensAt <= next) token.place = "available";
    }
    for (const member of reference.debt.keys()) payWhatIsOwed(reference, member);
    for (const token of reference.tokens) {
      if (token.place === "available" && token.expiresAt <= next) token.place = "expired";
    }
  }
}

function give(reference: Reference, points: number, token: Omit<Token, "place" | "spentAs">, now: number) {
  for (let count = 0; count < points; count += 1) {
    const place = token.ripensAt <= now ? "available" : "pending";
    reference.tokens.push({ ...token, place, spentAs: 0 });
  }
  payWhatIsOwed(reference, token.member);
}

function takeAway(reference: Reference, member: number, points: number, givenFor: string): void {
  const places = ["pending", "available", "expired"] as const;
  const own = places.flatMap((place) => tokensOf(reference, member, place, givenFor));
  const others = tokensOf(reference, member, "available").filter((token) => token.givenFor !== givenFor);
  const taken = [...own, ...others].slice(0, points);
  for (const token of taken) token.place = "gone";
  reference.debt.set(member, owed(reference, member) + points - taken.length);
}

/** What the order is worth in points, from the rules it was placed under. */
export function worth(order: WorldOrder, version: ProgrammeVersion): number {
  return Math.min(unlimitedWorth(order, version), order.mostPoints ?? Infinity);
}

function unlimitedWorth(order: WorldOrder, { rules }: ProgrammeVersion): number {
  const isVoid = order.isTest || order.isExcluded || order.cancelledAt !== null || order.paidAt === null;
  if (isVoid || order.dispute === "open" || order.dispute === "lost" || !rules.isAccruing) return 0;
  if (keptMinor(order) === 0) return 0;
  const lefts = order.lines.map(leftMinor);
  const total = lefts.reduce((a, b) => a + b, 0);
  const toSpread = Math.min(order.moneyBackMinor, total);
  const last = lefts.findLastIndex((left) => left > 0);
  let spread = 0;
  let hundredths = 0;
  let bonus = order.isFirst ? rules.firstOrderPoints : 0;
  order.lines.forEach((line, index) => {
    const left = lefts[index] ?? 0;
    const share = index === last ? toSpread - spread : Math.floor((toSpread * left) / total);
    spread += share;
    if (left - share <= 0) return;
    hundredths += (left - share) * factor(line.productId, order, rules) * rules.base.points;
    const extra = rules.bonusProducts.find(({ productId }) => productId === line.productId)?.points ?? 0;
    bonus += extra * (line.units - line.refundedUnits);
  });
  const divisor = 100 * 100 * 100 * rules.base.perMinor;
  const whole = Math.floor(hundredths / divisor);
  const rest = hundredths - whole * divisor;
  if (rules.rounding === "up") return bonus + whole + (rest > 0 ? 1 : 0);
  return bonus + whole + (rules.rounding === "nearest" && rest * 2 >= divisor ? 1 : 0);
}

function factor(productId: number, order: WorldOrder, rules: EarningRules): number {
  const rule = rules.multipliers.find(({ match }) => match.productIds?.includes(productId));
  const event = rules.events.find(
    ({ startsAt, endsAt }) => order.placedAt >= startsAt && order.placedAt < endsAt,
  );
  const tier = rules.tiers?.ladder.find(({ id }) => id === order.tierId);
  return (rule?.factorPercent ?? 100) * (event?.factorPercent ?? 100) * (tier?.factorPercent ?? 100);
}

/** Gives or takes what the order is worth more or less than it has. */
export function settleOrder(
  reference: Reference,
  member: number,
  order: WorldOrder,
  version: ProgrammeVersion,
  now: number,
  startedAt = -Infinity,
): void {
  passTime(reference, now);
  const points = worth(order, version) - (reference.orders.get(order.id) ?? 0);
  reference.orders.set(order.id, worth(order, version));
  reference.told.set(order.id, toldOf(order, version.rules.windowDays));
  const givenFor = `earn/${order.id}`;
  if (points < 0) takeAway(reference, member, -points, givenFor);
  if (points <= 0) return;
  const { windowDays, expiryMonths } = version.rules;
  const ripensAt = Math.max(order.placedAt, order.paidAt ?? 0) + windowDays * DAY;
  const end = expiryMonths === null ? Infinity : endOfLife(Math.max(ripensAt, startedAt), expiryMonths);
  const expiresAt = end <= now ? now + 30 * DAY : end;
  give(reference, points, { member, earnedAt: now, ripensAt, expiresAt, givenFor }, now);
}

function toldOf(order: WorldOrder, windowDays: number): Told {
  const { isTest, isExcluded, cancelledAt, paidAt, dispute, placedAt } = order;
  return {
    ...{ isVoid: isTest || isExcluded || cancelledAt !== null, isPaid: paidAt !== null },
    ...{ isChargedBack: dispute === "open" || dispute === "lost", keptMinor: keptMinor(order) },
    ripeAt: Math.max(placedAt, paidAt ?? 0) + windowDays * DAY,
  };
}

/** Midnight (UTC) after the same day so many months later, or after the last one of a shorter month. */
function endOfLife(from: number, months: number): number {
  const date = new Date(from);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay) + 1);
}

/** `null`: never. */
export function lifeEnd(from: number, expiryMonths: number | null): number | null {
  return expiryMonths === null ? null : endOfLife(from, expiryMonths);
}

export function spend(reference: Reference, member: number, redemption: string, points: number, now: number) {
  passTime(reference, now);
  const tokens = tokensOf(reference, member, "available");
  if (tokens.length < points) return false;
  for (const token of tokens.slice(0, points)) markSpent(reference, token, redemption);
  return true;
}

function markSpent(reference: Reference, token: Token, redemption: string): void {
  token.place = `spent ${redemption}`;
  token.spentAs = reference.spent += 1;
}

/** The code was used although the points had come back: they are spent again, and what is gone is owed. */
export function spendAgain(
  reference: Reference,
  member: number,
  redemption: string,
  points: number,
  now: number,
): void {
  passTime(reference, now);
  reference.returned.delete(redemption);
  const tokens = tokensOf(reference, member, "available").slice(0, points);
  for (const token of tokens) markSpent(reference, token, redemption);
  for (let missing = points - tokens.length; missing > 0; missing -= 1) {
    const owing = {
      member,
      earnedAt: 0,
      ripensAt: 0,
      expiresAt: 0,
      givenFor: "",
      place: "gone",
      spentAs: 0,
    } as const;
    const token: Token = { ...owing };
    reference.tokens.push(token);
    markSpent(reference, token, redemption);
    reference.debt.set(member, owed(reference, member) + 1);
  }
}

/** What was taken last comes back first; what has expired meanwhile lives for thirty days more. */
export function giveBack(
  reference: Reference,
  member: number,
  redemption: string,
  points: number,
  now: number,
): void {
  passTime(reference, now);
  reference.returned.set(redemption, (reference.returned.get(redemption) ?? 0) + points);
  const spent = reference.tokens
    .filter(({ place }) => place === `spent ${redemption}`)
    .sort((a, b) => b.spentAs - a.spentAs);
  for (const token of spent.slice(0, points)) {
    token.place = "available";
    token.member = member;
    if (token.expiresAt <= now)
      Object.assign(token, { expiresAt: now + 30 * DAY, earnedAt: now, givenFor: "restored" });
  }
  payWhatIsOwed(reference, member);
}

/** Of the points spent on an order, those that have to be back in all. */
export function dueBack(order: WorldOrder, points: number, policy: EarningRules["returnSpent"]): number {
  if (policy === "none") return 0;
  if (order.cancelledAt !== null) return points;
  if (policy === "on-cancellation" || soldMinor(order) === 0) return 0;
  return Math.floor((points * (soldMinor(order) - keptMinor(order))) / soldMinor(order));
}

export function adjustBy(
  reference: Reference,
  member: number,
  name: string,
  points: number,
  expiresAt: number | null,
  now: number,
): boolean {
  if (points < 0) return spend(reference, member, name, -points, now);
  passTime(reference, now);
  const token = {
    member,
    earnedAt: now,
    ripensAt: now,
    expiresAt: expiresAt ?? Infinity,
    givenFor: `adjust/${name}`,
  };
  give(reference, points, token, now);
  return true;
}

/** For something that is no order. */
export function gift(
  reference: Reference,
  member: number,
  givenFor: string,
  points: number,
  expiresAt: number | null,
  now: number,
): void {
  passTime(reference, now);
  const token = { member, earnedAt: now, ripensAt: now, expiresAt: expiresAt ?? Infinity, givenFor };
  give(reference, points, token, now);
}

export function undo(reference: Reference, member: number, name: string, points: number, now: number): void {
  if (points < 0) return giveBack(reference, member, name, -points, now);
  passTime(reference, now);
  takeAway(reference, member, points, `adjust/${name}`);
}

/** Another app's points go back; those that were spent are left, or owed; those that paid what was owed are owed again either way. */
export function undoImport(
  reference: Reference,
  member: number,
  source: string,
  { points, spent }: { points: number; spent: "left" | "owed" },
  now: number,
): void {
  passTime(reference, now);
  const givenFor = `import/${source}`;
  const count = (place: Token["place"]) => tokensOf(reference, member, place, givenFor).length;
  const there = count("available") + count("expired");
  takeAway(reference, member, spent === "owed" ? points : there + count("paid"), givenFor);
}

export function merge(reference: Reference, from: number, to: number, now: number): void {
  passTime(reference, now);
  for (const token of reference.tokens) if (token.member === from) token.member = to;
  reference.debt.set(to, owed(reference, to) + owed(reference, from));
  reference.debt.delete(from);
  payWhatIsOwed(reference, to);
  for (const each of reference.brought.values()) {
    if (each.member === from) each.member = to;
    if (each.friend === from) each.friend = to;
  }
}

/** A friend who came with an order, and the member who brought them. */
interface Brought {
  id: string;
  order: number;
  member: number;
  /** `null`: erased. */
  friend: number | null;
  /** Points that both were promised. */
  promised: { member: number; friend: number };
  minimumMinor: number;
  isReversed: boolean;
  /** What the checks say. */
  found: "unlooked" | Found;
  /** The merchant's. */
  word: "allow" | "block" | null;
  /** Both were given what they were to be given then. */
  isSettled: boolean;
  /** They were, or would have been, but somebody's word is against it. */
  isEarned: boolean;
  hasMember: boolean;
  hasFriend: boolean;
  settledAt: number;
}

export type Found = "fine" | "refused" | "unknown";

/** Of today. */
export interface Limits {
  /** Friends who earn a member something. */
  most: number;
  isYearly: boolean;
  expiryMonths: number | null;
}

export function isBrought({ brought }: Reference, friend: number): boolean {
  return [...brought.values()].some((each) => each.friend === friend);
}

type Bringing = Pick<
  Brought,
  "id" | "order" | "member" | "friend" | "promised" | "minimumMinor" | "isReversed"
> & {
  isFirst: boolean;
};

export function bring(reference: Reference, { isFirst, ...bringing }: Bringing): void {
  const { friend, member, id } = bringing;
  const isRefused = friend === member || !isFirst || (friend !== null && hasLedTo(reference, friend, member));
  const nothing = {
    word: null,
    isSettled: false,
    isEarned: false,
    hasMember: false,
    hasFriend: false,
    settledAt: 0,
  };
  reference.brought.set(id, { ...bringing, ...nothing, found: isRefused ? "refused" : "unlooked" });
}

/** Whether somebody has brought the other, or brought who brought them, and so on. */
function hasLedTo({ brought, erased }: Reference, somebody: number, other: number): boolean {
  const led = new Set([somebody]);
  for (let size = 0; size < led.size;) {
    size = led.size;
    for (const { friend, member } of brought.values())
      if (friend !== null && led.has(member) && !erased.has(member)) led.add(friend);
  }
  return led.has(other);
}

export function look({ brought }: Reference, id: string, found: Found): void {
  const row = brought.get(id);
  if (row) row.found = found;
}

export function say({ brought }: Reference, id: string, word: Brought["word"]): void {
  const row = brought.get(id);
  if (row) row.word = word;
}

/** Nothing leads to them any more: neither as a friend nor as a member are they given anything. */
export function erase(reference: Reference, somebody: number): void {
  reference.erased.add(somebody);
  for (const each of reference.brought.values()) if (each.friend === somebody) each.friend = null;
}

export function settleOrdersFriend(reference: Reference, order: number, limits: Limits, now: number): void {
  for (const each of reference.brought.values())
    if (each.order === order) settleFriend(reference, each, limits, now);
}

/** Whose return window is over, in the order in which it was. */
export function settleRipe(reference: Reference, limits: Limits, now: number): void {
  const ripeAt = ({ order }: Brought) => reference.told.get(order)?.ripeAt ?? Infinity;
  const ripe = [...reference.brought.values()].filter((each) => ripeAt(each) <= now);
  for (const each of ripe.sort((a, b) => ripeAt(a) - ripeAt(b))) settleFriend(reference, each, limits, now);
}

function settleFriend(reference: Reference, each: Brought, limits: Limits, now: number): void {
  passTime(reference, now);
  const { member, friend, order, isReversed, minimumMinor } = each;
  const isMemberKnown = !reference.erased.has(member);
  if (member === friend && isMemberKnown) each.found = "refused";
  const told = reference.told.get(order);
  if (!told) return void takeAllBack(reference, each);
  const isFine = each.found === "fine";
  const isAllowed = each.word === null ? isFine : each.word === "allow";
  const isKept = !told.isVoid && !told.isChargedBack && told.keptMinor > 0 && told.keptMinor >= minimumMinor;
  const isDue = isKept && told.isPaid && told.ripeAt <= now;
  const isTaken = !isKept && (isReversed || told.isChargedBack);
  // Who blocks it stops no clock: what it earns meanwhile waits, and what it loses is lost.
  if (!isAllowed) {
    const wasEarned = each.isSettled || each.isEarned;
    if (!wasEarned) each.settledAt = now;
    takeAllBack(reference, each);
    each.isEarned = each.word === "block" && isFine ? !isTaken && (wasEarned || isDue) : wasEarned;
    return;
  }
  if (each.isSettled) {
    if (isTaken) takeAllBack(reference, each);
    return;
  }
  if (each.isEarned && isTaken) each.isEarned = false;
  if (!each.isEarned && !isDue) return;
  if (!each.isEarned) each.settledAt = now;
  each.isEarned = false;
  each.isSettled = true;
  const earned = [...reference.brought.values()].filter(
    (other) => other.hasMember && other.member === member && other.settledAt >= since(limits, now),
  );
  const until = lifeEnd(now, limits.expiryMonths);
  if (earned.length < limits.most && isMemberKnown) {
    each.hasMember = true;
    gift(reference, member, `referral/${each.id}/member`, each.promised.member, until, now);
  }
  if (friend === null) return;
  each.hasFriend = true;
  gift(reference, friend, `referral/${each.id}/friend`, each.promised.friend, until, now);
}

/** A year has eleven months here, and begins with a day. */
function since({ isYearly }: Limits, now: number): number {
  if (!isYearly) return -Infinity;
  return endOfLife(now, -11) - DAY;
}

/** From a friend who was erased nothing is taken. */
function takeAllBack(reference: Reference, each: Brought): void {
  each.isSettled = false;
  if (each.hasMember) takeAway(reference, each.member, each.promised.member, `referral/${each.id}/member`);
  each.hasMember = false;
  if (!each.hasFriend || each.friend === null) return;
  takeAway(reference, each.friend, each.promised.friend, `referral/${each.id}/friend`);
  each.hasFriend = false;
}

/** Points that have expired. */
export function unspent({ tokens }: Reference, member: number): number {
  return tokens.filter((token) => token.member === member && token.place === "expired").length;
}

/** Points by place and expiry, as lots can be compared with them. */
export function holdings(reference: Reference, member: number): string[] {
  const counts = { pending: new Map<number, number>(), available: new Map<number, number>() };
  for (const { member: owner, place, expiresAt } of reference.tokens) {
    if (owner !== member || (place !== "pending" && place !== "available")) continue;
    counts[place].set(expiresAt, (counts[place].get(expiresAt) ?? 0) + 1);
  }
  return Object.entries(counts)
    .flatMap(([place, held]) => [...held].map(([until, points]) => `${points} ${place} until ${until}`))
    .sort();
}
