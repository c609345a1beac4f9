/** What a member has had for points, under this and every former number, the newest first; and what redemptions were of, by their ids. */
import type { RedemptionTerms } from "../../core/loyalty/reward.ts";
import type { RedemptionStatus } from "../../core/loyalty/redemption.ts";
import { chunks, plain } from "../plain.ts";
import type { Reading } from "../types.ts";

export interface MemberRedemption {
  id: string;
  terms: RedemptionTerms;
  points: number;
  status: RedemptionStatus;
  /** All that a page shows of the code: whoever has a gift card's code can pay with it. */
  codeEnd: string;
  shopifyId: string | null;
  reservedAt: number;
  expiresAt: number;
  usedOrderId: number | null;
  isRestored: boolean;
  returnedPoints: number;
  /** Somebody has asked to take it back, and Shopify has not ended it yet. */
  cancelAskedAt: number | null;
  failedBecause: string | null;
}

const LETTERS_SHOWN = 4;

export async function memberRedemptions(
  db: Reading,
  shopId: number,
  memberId: number,
  limit: number,
): Promise<MemberRedemption[]> {
  const former = await db.prisma.member.findMany({ where: { shopId, aliasOfId: memberId } });
  const memberIds = [memberId, ...former.map(({ id }) => id)];
  const rows = await db.prisma.redemption.findMany({
    where: { shopId, memberId: { in: memberIds } },
    orderBy: [{ reservedAt: "desc" }, { id: "desc" }],
    take: limit,
  });
  return rows.map((row) => {
    const { id, points, shopifyId, reservedAt, usedOrderId, isRestored, ...rest } = plain(row);
    return {
      ...{ id, points, shopifyId, reservedAt, usedOrderId, isRestored },
      // Written by addRedemption and changeRedemption only.
      terms: JSON.parse(rest.terms) as RedemptionTerms,
      status: rest.status as RedemptionStatus,
      codeEnd: (rest.code ?? "").slice(-LETTERS_SHOWN),
      expiresAt: rest.expiresAt ?? 0,
      returnedPoints: rest.returnedPoints,
      cancelAskedAt: rest.cancelAskedAt,
      failedBecause: rest.failedBecause,
    };
  });
}

const IDS_AT_ONCE = 500;

/** What each was of, as it was called when the points were spent. */
export async function redeemedNames(
  db: Reading,
  shopId: number,
  ids: readonly string[],
): Promise<Record<string, string>> {
  const names: Record<string, string> = {};
  for (const some of chunks([...new Set(ids)], IDS_AT_ONCE)) {
    const where = { shopId, id: { in: some } };
    const rows = await db.prisma.redemption.findMany({ where, select: { id: true, terms: true } });
    for (const { id, terms } of rows) names[id] = (JSON.parse(terms) as RedemptionTerms).name;
  }
  return names;
}
