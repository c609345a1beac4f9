/** What a member has earned for beside orders, under this and every former number: lots change hands with a merge and keep their names. */
import type { Reading } from "../types.ts";

export interface EarnedDeed {
  sourceId: string;
  points: number;
  earnedAt: number;
}

/** `prefix`: how the deeds of one activity begin. */
export async function deedsOfMember(
  db: Reading,
  shopId: number,
  memberId: number,
  prefix: string,
): Promise<EarnedDeed[]> {
  const rows = await db.prisma.lot.findMany({
    where: { shopId, memberId, kind: "activity" },
    select: { sourceId: true, points: true, earnedAt: true },
  });
  return rows
    .filter(({ sourceId }) => sourceId.startsWith(prefix))
    .map(({ sourceId, points, earnedAt }) => ({
      sourceId,
      points: Number(points),
      earnedAt: Number(earnedAt),
    }));
}

/** Of deeds by their names, those that were earned. */
export async function earnedDeeds(
  db: Reading,
  shopId: number,
  sourceIds: readonly string[],
): Promise<Set<string>> {
  const rows = await db.prisma.ledgerTransaction.findMany({
    where: { shopId, kind: "activity", sourceId: { in: [...sourceIds] } },
    select: { sourceId: true },
  });
  return new Set(rows.map(({ sourceId }) => sourceId));
}

/** By activity, how often it has been earned. */
export async function countDeeds(
  db: Reading,
  shopId: number,
  keys: readonly string[],
): Promise<Record<string, number>> {
  const counts = keys.map(async (key) => {
    // By the natural key's own index: `0` is the letter after `/`.
    const sourceId = { gte: `${key}/`, lt: `${key}0` };
    return [
      key,
      await db.prisma.ledgerTransaction.count({ where: { shopId, kind: "activity", sourceId } }),
    ] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}
