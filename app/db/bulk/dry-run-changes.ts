/** What a dry run comes to for each customer, with who is a member: one pass over its orders. The same SQL on both databases. */
import type { CustomerChange } from "../../core/loyalty/dry-run-report.ts";
import type { Reading } from "../types.ts";

interface Row {
  points: bigint | number;
  orders: bigint | number;
  memberId: number | null;
}

export async function dryRunChanges(
  db: Reading,
  shopId: number,
  runId: string,
  { isMemberByOrdering }: { isMemberByOrdering: boolean },
): Promise<CustomerChange[]> {
  const rows = await db.prisma.$queryRaw<Row[]>`
    SELECT CAST(SUM(d."points" - d."pointsBefore") AS BIGINT) AS "points", COUNT(*) AS "orders", MAX(l."memberId") AS "memberId"
    FROM "DryRunOrder" d
    JOIN "Order" o ON o."shopId" = d."shopId" AND o."id" = d."orderId"
    LEFT JOIN "MemberLink" l ON l."shopId" = o."shopId" AND l."customerId" = o."customerId"
    WHERE d."shopId" = ${shopId} AND d."runId" = ${runId} AND d."points" <> d."pointsBefore"
    GROUP BY o."customerId"`;
  return rows.map(({ points, orders, memberId }) => ({
    points: Number(points),
    orders: Number(orders),
    isMember: isMemberByOrdering || memberId !== null,
  }));
}

/**
 * By order, what the customers of these orders get for their orders before it, in the order of their ids: what is left of a limit follows
 * from it whatever was posted so far.
 */
export async function pointsBefore(
  db: Reading,
  shopId: number,
  runId: string,
  { first, last }: { first: number; last: number },
): Promise<Map<number, number>> {
  // In this order: SQLite would read all of the run's orders before each, and see then whose they are.
  const rows = await db.prisma.$queryRaw<{ orderId: bigint; before: bigint | number | null }[]>`
    SELECT d."orderId" AS "orderId", (
      SELECT CAST(SUM(e."points") AS BIGINT) FROM "Order" p CROSS JOIN "DryRunOrder" e
      WHERE p."shopId" = o."shopId" AND p."customerId" = o."customerId" AND p."id" < o."id"
        AND e."shopId" = p."shopId" AND e."runId" = d."runId" AND e."orderId" = p."id"
    ) AS "before"
    FROM "DryRunOrder" d
    JOIN "Order" o ON o."shopId" = d."shopId" AND o."id" = d."orderId"
    WHERE d."shopId" = ${shopId} AND d."runId" = ${runId} AND d."orderId" >= ${first} AND d."orderId" <= ${last}`;
  return new Map(rows.map(({ orderId, before }) => [Number(orderId), Number(before ?? 0)]));
}
