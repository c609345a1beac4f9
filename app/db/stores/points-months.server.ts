/** The ledger's postings summed up by month: a cache of what core computes from them, written anew while anything may still be added to the month. */
import type { PointsMonth } from "../../core/loyalty/points-month.ts";
import type { Reading, Transaction } from "../types.ts";

export interface StoredPointsMonth {
  /** The shop's zone, by which its months were told apart. */
  timeZone: string;
  /** Up to when postings are in it. */
  through: number;
  /** Nothing can be added any more. */
  isFinal: boolean;
  summed: PointsMonth;
}

/** In the order of time; those of another zone are not told. */
export async function pointsMonths(
  db: Reading,
  shopId: number,
  timeZone: string,
): Promise<StoredPointsMonth[]> {
  const rows = await db.prisma.pointsMonth.findMany({
    where: { shopId, timeZone },
    orderBy: { month: "asc" },
  });
  return rows.map(({ timeZone, through, isFinal, body }) => ({
    ...{ timeZone, through: Number(through), isFinal },
    // Written by savePointsMonths only.
    summed: JSON.parse(body) as PointsMonth,
  }));
}

export async function savePointsMonths(
  tx: Transaction,
  shopId: number,
  months: readonly StoredPointsMonth[],
): Promise<void> {
  for (const { timeZone, through, isFinal, summed } of months) {
    const { month } = summed;
    const row = { timeZone, through, isFinal, body: JSON.stringify(summed) };
    await tx.prisma.pointsMonth.upsert({
      where: { shopId_month: { shopId, month } },
      create: { shopId, month, ...row },
      update: row,
    });
  }
}
