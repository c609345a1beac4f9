/** Members of whom something has ripened or expired that is not written yet. */
import type { Reading } from "../types.ts";

export async function dueMembers(db: Reading, shopId: number, now: number, limit: number): Promise<number[]> {
  const rows = await db.prisma.memberBalance.findMany({
    where: { shopId, nextDueAt: { lte: now } },
    orderBy: { nextDueAt: "asc" },
    take: limit,
    select: { memberId: true },
  });
  return rows.map(({ memberId }) => memberId);
}
