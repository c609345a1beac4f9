/**
 * Members who bring friends in random lives: who has what by it, by core's checks and targets kept in the book, and by decision 026 once more
 * in the reference.
 */
import { expect } from "vitest";
import { currentMember, giveMember, takeFrom, type Book } from "./loyalty-book.ts";
import * as reference from "./loyalty-reference.ts";
import type { WorldOrder } from "./loyalty-world.ts";
import { shopCalendar } from "../../app/core/calendar.ts";
import { lifeOfPoints } from "../../app/core/loyalty/accrue-order.ts";
import { isWithinLimit } from "../../app/core/loyalty/activity.ts";
import type { EarningRules } from "../../app/core/loyalty/programme.ts";
import {
  blocked,
  compareEvidence,
  isRing,
  type Finding,
  type OrderEvidence,
} from "../../app/core/referrals/fraud-checks.ts";
import {
  termsOfReferral,
  USUAL_REFERRALS,
  type ReferralRules,
} from "../../app/core/referrals/referral-rules.ts";
import {
  referralTarget,
  type ReferralState,
  type ReferredOrder,
} from "../../app/core/referrals/referral-target.ts";

const UTC = shopCalendar("UTC");
const points = (count: number) => ({ kind: "points", points: count }) as const;

export const REFERRALS: readonly ReferralRules[] = [
  { ...USUAL_REFERRALS, isOn: true, memberPoints: 40, friend: points(15), most: 1, per: "year" },
  {
    ...{ ...USUAL_REFERRALS, isOn: true, memberPoints: 25, friend: points(30), most: null },
    ...{ minimumMinor: 1_200, isReversed: false },
  },
  { ...USUAL_REFERRALS, isOn: true, memberPoints: 10, friend: points(5), most: 2, per: "ever" },
  { ...USUAL_REFERRALS, isOn: false },
];

const MEMBER: OrderEvidence = {
  email: "ann@example.com",
  ip: "203.0.113.5",
  addresses: [{ address1: "12 High Street", address2: null, city: "Leeds", zip: "LS1 4AB", country: "GB" }],
  cards: [{ bin: "424242", last4: "4242" }],
};
const FRIEND: OrderEvidence = {
  email: "ben@example.org",
  ip: "198.51.100.7",
  addresses: [{ address1: "3 Mill Lane", address2: null, city: "York", zip: "YO1 7EX", country: "GB" }],
  cards: [{ bin: "555555", last4: "4444" }],
};

/** What a friend's order tells, and what is to be found; `null`: Shopify does not let us look. */
const FRIENDS: readonly [Partial<OrderEvidence> | null, reference.Found][] = [
  [{}, "fine"],
  [{}, "fine"],
  [{}, "fine"],
  [{ addresses: MEMBER.addresses }, "fine"],
  [{ addresses: MEMBER.addresses, cards: [] }, "refused"],
  [{ email: "ann+friend@example.com" }, "refused"],
  [{ ip: MEMBER.ip }, "refused"],
  [{ cards: MEMBER.cards }, "refused"],
  [null, "unknown"],
];

interface Row extends ReferralState {
  id: string;
  order: WorldOrder;
  /** As a customer was numbered who may be another by now; `null`: erased. */
  friend: number | null;
  member: number;
  memberGiven: boolean;
  memberChanges: number;
  friendGiven: boolean;
  friendChanges: number;
  lookAt: number | null;
  /** Which of `FRIENDS` they are. */
  kind: number;
}

export interface FriendBook {
  rows: Row[];
  erased: ReadonlySet<number>;
}

interface Moment {
  book: Book;
  ref: reference.Reference;
  friends: FriendBook;
  /** Those that hold now. */
  rules: EarningRules;
  referrals: ReferralRules;
  now: number;
}

const UNREADABLE: Finding = { verdict: "unreadable", because: null };

function ownerOf({ book, friends }: Moment, member: number): number | null {
  const current = currentMember(book, member);
  return friends.erased.has(current) ? null : current;
}

/** An order has been heard of, which may have come by a code: `others` are what else is known of the customer's. */
export function heardOf(at: Moment, order: WorldOrder, others: readonly WorldOrder[]): void {
  const { book, ref, friends, referrals, rules, now } = at;
  const friend = ownerOf(at, order.customer);
  const member = order.broughtBy === null ? null : ownerOf(at, order.broughtBy);
  if (friend !== null && member !== null && referrals.isOn && rules.isAccruing) {
    const isKnown = friends.rows.some(
      (row) => row.friend !== null && currentMember(book, row.friend) === friend,
    );
    expect(reference.isBrought(ref, friend)).toBe(isKnown);
    if (!isKnown) {
      const isFirst = others.every(({ placedAt }) => placedAt >= order.placedAt);
      const finding = findAtOnce(at, friend, member, isFirst);
      const id = `f${order.id}`;
      friends.rows.push({
        ...{ id, order, friend, member, kind: order.id % FRIENDS.length },
        ...{ terms: termsOfReferral(referrals), overruled: null, status: "waiting", lookAt: null },
        ...{ memberGiven: false, memberChanges: 0, friendGiven: false, friendChanges: 0, rewardedAt: null },
        verdict: finding?.verdict ?? "unchecked",
      });
      const { isReversed, memberPoints } = referrals;
      reference.bring(ref, {
        ...{ id, order: order.id, member, friend, isFirst, isReversed },
        promised: { member: memberPoints, friend: giftOf(referrals) },
        minimumMinor: referrals.minimumMinor ?? 0,
      });
      expect(finding === null ? "unlooked" : "refused").toBe(ref.brought.get(id)?.found);
    }
  }
  settle(at, friends.rows.filter((row) => row.order.id === order.id)); // prettier-ignore
  reference.settleOrdersFriend(ref, order.id, limitsOf(at), now);
}

