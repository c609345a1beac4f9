/** Whether what is stored of members' points is the sum of their postings: for whoever has written a ledger as a whole. */
import { Prisma } from "../generated/sqlite/client.ts";
import type { Reading } from "../types.ts";

const moved = (account: string) =>
  Prisma.raw(`CAST(SUM(CASE WHEN p."toAccount" = '${account}' THEN p."points" ELSE 0 END)
    - SUM(CASE WHEN p."fromAccount" = '${account}' THEN p."points" ELSE 0 END) AS BIGINT)`);

/** How many members' balances and lots differ; both are 0 in a ledger that is right. */
export async function differences(
  { prisma }: Reading,
  shopId: number,
): Promise<{ balances: number; lots: number }> {
  const [balances] = await prisma.$queryRaw<{ count: bigint }[]>`
    SELECT COUNT(*) AS "count" FROM "MemberBalance" b LEFT JOIN (
      SELECT p."memberId", ${moved("pending")} AS "pending", ${moved("available")} AS "available", ${moved("debt")} AS "debt"
      FROM "LedgerPosting" p WHERE p."shopId" = ${shopId} GROUP BY p."memberId"
    ) AS s ON s."memberId" = b."memberId"
    LEFT JOIN (
      SELECT t."memberId", COUNT(*) AS "count" FROM "LedgerTransaction" t WHERE t."shopId" = ${shopId} GROUP BY t."memberId"
    ) AS n ON n."memberId" = b."memberId"
    WHERE b."shopId" = ${shopId} AND (b."pending" <> COALESCE(s."pending", 0) OR b."available" <> COALESCE(s."available", 0)
      OR b."debt" <> -COALESCE(s."debt", 0) OR b."transactions" <> COALESCE(n."count", 0))`;
  const [lots] = await prisma.$queryRaw<{ count: bigint }[]>`
    SELECT COUNT(*) AS "count" FROM "Lot" l LEFT JOIN (
      SELECT p."lotId", ${moved("pending")} AS "pending", ${moved("available")} AS "available"
      FROM "LedgerPosting" p WHERE p."shopId" = ${shopId} AND p."lotId" IS NOT NULL GROUP BY p."lotId"
    ) AS s ON s."lotId" = l."id"
    WHERE l."shopId" = ${shopId} AND (l."pending" <> COALESCE(s."pending", 0) OR l."available" <> COALESCE(s."available", 0))`;
  return { balances: Number(balances?.count ?? 0), lots: Number(lots?.count ?? 0) };
}
