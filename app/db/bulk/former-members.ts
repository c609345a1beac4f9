/** Under which numbers members were known before they were merged into others. */
import { Prisma } from "../generated/sqlite/client.ts";
import type { Database } from "../types.ts";
import { listOf } from "./list-of.ts";

/** Who each former member is now, of those who are one of `memberIds` now. */
export async function formerMembers(
  db: Database,
  shopId: number,
  memberIds: readonly number[],
): Promise<Map<number, number>> {
  // In this order: hardly anybody is merged, and statistics of a column that is all but empty keep SQLite from its index.
  const rows = await db.sql.rows<{ id: number; now: number }>(Prisma.sql`
    SELECT m."id", m."aliasOfId" AS "now" FROM ${listOf(db, memberIds, "int")} AS asked
    CROSS JOIN "Member" AS m WHERE m."shopId" = ${shopId} AND m."aliasOfId" = asked.value`);
  return new Map(rows.map(({ id, now }) => [id, now]));
}
