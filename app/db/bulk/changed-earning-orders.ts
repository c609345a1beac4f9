/** Orders written since a version that may earn: placed in the programme's time, or given points already. One SQL for both databases. */
import { Prisma } from "../generated/sqlite/client.ts";
import type { Reading } from "../types.ts";

/** Orders come by version and id. */
export interface OrderPlace {
  version: number;
  id: number;
}

export async function changedEarningOrders(
  db: Reading,
  shopId: number,
  { startedAt, after, limit }: { startedAt: number; after: OrderPlace; limit: number },
): Promise<OrderPlace[]> {
  const isLater = Prisma.sql`(o."version" > ${after.version} OR (o."version" = ${after.version} AND o."id" > ${BigInt(after.id)}))`;
  const rows = await db.prisma.$queryRaw<{ version: number; id: bigint }[]>`
    SELECT o."version", o."id" FROM "Order" o WHERE o."shopId" = ${shopId} AND ${isLater}
      AND (o."placedAt" >= ${BigInt(startedAt)} OR EXISTS (
        SELECT 1 FROM "OrderAccrual" a WHERE a."shopId" = o."shopId" AND a."orderId" = o."id"))
    ORDER BY o."version", o."id" LIMIT ${limit}`;
  return rows.map(({ version, id }) => ({ version: Number(version), id: Number(id) }));
}
