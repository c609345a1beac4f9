/** Referrals as merchants look through them, the latest first, and how many there are of each kind. */
import type { ReferralStatus } from "../../core/referrals/referral-target.ts";
import type { Prisma } from "../generated/sqlite/client.ts";
import { currentMembers, customersOfMembers } from "../stores/members.server.ts";
import { referralFrom, type Referral } from "../stores/referrals.server.ts";
import type { Reading } from "../types.ts";

export interface ReferralFilter {
  status: ReferralStatus | null;
  /** Only households that the merchant is warned of. */
  isWarned: boolean;
  /** Who brought the friend; `null`: anybody. */
  memberId: number | null;
}

export interface ReferralPlace {
  referredAt: number;
  id: string;
}

export interface ReferralLine extends Referral {
  /** Shopify's customer who brought the friend; `null`: erased. */
  customerId: number | null;
}

export async function referralList(
  db: Reading,
  shopId: number,
  { status, isWarned, memberId }: ReferralFilter,
  { after, size }: { after: ReferralPlace | null; size: number },
): Promise<{ lines: ReferralLine[]; older: ReferralPlace | null }> {
  const where: Prisma.ReferralWhereInput = {
    shopId,
    ...(status !== null && { status }),
    ...(isWarned && { verdict: "warned" }),
    ...(memberId !== null && { memberId }),
    ...(after && {
      referredAt: { lte: after.referredAt },
      OR: [{ referredAt: { lt: after.referredAt } }, { referredAt: after.referredAt, id: { gt: after.id } }],
    }),
  };
  const orderBy = [{ referredAt: "desc" }, { id: "asc" }] as const;
  const rows = await db.prisma.referral.findMany({ where, orderBy: [...orderBy], take: size + 1 });
  const shown = rows.slice(0, size).map(referralFrom);
  const current = await currentMembers(
    db,
    shopId,
    shown.map((referral) => referral.memberId),
  );
  const customers = await customersOfMembers(db, shopId, current.values());
  const lines = shown.map((referral) => ({
    ...referral,
    customerId: customers.get(current.get(referral.memberId) ?? 0) ?? null,
  }));
  const last = rows.length > size ? shown.at(-1) : undefined;
  return { lines, older: last ? { referredAt: last.referredAt, id: last.id } : null };
}

/** Those of which there is any. */
export async function referralCounts(
  db: Reading,
  shopId: number,
): Promise<Partial<Record<ReferralStatus, number>>> {
  const groups = await db.prisma.referral.groupBy({
    by: ["status"],
    where: { shopId },
    _count: { _all: true },
  });
  return Object.fromEntries(groups.map(({ status, _count }) => [status, _count._all]));
}

interface FriendsOfMember {
  /** Friends who count, or did for the friend alone. */
  came: number;
  waiting: number;
  /** What the member has by them. */
  points: number;
}

const NOBODY: FriendsOfMember = { came: 0, waiting: 0, points: 0 };

/** By member; who has brought nobody has nothing of each. */
export async function friendsOfMembers(
  db: Reading,
  shopId: number,
  memberIds: readonly number[],
): Promise<(memberId: number) => FriendsOfMember> {
  const rows = await db.prisma.referral.findMany({
    where: { shopId, memberId: { in: [...memberIds] } },
    select: { memberId: true, status: true, memberGiven: true, terms: true },
  });
  const found = new Map<number, FriendsOfMember>();
  for (const { memberId, status, memberGiven, terms } of rows) {
    const { came, waiting, points } = found.get(memberId) ?? NOBODY;
    const { memberPoints } = JSON.parse(terms) as Referral["terms"];
    found.set(memberId, {
      came: came + (status === "rewarded" || status === "limited" ? 1 : 0),
      waiting: waiting + (status === "waiting" ? 1 : 0),
      points: points + (memberGiven ? memberPoints : 0),
    });
  }
  return (memberId) => found.get(memberId) ?? NOBODY;
}
