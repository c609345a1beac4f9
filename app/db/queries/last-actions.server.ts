/** When members last spent points: what they did of their own accord beside ordering. */
import { listOf } from "../bulk/list-of.ts";
import { Prisma } from "../generated/sqlite/client.ts";
import { chunks } from "../plain.ts";
import type { Reading } from "../types.ts";

const IDS_AT_ONCE = 1_000;

export async function lastActions(
  db: Reading,
  shopId: number,
  customerIds: readonly number[],
): Promise<Map<number, number>> {
  const actions = new Map<number, number>();
  for (const ids of chunks(customerIds, IDS_AT_ONCE)) {
    const rows = await db.sql.rows<{ customerId: number; actedAt: number }>(
      Prisma.sql`SELECT l."customerId", MAX(r."reservedAt") AS "actedAt" FROM "MemberLink" l
        JOIN "Redemption" r ON r."shopId" = l."shopId" AND r."memberId" = l."memberId"
        WHERE l."shopId" = ${shopId} AND l."customerId" IN ${listOf(db, ids, "bigint")}
        GROUP BY l."customerId"`,
    );
    for (const { customerId, actedAt } of rows) actions.set(customerId, actedAt);
  }
  return actions;
}
