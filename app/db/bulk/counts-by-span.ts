/** How many records of each span of creation time are stored, counted in one pass: an audit asks for years at once. */
import type { SyncResource } from "../../core/job.ts";
import type { Database } from "../types.ts";

const TABLES: Readonly<Record<SyncResource, string>> = {
  orders: '"Order"',
  customers: '"Customer"',
  products: '"Product"',
  checkouts: '"AbandonedCheckout"',
};

interface Row {
  span: bigint | number;
  records: bigint | number;
}

/** Counts by the span's first millisecond. The same SQL on both databases: integer division of positive times rounds down. */
export async function countsBySpan(
  db: Database,
  shopId: number,
  resource: SyncResource,
  fromAt: number,
  spanMs: number,
): Promise<Map<number, number>> {
  const [a, b, c] = db.dialect === "sqlite" ? ["?", "?", "?"] : ["$1::bigint", "$2::int", "$3::bigint"];
  const rows = await db.prisma.$queryRawUnsafe<Row[]>(
    `SELECT "createdAt" / ${a} AS "span", count(*) AS "records" FROM ${TABLES[resource]}
     WHERE "shopId" = ${b} AND "createdAt" >= ${c} GROUP BY 1`,
    BigInt(spanMs),
    shopId,
    BigInt(fromAt),
  );
  return new Map(rows.map(({ span, records }) => [Number(span) * spanMs, Number(records)]));
}
