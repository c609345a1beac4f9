/** SQLite's half of change-days.ts. */
import type { Transaction } from "../types.ts";

export async function changeDaysOnSqlite(
  tx: Transaction,
  shopId: number,
  orders: string,
  refunds: string,
  version: number,
): Promise<void> {
  await tx.prisma.$executeRaw`
    UPDATE "Order" SET "day" = told.value->>'day', "version" = ${version}
    FROM json_each(${orders}) AS told
    WHERE "Order"."shopId" = ${shopId} AND "Order"."id" = told.value->>'id'`;
  await tx.prisma.$executeRaw`
    UPDATE "Refund" SET "day" = told.value->>'day'
    FROM json_each(${refunds}) AS told
    WHERE "Refund"."shopId" = ${shopId} AND "Refund"."orderId" = told.value->>'orderId'
      AND "Refund"."id" = told.value->>'id'`;
  await tx.prisma.$executeRaw`
    UPDATE "Order" SET "version" = ${version}
    WHERE "shopId" = ${shopId} AND "id" IN (SELECT value->>'orderId' FROM json_each(${refunds}))`;
}
