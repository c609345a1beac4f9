/** PostgreSQL's half of change-days.ts. */
import type { Transaction } from "../types.ts";

export async function changeDaysOnPostgresql(
  tx: Transaction,
  shopId: number,
  orders: string,
  refunds: string,
  version: number,
): Promise<void> {
  await tx.prisma.$executeRaw`
    UPDATE "Order" AS stored SET "day" = told."day", "version" = ${version}::int
    FROM json_to_recordset(${orders}::json) AS told ("id" bigint, "day" int)
    WHERE stored."shopId" = ${shopId}::int AND stored."id" = told."id"`;
  await tx.prisma.$executeRaw`
    UPDATE "Refund" AS stored SET "day" = told."day"
    FROM json_to_recordset(${refunds}::json) AS told ("orderId" bigint, "id" bigint, "day" int)
    WHERE stored."shopId" = ${shopId}::int AND stored."orderId" = told."orderId" AND stored."id" = told."id"`;
  await tx.prisma.$executeRaw`
    UPDATE "Order" SET "version" = ${version}::int
    WHERE "shopId" = ${shopId}::int
      AND "id" IN (SELECT "orderId" FROM json_to_recordset(${refunds}::json) AS told ("orderId" bigint))`;
}
