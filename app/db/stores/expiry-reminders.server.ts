/** Who was to be told, and when, that points are about to expire: once for a member and the points that expire at one moment. */
import { writeRows } from "../bulk/write-rows.ts";
import { plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";

export interface ExpiryReminder {
  memberId: number;
  expiresAt: number;
  /** As many as there were then. */
  points: number;
  remindedAt: number;
}

/** Points that expire in the time, of members who are still somebody and have not been reminded of them; those that expire first first. */
export async function unremindedExpiries(
  { prisma }: Reading,
  shopId: number,
  { after, until, limit }: { after: number; until: number; limit: number },
): Promise<Omit<ExpiryReminder, "remindedAt">[]> {
  const rows = await prisma.$queryRaw<{ memberId: number; expiresAt: bigint; points: bigint }[]>`
    SELECT l."memberId", l."expiresAt", CAST(SUM(l."pending" + l."available") AS BIGINT) AS "points" FROM "Lot" l
    WHERE l."shopId" = ${shopId} AND l."isOpen" = true AND l."expiresAt" > ${BigInt(after)} AND l."expiresAt" <= ${BigInt(until)}
      AND EXISTS (SELECT 1 FROM "MemberLink" k WHERE k."shopId" = l."shopId" AND k."memberId" = l."memberId")
      AND NOT EXISTS (SELECT 1 FROM "ExpiryReminder" r WHERE r."shopId" = l."shopId" AND r."memberId" = l."memberId"
        AND r."expiresAt" = l."expiresAt")
    GROUP BY l."memberId", l."expiresAt" ORDER BY l."expiresAt", l."memberId" LIMIT ${limit}`;
  return rows.map(({ memberId, expiresAt, points }) => ({
    memberId: Number(memberId),
    expiresAt: Number(expiresAt),
    points: Number(points),
  }));
}

export async function addExpiryReminders(
  tx: Transaction,
  shopId: number,
  reminders: readonly ExpiryReminder[],
): Promise<void> {
  const rows = reminders.map(({ memberId, expiresAt, points, remindedAt }) => ({
    ...{ shopId, memberId, expiresAt, points, remindedAt },
  }));
  await writeRows(tx, "ExpiryReminder", rows);
}

/** The latest first; a member's, or those of all with their customers. */
export async function expiryReminders(
  { prisma }: Reading,
  shopId: number,
  asked: { memberIds?: readonly number[]; after?: number; limit: number },
): Promise<ExpiryReminder[]> {
  const { memberIds, after, limit } = asked;
  const rows = await prisma.expiryReminder.findMany({
    where: {
      shopId,
      ...(memberIds && { memberId: { in: [...memberIds] } }),
      ...(after !== undefined && { expiresAt: { gt: after } }),
    },
    orderBy: [{ remindedAt: "desc" }, { expiresAt: "asc" }, { memberId: "asc" }],
    take: limit,
  });
  return rows.map((row) => {
    const { memberId, expiresAt, points, remindedAt } = plain(row);
    return { memberId, expiresAt, points, remindedAt };
  });
}

export async function expireReminders(tx: Transaction, shopId: number, before: number): Promise<void> {
  await tx.prisma.expiryReminder.deleteMany({ where: { shopId, expiresAt: { lt: before } } });
}
