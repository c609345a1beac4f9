/** Whose risk of being lost has become high, by customer and silence, and up to which day a shop's are known. Whoever writes here holds the shop's row. */
import { writeRows } from "../bulk/write-rows.ts";
import { chunks } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";

export interface RiskFall {
  customerId: number;
  /** Of the order after which they were silent. */
  lastOrderDay: number;
}

/** The last order's day that each was noted for. */
export async function notedFalls(
  db: Reading,
  shopId: number,
  customerIds: readonly number[],
): Promise<Map<number, number>> {
  const noted = new Map<number, number>();
  for (const some of chunks(customerIds, 500)) {
    const rows = await db.prisma.riskFall.findMany({ where: { shopId, customerId: { in: some } } });
    for (const { customerId, lastOrderDay } of rows) noted.set(Number(customerId), lastOrderDay);
  }
  return noted;
}

export async function noteRiskFalls(
  tx: Transaction,
  shopId: number,
  falls: readonly RiskFall[],
  foundAt: number,
): Promise<void> {
  const rows = falls.map(({ customerId, lastOrderDay }) => ({ shopId, customerId, lastOrderDay, foundAt }));
  await writeRows(tx, "RiskFall", rows, ["shopId", "customerId"]);
}

/** `null`: nothing was looked for yet. */
export async function risksKnownDay(db: Reading, shopId: number): Promise<number | null> {
  const row = await db.prisma.valueModel.findUnique({ where: { shopId }, select: { risksDay: true } });
  return row?.risksDay ?? null;
}

/** Forgets those who were silent before `since`, as well. */
export async function markRisksKnown(
  tx: Transaction,
  shopId: number,
  day: number,
  since: number,
): Promise<void> {
  await tx.prisma.valueModel.update({ where: { shopId }, data: { risksDay: day } });
  await tx.prisma.riskFall.deleteMany({ where: { shopId, lastOrderDay: { lt: since } } });
}

/** A merged customer's silence is the survivor's, where theirs is not the later one. */
export async function mergeRiskFalls(
  tx: Transaction,
  shopId: number,
  fromId: number,
  toId: number,
): Promise<void> {
  const left = await tx.prisma.riskFall.findUnique({
    where: { shopId_customerId: { shopId, customerId: fromId } },
  });
  if (!left) return;
  const kept = (await notedFalls(tx, shopId, [toId])).get(toId) ?? -Infinity;
  if (left.lastOrderDay > kept)
    await noteRiskFalls(
      tx,
      shopId,
      [{ customerId: toId, lastOrderDay: left.lastOrderDay }],
      Number(left.foundAt),
    );
  await tx.prisma.riskFall.deleteMany({ where: { shopId, customerId: fromId } });
}
