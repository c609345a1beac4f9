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
