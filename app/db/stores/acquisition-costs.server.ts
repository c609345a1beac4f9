/** What a shop spent on acquiring customers, by month. */
import type { Reading, Transaction } from "../types.ts";

/** `null` takes a month's cost away. */
export interface CostChange {
  /** Months since January 1970. */
  month: number;
  amountMinor: number | null;
}

/** Minor units by month number, the earliest month first. */
export async function loadAcquisitionCosts(db: Reading, shopId: number): Promise<Map<number, number>> {
  const rows = await db.prisma.acquisitionCost.findMany({ where: { shopId }, orderBy: { month: "asc" } });
  return new Map(rows.map(({ month, amountMinor }) => [month, Number(amountMinor)]));
}

export async function saveAcquisitionCosts(
  tx: Transaction,
  shopId: number,
  changes: readonly CostChange[],
): Promise<void> {
  const months = changes.map(({ month }) => month);
  await tx.prisma.acquisitionCost.deleteMany({ where: { shopId, month: { in: months } } });
  await tx.prisma.acquisitionCost.createMany({
    data: changes.flatMap(({ month, amountMinor }) =>
      amountMinor === null ? [] : [{ shopId, month, amountMinor: BigInt(amountMinor) }],
    ),
  });
}
