/**
 * The points ledger kept in memory by the core's decisions alone, loading for each decision no more of an account than a database would,
 * and its invariants.
 */
import { expect } from "vitest";
import { shopCalendar } from "../../app/core/calendar.ts";
import { accrueOrder, lifeOfPoints } from "../../app/core/loyalty/accrue-order.ts";
import { adjust, undoAdjustment } from "../../app/core/loyalty/adjust.ts";
import { advance } from "../../app/core/loyalty/advance.ts";
import { memberSums, type MemberSums } from "../../app/core/loyalty/explain.ts";
import { lotId, type LedgerTransaction } from "../../app/core/loyalty/ledger.ts";
import { givePoints, takeGift, type Gift } from "../../app/core/loyalty/give-points.ts";
import { mergeMembers } from "../../app/core/loyalty/merge-members.ts";
import {
  balanceOf,
  emptyAccount,
  isOpen,
  type Change,
  type MemberAccount,
} from "../../app/core/loyalty/member-account.ts";
import { orderTarget } from "../../app/core/loyalty/order-target.ts";
import { termsOf, withNewLines, type OrderTerms } from "../../app/core/loyalty/order-terms.ts";
import type { EarningRules, ProgrammeVersion } from "../../app/core/loyalty/programme.ts";
import { redeem, redeemAgain } from "../../app/core/loyalty/redeem.ts";
import {
  afterEvent,
  RESERVED,
  type RedemptionEvent,
  type RedemptionState,
} from "../../app/core/loyalty/redemption.ts";
import { restore, takingsOf } from "../../app/core/loyalty/restore.ts";
import { returnedPoints } from "../../app/core/loyalty/returned-points.ts";
import { paidByLot, undoImport, type SpentPoints } from "../../app/core/loyalty/undo-import.ts";
import type { ReferredOrder } from "../../app/core/referrals/referral-target.ts";
import { asOrder, type WorldOrder } from "./loyalty-world.ts";

const UTC = shopCalendar("UTC");

interface BookOrder {
  memberId: number;
  terms: OrderTerms;
  version: ProgrammeVersion;
  points: number;
  changes: number;
  /** As who was brought by somebody is judged by it. */
  referred: ReferredOrder;
}

interface BookRedemption {
  id: string;
  memberId: number;
  points: number;
  state: RedemptionState;
  changes: number;
  /** Of the points as they were last taken, how many have come back. */
  returned: number;
}

export interface Book {
  accounts: Map<number, MemberAccount>;
  /** Of the programme. */
  startedAt: number;
  /** Merged members, by whom they are now. */
  aliases: Map<number, number>;
  transactions: LedgerTransaction[];
  orders: Map<number, BookOrder>;
  redemptions: Map<string, BookRedemption>;
  /** What was decided, in order, with what it was decided on. */
  log: Entry[];
  /** Accounts as they were loaded last. */
  asked: Map<number, MemberAccount>;
  proof: Proof;
}

export type Entry =
  | { does: "change"; before: MemberAccount; change: Change }
  | { does: "merge"; from: number; to: number; at: number };

export function createBook(startedAt = -Infinity): Book {
  return {
    startedAt,
    accounts: new Map(),
    aliases: new Map(),
    transactions: [],
    orders: new Map(),
    redemptions: new Map(),
    log: [],
    asked: new Map(),
    proof: { seen: 0, keys: new Set(), numbers: new Map(), sums: new Map(), lots: new Map(), outside: 0 },
  };
}

export function currentMember(book: Book, memberId: number): number {
  let current = memberId;
  for (let next = book.aliases.get(current); next !== undefined; next = book.aliases.get(current))
    current = next;
  return current;
}

function accountOf(book: Book, memberId: number): MemberAccount {
  return book.accounts.get(memberId) ?? emptyAccount(memberId);
}

/** What a database would load: open lots, and those that the decision is about. */
function loaded(
  book: Book,
  memberId: number,
  about: { orderId?: string; lotIds?: readonly (string | null)[] },
) {
  const account = accountOf(book, memberId);
  const lots = account.lots.filter(
    (lot) =>
      isOpen(lot) ||
      (lot.kind === "earn" && lot.sourceId === about.orderId) ||
      about.lotIds?.includes(lot.id),
  );
  book.asked.set(memberId, { ...account, lots });
  return { ...account, lots };
}

