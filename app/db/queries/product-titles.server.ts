/** What products are called, and which are called so. */
import { listOf } from "../bulk/list-of.ts";
import { Prisma } from "../generated/sqlite/client.ts";
import type { Reading } from "../types.ts";

/** Of those that are known: a product deleted before the first sync has no title. */
export async function productTitles(
  db: Reading,
  shopId: number,
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.sql.rows<{ id: number; title: string }>(
    Prisma.sql`SELECT "id", "title" FROM "Product"
      WHERE "shopId" = ${shopId} AND "id" IN ${listOf(db, ids, "bigint")}`,
  );
  return new Map(rows.map(({ id, title }) => [id, title]));
}

/** Products whose title contains the text, in capitals or not. SQLite knows capitals of plain letters only. */
export async function productsTitled(
  db: Reading,
  shopId: number,
  text: string,
  limit: number,
): Promise<number[]> {
  const containing = (part: string) => `%${part.replace(/[\\%_]/g, "\\$&")}%`;
  const rows = await db.prisma.$queryRaw<{ id: bigint }[]>`
    SELECT "id" FROM "Product" WHERE "shopId" = ${shopId}
      AND (lower("title") LIKE ${containing(text.toLowerCase())} ESCAPE '\\' OR "title" LIKE ${containing(text)} ESCAPE '\\')
    ORDER BY "id" LIMIT ${limit}`;
  return rows.map(({ id }) => Number(id));
}
