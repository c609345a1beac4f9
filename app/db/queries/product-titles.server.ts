/** What products are called, and which are called so. */
import { chunks } from "../plain.ts";
import type { Reading } from "../types.ts";

const IDS_AT_ONCE = 5_000;

/** Of those that are known: a product deleted before the first sync has no title. */
export async function productTitles(
  db: Reading,
  shopId: number,
  ids: readonly number[],
): Promise<Map<number, string>> {
  const titles = new Map<number, string>();
  for (const some of chunks(ids, IDS_AT_ONCE)) {
    const rows = await db.prisma.product.findMany({
      where: { shopId, id: { in: some } },
      select: { id: true, title: true },
    });
    for (const { id, title } of rows) titles.set(Number(id), title);
  }
  return titles;
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