function save(book: Book, change: Change, merged?: { from: number; at: number }): void {
  const before = book.asked.get(change.account.memberId);
  if (!before) throw new Error("nothing was loaded");
  book.log.push(
    merged ? { does: "merge", to: before.memberId, ...merged } : { does: "change", before, change },
  );
  const changed = new Map(change.account.lots.map((lot) => [lot.id, lot]));
  const all = accountOf(book, change.account.memberId).lots;
  const kept = all.map((lot) => changed.get(lot.id) ?? lot);
  const known = new Set(all.map(({ id }) => id));
  const opened = change.account.lots.filter(({ id }) => !known.has(id));
  book.accounts.set(change.account.memberId, { ...change.account, lots: [...kept, ...opened] });
  book.transactions.push(...change.transactions);
}

export function syncOrder(
  book: Book,
  member: number,
  world: WorldOrder,
  version: ProgrammeVersion,
  policy: EarningRules["returnSpent"],
  now: number,
) {
  const order = asOrder(world);
  const { isFirst: isFirstOrder, isExcluded, tierId = null } = world;
  const known = book.orders.get(world.id);
  const { rules } = version;
  const terms = known
    ? withNewLines(known.terms, order, rules, () => [])
    : termsOf(order, rules, { isFirstOrder, isExcluded, tierId, collectionsOf: () => [] });
  accrue(book, member, world, version, terms, now);
  const spent = world.redemptionId === null ? undefined : book.redemptions.get(world.redemptionId);
  if (!spent) return;
  happen(book, spent.id, { happened: "used", orderId: world.id }, now);
  const due = returnedPoints(order, spent.points, policy) - spent.returned;
  if (due > 0) returnPoints(book, spent, due, "return-spent", now);
}

/** As a dry run that is confirmed does: the order is bound to other rules, or for the first time, with what was true of its customer. */
export function bindAnew(
  book: Book,
  member: number,
  world: WorldOrder,
  version: ProgrammeVersion,
  now: number,
): void {
  const { isFirst: isFirstOrder, isExcluded, tierId = null, mostPoints } = world;
  const was = book.orders.get(world.id)?.terms ?? { isFirstOrder, isExcluded };
  const bound = termsOf(asOrder(world), version.rules, { ...was, tierId, collectionsOf: () => [] });
  const terms = mostPoints === undefined ? bound : { ...bound, run: "backfill", mostPoints };
  accrue(book, member, world, version, terms, now);
}

/** A backfill is taken back: by the very terms the order earns nothing any more. */
export function unbind(book: Book, member: number, world: WorldOrder, now: number): void {
  const known = book.orders.get(world.id);
  if (!known) throw new Error(`order ${world.id} has no terms`);
  accrue(book, member, world, known.version, { ...known.terms, mostPoints: 0, isUndone: true }, now);
}

function accrue(
  book: Book,
  member: number,
  world: WorldOrder,
  version: ProgrammeVersion,
  terms: OrderTerms,
  now: number,
): void {
  const order = asOrder(world);
  const memberId = currentMember(book, member);
  const target = orderTarget(order, terms, version.rules, world.dispute);
  const life = lifeOfPoints(order, version.rules, UTC, book.startedAt);
  const referred = {
    ...{ because: target.because, netMinor: order.netMinor, ripensAt: life.ripensAt },
    isChargedBack: world.dispute === "open" || world.dispute === "lost",
  };
  const entry = { points: 0, changes: 0, ...book.orders.get(world.id), memberId, terms, version, referred };
  book.orders.set(world.id, entry);
  const orderId = String(world.id);
  const points = { orderId, target, ...life };
  const change = accrueOrder(loaded(book, memberId, { orderId }), points, entry, now);
  if (change) save(book, change);
  entry.changes += change ? 1 : 0;
  entry.points = target.points;
}

export function reserve(book: Book, member: number, id: string, points: number, now: number): boolean {
  const memberId = currentMember(book, member);
  const redeemed = redeem(loaded(book, memberId, {}), { redemptionId: id, points }, now);
  if (!redeemed.ok) return false;
  save(book, redeemed);
  book.redemptions.set(id, { id, memberId, points, state: RESERVED, changes: 1, returned: 0 });
  return true;
}

