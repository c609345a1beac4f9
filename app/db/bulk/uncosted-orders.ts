/** Finds orders with lines that stand without a unit cost although one is known by now: one pass over the lines. */
import type { Reading } from "../types.ts";

/** The same SQL on both databases. */
export async function uncostedOrders(db: Reading, shopId: number, limit: number): Promise<number[]> {
  const rows = await db.prisma.$queryRaw<{ orderId: bigint | number }[]>`
    SELECT DISTINCT "orderId" FROM "OrderLine"
    WHERE "shopId" = ${shopId} AND "unitCostMinor" IS NULL AND NOT "isGiftCard"
      AND "variantId" IN (SELECT "variantId" FROM "UnitCost" WHERE "shopId" = ${shopId})
    LIMIT ${limit}`;
  return rows.map(({ orderId }) => Number(orderId));
}