const giftOf = ({ friend }: ReferralRules) => (friend.kind === "points" ? friend.points : 0);
const limitsOf = ({ referrals, rules }: Moment): reference.Limits => ({
  ...{ most: referrals.most ?? Infinity, isYearly: referrals.per === "year" },
  expiryMonths: rules.expiryMonths,
});

function findAtOnce(at: Moment, friend: number, member: number, isFirst: boolean): Finding | null {
  if (friend === member) return blocked("self");
  const before = at.friends.rows.flatMap((row) => {
    const [brought, by] = [row.friend === null ? null : ownerOf(at, row.friend), ownerOf(at, row.member)];
    return brought === null || by === null ? [] : [{ friend: brought, member: by }];
  });
  if (isRing(friend, member, before)) return blocked("ring");
  return isFirst ? null : blocked("returning");
}

/** The job asks Shopify about all that wait for it. */
export function checkAll(at: Moment): void {
  for (const row of at.friends.rows.filter(({ verdict }) => verdict === "unchecked")) {
    const isGone = ownerOf(at, row.member) === null || row.friend === null;
    const [evidence, found] = FRIENDS[row.kind] ?? [null, "unknown"];
    const finding =
      isGone || !evidence ? UNREADABLE : compareEvidence({ ...FRIEND, ...evidence }, [MEMBER], []);
    row.verdict = finding.verdict;
    settle(at, [row]);
    reference.look(at.ref, row.id, isGone ? "unknown" : found);
    reference.settleOrdersFriend(at.ref, row.order.id, limitsOf(at), at.now);
  }
}

export function overrule(at: Moment, which: number, word: ReferralState["overruled"]): void {
  const row = at.friends.rows[which % at.friends.rows.length];
  if (!row) return;
  row.overruled = word;
  settle(at, [row]);
  reference.say(at.ref, row.id, word);
  reference.settleOrdersFriend(at.ref, row.order.id, limitsOf(at), at.now);
}

/** The friends are one person with the survivor from now on, as the members are. */
export function mergeFriends(at: Moment, survivor: number): void {
  const { book, ref, friends } = at;
  for (const row of friends.rows) {
    if (row.friend !== null) row.friend = currentMember(book, row.friend);
    row.member = currentMember(book, row.member);
  }
  const mine = friends.rows.filter(({ friend }) => friend === survivor);
  settle(at, mine);
  for (const { order } of mine) reference.settleOrdersFriend(ref, order.id, limitsOf(at), at.now);
}

export function forgetFriend({ ref, friends }: Pick<Moment, "ref" | "friends">, erased: number): void {
  for (const row of friends.rows) if (row.friend === erased) row.friend = null;
  reference.erase(ref, erased);
}

/** Those whose return window is over, in the order in which it was. */
export function settleDue(at: Moment): void {
  const due = at.friends.rows.filter(({ lookAt }) => lookAt !== null && lookAt <= at.now);
  settle(at, due.sort((a, b) => (a.lookAt ?? 0) - (b.lookAt ?? 0))); // prettier-ignore
  reference.settleRipe(at.ref, limitsOf(at), at.now);
}

/** As services do. */
function settle(at: Moment, rows: readonly Row[]): void {
  const { book, rules, friends, referrals, now } = at;
  for (const row of rows) {
    const owner = ownerOf(at, row.member);
    if (owner !== null && owner === row.friend) row.verdict = "blocked";
    const times = friends.rows.flatMap((other) =>
      other !== row && other.member === row.member && other.memberGiven ? [other.rewardedAt ?? 0] : [],
    );
    const { most, per } = referrals;
    const isWithin = most === null || isWithinLimit({ most, per }, times, now, UTC);
    const target = referralTarget(row, orderOf(book, row), isWithin, now);
    const wantsMember = target.memberGiven && (owner !== null || row.memberGiven);
    const life = lifeOfPoints({ placedAt: now, paidAt: now }, { ...rules, windowDays: 0 }, UTC);
    const give = (
      who: number,
      side: "member" | "friend",
      sequence: number,
      count: number,
      isGiven: boolean,
    ) => {
      const gift = { kind: "referral", sourceId: `${row.id}/${side}`, sequence, points: count } as const;
      if (isGiven) giveMember(book, who, { ...gift, expiresAt: life.expiresAt }, now);
      else takeFrom(book, who, gift, now);
    };
    if (wantsMember !== row.memberGiven) {
      give(row.member, "member", row.memberChanges, row.terms.memberPoints, wantsMember);
      Object.assign(row, { memberGiven: wantsMember, memberChanges: row.memberChanges + 1 });
    }
    if (target.friendGiven !== row.friendGiven && row.friend !== null && row.terms.friend.kind === "points") {
      give(row.friend, "friend", row.friendChanges, row.terms.friend.points, target.friendGiven);
      Object.assign(row, { friendGiven: target.friendGiven, friendChanges: row.friendChanges + 1 });
    }
    row.rewardedAt = target.isDecided ? (row.rewardedAt ?? now) : null;
    Object.assign(row, { status: target.status, lookAt: target.lookAt });
  }
}

function orderOf(book: Book, { order }: Row): ReferredOrder | null {
  return book.orders.get(order.id)?.referred ?? null;
}

/** Both know the same of each. */
export function expectSameFriends({ ref, friends }: Pick<Moment, "ref" | "friends">): void {
  const has = friends.rows.map(({ id, memberGiven, friendGiven }) => `${id} ${memberGiven} ${friendGiven}`);
  const due = [...ref.brought.values()].map(
    ({ id, hasMember, hasFriend }) => `${id} ${hasMember} ${hasFriend}`,
  );
  if (has.join() !== due.join()) expect(has).toEqual(due);
}