export function happen(book: Book, id: string, event: RedemptionEvent, now: number): boolean {
  const redemption = book.redemptions.get(id);
  if (!redemption) throw new Error(`no redemption ${id}`);
  const step = afterEvent(redemption.state, event);
  if (!step.ok) return false;
  redemption.state = step.state;
  if (step.points === "restore") returnPoints(book, redemption, redemption.points, "restore", now);
  if (step.points === "take-again") takeAgain(book, redemption, now);
  return true;
}

function returnPoints(
  book: Book,
  redemption: BookRedemption,
  points: number,
  kind: "restore" | "return-spent",
  now: number,
): void {
  const { id: sourceId, changes: sequence, returned } = redemption;
  const last = book.transactions.findLast((each) => each.kind === "redeem" && each.sourceId === sourceId);
  const takings = takingsOf(last?.postings ?? [], "redeemed");
  const account = loaded(book, currentMember(book, redemption.memberId), {
    lotIds: takings.map(({ lotId }) => lotId),
  });
  const facts = {
    kind,
    sourceId,
    sequence,
    takings,
    returned,
    points,
    from: "redeemed",
    reason: null,
  } as const;
  save(book, restore(account, facts, now));
  redemption.changes += 1;
  redemption.returned += points;
}

function takeAgain(book: Book, redemption: BookRedemption, now: number): void {
  const { id: redemptionId, points, changes: sequence } = redemption;
  const account = loaded(book, currentMember(book, redemption.memberId), {});
  save(book, redeemAgain(account, { redemptionId, points, sequence }, now));
  redemption.changes += 1;
  redemption.returned = 0;
}

export function adjustMember(
  book: Book,
  member: number,
  facts: { id: string; points: number; expiresAt: number | null },
  now: number,
): boolean {
  const account = loaded(book, currentMember(book, member), {});
  const adjusted = adjust(account, { ...facts, reason: "because" }, now);
  if (adjusted.ok) save(book, adjusted);
  return adjusted.ok;
}

/** What is given for something else than an order. */
export function giveMember(book: Book, member: number, gift: Omit<Gift, "reason">, now: number): void {
  const account = loaded(book, currentMember(book, member), {});
  save(book, givePoints(account, { ...gift, reason: "for this" }, now));
}

/** Takes it back, with the sequence that follows the giving's. */
export function takeFrom(
  book: Book,
  member: number,
  gift: Required<Omit<Gift, "reason" | "expiresAt">>,
  now: number,
): void {
  const { kind, sourceId, sequence } = gift;
  const lotIds = Array.from({ length: sequence }, (_, before) => lotId(kind, sourceId, before));
  const account = loaded(book, currentMember(book, member), { lotIds });
  save(book, takeGift(account, { ...gift, reason: "not for this" }, now));
}

export function undoAdjust(book: Book, id: string, now: number): void {
  const done = book.transactions.find(({ kind, sourceId }) => kind === "adjust" && sourceId === id);
  if (!done) throw new Error(`no adjustment ${id}`);
  const lotIds = done.postings.map(({ lotId }) => lotId);
  const account = loaded(book, currentMember(book, done.memberId), { lotIds });
  save(book, undoAdjustment(account, done, "not so", now));
}

export function undoImported(book: Book, sourceId: string, spent: SpentPoints, now: number): void {
  const done = book.transactions.find((each) => each.kind === "import" && each.sourceId === sourceId);
  if (!done) throw new Error(`no import ${sourceId}`);
  const id = lotId("import", sourceId, 0);
  const account = loaded(book, currentMember(book, done.memberId), { lotIds: [id] });
  save(book, undoImport(account, { ...done, paid: paidByLot(id, book.transactions) }, spent, now));
}

export function mergeInto(book: Book, from: number, to: number, now: number): void {
  const [merged, survivor] = [accountOf(book, from), accountOf(book, to)];
  const done = mergeMembers(loaded(book, from, {}), loaded(book, to, {}), now);
  const movedIds = new Set(done.survivor.account.lots.map(({ id }) => id));
  const closed = merged.lots.filter(({ id }) => !movedIds.has(id));
  book.accounts.set(to, { ...survivor, lots: [...survivor.lots, ...closed] });
  save(book, done.survivor, { from, at: now });
  book.accounts.set(from, done.merged);
  book.aliases.set(from, to);
}

