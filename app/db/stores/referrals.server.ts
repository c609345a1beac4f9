/** Who brought whom, and invitations that wait for an order. Whoever writes here holds the shop's row. */
import type { Finding } from "../../core/referrals/fraud-checks.ts";
import type { ReferralTerms } from "../../core/referrals/referral-rules.ts";
import type { Overruled, ReferralStatus } from "../../core/referrals/referral-target.ts";
import { writeRows } from "../bulk/write-rows.ts";
import type { Referral as ReferralRow } from "../generated/sqlite/client.ts";
import { plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";

export interface Referral {
  id: string;
  orderId: number;
  memberId: number;
  /** `null`: erased. */
  friendId: number | null;
  referredAt: number;
  terms: ReferralTerms;
  verdict: Finding["verdict"] | "unchecked";
  because: Finding["because"];
  checkedAt: number | null;
  overruled: Overruled | null;
  overruledAt: number | null;
  status: ReferralStatus;
  memberGiven: boolean;
  memberChanges: number;
  friendGiven: boolean;
  friendChanges: number;
  /** Since when both have what they have by it, or would but for a word against it. */
  rewardedAt: number | null;
  lookAt: number | null;
}

export function referralFrom(row: ReferralRow): Referral {
  const { terms, verdict, because, overruled, status, ...rest } = plain(row);
  const { id, orderId, memberId, friendId, referredAt, checkedAt, overruledAt, rewardedAt, lookAt } = rest;
  const { memberGiven, memberChanges, friendGiven, friendChanges } = rest;
  return {
    ...{ id, orderId, memberId, friendId, referredAt, checkedAt, overruledAt, rewardedAt, lookAt },
    ...{ memberGiven, memberChanges, friendGiven, friendChanges },
    // Written by saveReferralRows only.
    terms: JSON.parse(terms) as ReferralTerms,
    verdict: verdict as Referral["verdict"],
    because: because as Referral["because"],
    overruled: overruled as Referral["overruled"],
    status: status as Referral["status"],
  };
}

export async function saveReferralRows(
  tx: Transaction,
  shopId: number,
  referrals: readonly Referral[],
): Promise<void> {
  const rows = referrals.map((referral) => ({
    ...{ shopId, id: referral.id, orderId: referral.orderId, memberId: referral.memberId },
    ...{ friendId: referral.friendId, referredAt: referral.referredAt },
    terms: JSON.stringify(referral.terms),
    ...{ verdict: referral.verdict, because: referral.because, checkedAt: referral.checkedAt },
    ...{ overruled: referral.overruled, overruledAt: referral.overruledAt, status: referral.status },
    ...{ memberGiven: referral.memberGiven, memberChanges: referral.memberChanges },
    ...{ friendGiven: referral.friendGiven, friendChanges: referral.friendChanges },
    ...{ rewardedAt: referral.rewardedAt, lookAt: referral.lookAt },
  }));
  await writeRows(tx, "Referral", rows, ["shopId", "id"]);
}

export async function findReferral(db: Reading, shopId: number, id: string): Promise<Referral | null> {
  const row = await db.prisma.referral.findUnique({ where: { shopId_id: { shopId, id } } });
  return row && referralFrom(row);
}

/** Few enough for one statement. */
export async function referralsOfOrders(
  db: Reading,
  shopId: number,
  orderIds: readonly number[],
): Promise<Referral[]> {
  const rows = await db.prisma.referral.findMany({ where: { shopId, orderId: { in: [...orderIds] } } });
  return rows.map(referralFrom);
}

/** Those by which the customers came: of each there is at most one, but of who was merged. */
export async function referralsOfFriends(
  db: Reading,
  shopId: number,
  customerIds: readonly number[],
): Promise<Referral[]> {
  const where = { shopId, friendId: { in: [...customerIds] } };
  const rows = await db.prisma.referral.findMany({ where, orderBy: { referredAt: "asc" } });
  return rows.map(referralFrom);
}

/** Whose time has come by then, those first that were due first. */
export async function dueReferrals(
  db: Reading,
  shopId: number,
  by: number,
  limit: number,
): Promise<Referral[]> {
  const where = { shopId, lookAt: { lte: by } };
  const rows = await db.prisma.referral.findMany({ where, orderBy: { lookAt: "asc" }, take: limit });
  return rows.map(referralFrom);
}

export async function uncheckedReferrals(db: Reading, shopId: number, limit: number): Promise<Referral[]> {
  const where = { shopId, verdict: "unchecked" };
  const rows = await db.prisma.referral.findMany({ where, orderBy: { id: "asc" }, take: limit });
  return rows.map(referralFrom);
}

/** First orders of others whom the member brought before this friend, the latest first. */
export async function ordersOfFriendsBefore(
  db: Reading,
  shopId: number,
  { id, memberId, friendId, referredAt }: Pick<Referral, "id" | "memberId" | "friendId" | "referredAt">,
  limit: number,
): Promise<number[]> {
  const rows = await db.prisma.referral.findMany({
    where: {
      ...{ shopId, memberId, AND: [{ friendId: { not: null } }, { friendId: { not: friendId } }] },
      OR: [{ referredAt: { lt: referredAt } }, { referredAt, id: { lt: id } }],
    },
    orderBy: [{ referredAt: "desc" }, { id: "desc" }],
    select: { orderId: true },
    take: limit,
  });
  return rows.map(({ orderId }) => Number(orderId));
}

/** When friends earned the member something that they still have, since then; but this one. */
export async function rewardedTimes(
  db: Reading,
  shopId: number,
  { memberId, id }: Pick<Referral, "memberId" | "id">,
): Promise<number[]> {
  const where = { shopId, memberId, memberGiven: true, id: { not: id } };
  const rows = await db.prisma.referral.findMany({ where, select: { rewardedAt: true } });
  return rows.map(({ rewardedAt }) => Number(rewardedAt));
}

/** The first invitation counts: who took one keeps it. */
export async function saveClaim(
  tx: Transaction,
  shopId: number,
  claim: { customerId: number; memberId: number; claimedAt: number },
): Promise<void> {
  await tx.prisma.referralClaim.createMany({ data: [{ shopId, ...claim }] });
}

/** By customer, the member whose invitation was taken. */
export async function claimsOf(
  db: Reading,
  shopId: number,
  customerIds: readonly number[],
): Promise<Map<number, number>> {
  const where = { shopId, customerId: { in: [...customerIds] } };
  const rows = await db.prisma.referralClaim.findMany({ where });
  return new Map(rows.map(({ customerId, memberId }) => [Number(customerId), memberId]));
}

export async function forgetClaims(
  tx: Transaction,
  shopId: number,
  customerIds: readonly number[],
): Promise<void> {
  await tx.prisma.referralClaim.deleteMany({ where: { shopId, customerId: { in: [...customerIds] } } });
}

/** Shopify has merged two customers: who brought the first has brought the second. */
export async function mergeFriends(tx: Transaction, shopId: number, from: number, to: number): Promise<void> {
  await tx.prisma.referral.updateMany({ where: { shopId, friendId: from }, data: { friendId: to } });
  const claims = await claimsOf(tx, shopId, [from, to]);
  if (claims.has(from) && !claims.has(to))
    await tx.prisma.referralClaim.updateMany({
      where: { shopId, customerId: from },
      data: { customerId: to },
    });
  else await forgetClaims(tx, shopId, [from]);
}

/** A merged member's friends are the survivor's. */
export async function mergeReferrals(
  tx: Transaction,
  shopId: number,
  from: number,
  to: number,
): Promise<void> {
  const ofMember = { where: { shopId, memberId: from }, data: { memberId: to } };
  await tx.prisma.referral.updateMany(ofMember);
  await tx.prisma.referralClaim.updateMany(ofMember);
}

/** After this nothing of referrals leads to the customers: what was given stays, of friends and members whom nobody can name. */
export async function forgetReferred(
  tx: Transaction,
  shopId: number,
  customerIds: readonly number[],
  memberIds: readonly number[],
): Promise<void> {
  const friends = { shopId, friendId: { in: [...customerIds] } };
  await tx.prisma.referral.updateMany({ where: friends, data: { friendId: null } });
  await forgetClaims(tx, shopId, customerIds);
  await tx.prisma.referralClaim.deleteMany({ where: { shopId, memberId: { in: [...memberIds] } } });
}
