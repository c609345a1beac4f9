/** What a customer has as a member of the programme, as their account shows it: points, what expires when, and what was redeemed. */
import { shopCalendar, type ShopCalendar } from "../../core/calendar.ts";
import { advance } from "../../core/loyalty/advance.ts";
import { balanceOf } from "../../core/loyalty/member-account.ts";
import { isMadeHere, isReturnable, wordOf } from "../../core/loyalty/reward.ts";
import type { ReferralStatus } from "../../core/referrals/referral-target.ts";
import { referralList } from "../../db/queries/referral-list.server.ts";
import { memberCodes, type MemberCode } from "../../db/queries/member-codes.server.ts";
import { memberFacts } from "../../db/queries/profile-facts.server.ts";
import { findMember } from "../../db/stores/members.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import type { ShopperOutcome } from "../storefront/shopper-outcome.ts";

/** More than anybody has at a time. */
const MOST_CODES = 50;
const MOST_EXPIRIES = 24;
const MOST_FRIENDS = 20;

export async function tellAccount(
  db: Database,
  shop: Shop,
  customerId: number,
  now = Date.now(),
): Promise<ShopperOutcome> {
  const facts = (await memberFacts(db, shop.id, [customerId])).get(customerId);
  if (!facts)
    return {
      ok: true,
      member: false,
      points: 0,
      pending: 0,
      debt: 0,
      expiring: [],
      codes: [],
      since: null,
      friends: [],
    };
  const { memberId } = facts.account;
  const { account } = advance(facts.account, now);
  const { available: points, pending, debt } = balanceOf(account);
  const member = await findMember(db, shop.id, memberId);
  const codes = await memberCodes(db, shop.id, memberId, MOST_CODES);
  const everybody = { status: null, isWarned: false, memberId };
  const { lines: friends } = await referralList(db, shop.id, everybody, { after: null, size: MOST_FRIENDS });
  return {
    ...{ ok: true, member: true, points, pending, debt },
    expiring: expiring(account.lots, shopCalendar(shop.timeZone)),
    codes: codes.map((code) => shown(code, shop, now)),
    since: member && iso(member.joinedAt),
    friends: friends.map(({ referredAt, status }) => ({ at: iso(referredAt), outcome: outcomeOf(status) })),
  };
}

/** What the member may know of a friend's referral: that it counts, or not, and never why, which would be about the friend. */
function outcomeOf(status: ReferralStatus): "counts" | "waiting" | "not" {
  if (status === "rewarded" || status === "limited") return "counts";
  return status === "waiting" || status === "held" ? "waiting" : "not";
}

/** By the shop's day, the soonest first. */
function expiring(
  lots: readonly { available: number; pending: number; expiresAt: number | null }[],
  calendar: ShopCalendar,
): { points: number; at: string }[] {
  const byDay = new Map<number, { points: number; at: number }>();
  for (const { available, pending, expiresAt } of lots) {
    const points = available + pending;
    if (expiresAt === null || points === 0) continue;
    const day = calendar.dayOf(expiresAt);
    const before = byDay.get(day) ?? { points: 0, at: expiresAt };
    byDay.set(day, { points: before.points + points, at: Math.min(before.at, expiresAt) });
  }
  return [...byDay.values()]
    .toSorted((a, b) => a.at - b.at)
    .slice(0, MOST_EXPIRIES)
    .map(({ points, at }) => ({ points, at: iso(at) }));
}

function shown({ id, rewardId, terms, status, code, codeEnd }: MemberCode, { timeZone }: Shop, now: number) {
  const isCredit = terms.gives.kind === "store-credit";
  return {
    ...{ redemption: id, reward: rewardId, name: terms.name, kind: terms.gives.kind, status, code },
    last4: isCredit ? null : codeEnd,
    about: isMadeHere(terms.gives) ? wordOf(terms.gives) : null,
    // The day is the shop's, wherever the customer is.
    until: terms.expiresOn,
    canGiveBack: status !== "reserved" && isReturnable(terms.gives, shopCalendar(timeZone), now),
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