/** As a page reads it: by the cached lots, with what time has done since. */
export function readAccount(book: Book, memberId: number, now: number): MemberAccount {
  return advance(loaded(book, memberId, {}), now).account;
}

/** Points that went unspent, also of lots that are long over. */
export function expiredPoints(book: Book, memberId: number, now: number): number {
  const { lots } = advance(accountOf(book, memberId), now).account;
  return lots.reduce((sum, { expired }) => sum + expired, 0);
}

export function expectInvariants(book: Book, now: number): void {
  const { proof } = book;
  for (const transaction of book.transactions.slice(proof.seen)) prove(proof, transaction);
  proof.seen = book.transactions.length;
  let inside = 0;
  for (const account of book.accounts.values()) {
    const { pending, available, debt } = balanceOf(account);
    const sums = proof.sums.get(account.memberId) ?? { pending: 0, available: 0, owed: 0 };
    const isSame = sums.pending === pending && sums.available === available && sums.owed === debt;
    if (!isSame) expect({ pending, available, owed: debt }).toEqual(sums);
    const isSound = Math.min(pending, available, debt) >= 0 && Math.min(available, debt) === 0;
    if (!isSound) throw new Error(`member ${account.memberId} has ${available} and owes ${debt}`);
    inside += pending + available - debt;
    expectLotsToBe(proof.lots, account.lots);
    const read = advance(account, now).account;
    const isUpToDate = advance(read, now).transactions.length === 0;
    const { nextDueAt } = balanceOf(read);
    if (!isUpToDate || (nextDueAt ?? Infinity) <= now)
      throw new Error("something that was due is still to be done");
  }
  if (inside + proof.outside !== 0) throw new Error(`all accounts together have ${inside + proof.outside}`);
}

/** Sums of the postings, which are only ever added to. */
interface Proof {
  /** Transactions that are in it. */
  seen: number;
  keys: Set<string>;
  /** The last one of each member. */
  numbers: Map<number, number>;
  sums: Map<number, MemberSums>;
  /** By lot and account. */
  lots: Map<string, number>;
  /** What the programme's own accounts have. */
  outside: number;
}

function prove(proof: Proof, transaction: LedgerTransaction): void {
  const { kind, sourceId, sequence, memberId, number, postings } = transaction;
  const key = `${kind}/${sourceId}/${sequence}`;
  if (proof.keys.has(key)) throw new Error(`${key} is there twice`);
  proof.keys.add(key);
  if (number !== (proof.numbers.get(memberId) ?? 0) + 1)
    throw new Error(`${memberId} has number ${number} twice or never`);
  proof.numbers.set(memberId, number);
  let moved = 0;
  for (const { from, to, points, lotId: lot } of postings) {
    if (!Number.isSafeInteger(points) || points <= 0 || from === to) throw new Error(`${key}: ${points}`);
    moved += (to === "moved" ? points : 0) - (from === "moved" ? points : 0);
    for (const [account, sign] of [
      [from, -1],
      [to, 1],
    ] as const) {
      const isTheirs = account === "pending" || account === "available" || account === "debt";
      if (!isTheirs) proof.outside += sign * points;
      if (account === "pending" || account === "available" || account === "expired") {
        const name = `${lot} ${account}`;
        proof.lots.set(name, (proof.lots.get(name) ?? 0) + sign * points);
      }
    }
  }
  if (moved !== 0) throw new Error(`${key} leaves ${moved} under way`);
  for (const member of new Set(postings.map((posting) => posting.memberId))) {
    const before = proof.sums.get(member) ?? { pending: 0, available: 0, owed: 0 };
    const { pending, available, owed } = memberSums([transaction], new Set([member]));
    proof.sums.set(member, {
      pending: before.pending + pending,
      available: before.available + available,
      owed: before.owed + owed,
    });
  }
}

function expectLotsToBe(sums: ReadonlyMap<string, number>, lots: MemberAccount["lots"]): void {
  for (const lot of lots) {
    for (const place of ["pending", "available", "expired"] as const) {
      const sum = sums.get(`${lot.id} ${place}`) ?? 0;
      if (lot[place] !== sum) throw new Error(`${lot.id}: ${place} is ${lot[place]} and sums to ${sum}`);
    }
  }
}
