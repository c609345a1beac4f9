/**
 * Notes who was brought by whom when a friend's order comes with a member's code, or the friend has taken an invitation before. What
 * only the shop's own rows tell is decided at once; the rest is compared by a job, because in a transaction nobody is asked.
 */
import { randomUUID } from "node:crypto";
import type { Order } from "../../core/order.ts";
import { blocked, isRing, type Bringing, type Finding } from "../../core/referrals/fraud-checks.ts";
import { memberOfCode } from "../../core/referrals/referral-code.ts";
import { termsOfReferral, type ReferralRules } from "../../core/referrals/referral-rules.ts";
import { firstOrders } from "../../db/queries/earning-facts.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { currentMembers, customersOfMembers } from "../../db/stores/members.server.ts";
import type { Programme } from "../../db/stores/programmes.server.ts";
import {
  claimsOf,
  forgetClaims,
  referralsOfFriends,
  saveReferralRows,
  type Referral,
} from "../../db/stores/referrals.server.ts";
import type { Reading, Transaction } from "../../db/types.ts";
import { checkReferralsJob } from "./check-referrals-job.ts";

/** By order, the code that its cart brought; orders that are not in it brought none. */
export type ReferralCodes = ReadonlyMap<number, string | null>;

/** The transaction holds the shop's row; the orders are bound to their terms. */
export async function recordReferrals(
  tx: Transaction,
  shopId: number,
  programme: Programme,
  orders: readonly Pick<Order, "id" | "customerId" | "placedAt">[],
  codes: ReferralCodes,
  now: number,
): Promise<void> {
  const { referrals: rules, referralSeed: seed } = programme;
  if (!rules?.isOn || seed === null || !programme.versions.at(-1)?.rules.isAccruing) return;
  const bought = orders.flatMap(({ customerId, ...order }) =>
    customerId === null ? [] : [{ ...order, customerId }],
  );
  const customerIds = bought.map(({ customerId }) => customerId);
  const claims = await claimsOf(tx, shopId, customerIds);
  const coming = bought.flatMap((order) => {
    const code = codes.get(order.id) ?? null;
    const member = (code === null ? null : memberOfCode(code, seed)) ?? claims.get(order.customerId);
    return member === undefined ? [] : [{ ...order, member, isByClaim: code === null }];
  });
  if (coming.length === 0) return;
  const known = new Set((await referralsOfFriends(tx, shopId, customerIds)).map(({ friendId }) => friendId));
  const present = await currentMembers(
    tx,
    shopId,
    coming.map(({ member }) => member),
  );
  const owners = await customersOfMembers(tx, shopId, present.values());
  const firsts = await firstOrders(tx, shopId, customerIds);
  let isAsking = false;
  for (const order of coming.toSorted((a, b) => a.placedAt - b.placedAt || a.id - b.id)) {
    const { customerId: friendId } = order;
    const memberId = present.get(order.member);
    const owner = memberId === undefined ? undefined : owners.get(memberId);
    if (memberId === undefined || owner === undefined || known.has(friendId)) continue;
    known.add(friendId);
    const isFirst = firsts.get(friendId) === order.id;
    if (order.isByClaim && !isFirst) continue;
    const finding = await findAtOnce(tx, shopId, { friendId, owner, isFirst });
    isAsking ||= finding === null;
    await saveReferralRows(tx, shopId, [freshReferral(order, memberId, rules, finding, now)]);
  }
  await forgetClaims(tx, shopId, customerIds);
  if (isAsking) await enqueue(tx, checkReferralsJob(shopId));
}

/** `null`: Shopify has to be asked. */
async function findAtOnce(
  tx: Transaction,
  shopId: number,
  { friendId, owner, isFirst }: { friendId: number; owner: number; isFirst: boolean },
): Promise<Finding | null> {
  if (friendId === owner) return blocked("self");
  if (isRing(friendId, owner, await broughtBefore(tx, shopId, owner))) return blocked("ring");
  return isFirst ? null : blocked("returning");
}

/** No honest ones are more. */
const MOST_BEFORE = 100;

/** Who brought the customer, who brought those, and so on: of each everybody, because a merge makes one friend of two. */
async function broughtBefore(db: Reading, shopId: number, customerId: number): Promise<Bringing[]> {
  const bringings: Bringing[] = [];
  const seen = new Set([customerId]);
  for (let asked = [customerId]; asked.length > 0 && bringings.length < MOST_BEFORE;) {
    const referrals = await referralsOfFriends(db, shopId, asked);
    const memberIds = referrals.map(({ memberId }) => memberId);
    const present = await currentMembers(db, shopId, memberIds);
    const owners = await customersOfMembers(db, shopId, present.values());
    for (const { memberId, friendId } of referrals) {
      const member = owners.get(present.get(memberId) ?? 0);
      if (member !== undefined && friendId !== null) bringings.push({ member, friend: friendId });
    }
    asked = [...new Set(bringings.map(({ member }) => member))].filter((member) => !seen.has(member));
    for (const member of asked) seen.add(member);
  }
  return bringings;
}

function freshReferral(
  order: { id: number; customerId: number },
  memberId: number,
  rules: ReferralRules,
  finding: Finding | null,
  now: number,
): Referral {
  return {
    ...{ id: randomUUID(), orderId: order.id, memberId, friendId: order.customerId, referredAt: now },
    ...{ terms: termsOfReferral(rules), verdict: finding?.verdict ?? "unchecked" },
    ...{ because: finding?.because ?? null, checkedAt: finding && now, overruled: null, overruledAt: null },
    ...{ status: "waiting", memberGiven: false, memberChanges: 0, friendGiven: false, friendChanges: 0 },
    ...{ rewardedAt: null, lookAt: null },
  };
}
