/** SQLite's half of change-days.ts. */
import type { Transaction } from "../types.ts";

export async function changeDaysOnSqlite(
  tx: Transaction,
  shopId: number,
  orders: string,
  refunds: string,
  version: number,
): Promise<void> {
  // Materialized, or SQLite reads the whole list again for each of the shop's orders.
  await tx.prisma.$executeRaw`
    WITH told AS MATERIALIZED (
      SELECT value->>'id' AS "id", value->>'day' AS "day" FROM json_each(${orders})
    )
    UPDATE "Order" SET "day" = told."day", "version" = ${version}
    FROM told
    WHERE "Order"."shopId" = ${shopId} AND "Order"."id" = told."id"`;
  await tx.prisma.$executeRaw`
    WITH told AS MATERIALIZED (
      SELECT value->>'orderId' AS "orderId", value->>'id' AS "id", value->>'day' AS "day"
      FROM json_each(${refunds})
    )
    UPDATE "Refund" SET "day" = told."day"
    FROM told
    WHERE "Refund"."shopId" = ${shopId} AND "Refund"."orderId" = told."orderId" AND "Refund"."id" = told."id"`;
  await tx.prisma.$executeRaw`
    UPDATE "Order" SET "version" = ${version}
    WHERE "shopId" = ${shopId} AND "id" IN (SELECT value->>'orderId' FROM json_each(${refunds}))`;
}
