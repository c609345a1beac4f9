/**
 * Postings of a span of time, summed up by the months in which their lots came and expire. A shop has millions: they are summed up where they
 * stand. One SQL for both databases.
 */
import { MEMBER_GROUPS, type SummedPostings } from "../../core/loyalty/points-month.ts";
import { Prisma } from "../generated/sqlite/client.ts";
import { TRANSACTION_KINDS } from "../queries/ledger-activity.server.ts";
import type { Reading } from "../types.ts";
import { monthSql, type MonthStart } from "./month-sql.ts";

interface Row {
  earned: bigint | null;
  expires: bigint | null;
  member: bigint;
  opens: bigint;
  fromAccount: string;
  toAccount: string;
  points: bigint;
  transactions: bigint;
}

/** `months`: in the order of time, without gaps, from the first in which points came to any in which one may expire. */
export async function summedPostings(
  db: Reading,
  shopId: number,
  span: { from: number; before: number },
  months: readonly MonthStart[],
): Promise<SummedPostings[]> {
  const kinds = Prisma.join(TRANSACTION_KINDS.map((kind) => Prisma.sql`${kind}`));
  // The last moment of an expiry is the one before.
  const expires = Prisma.raw(monthSql(`(l."expiresAt" - 1)`, months));
  const earned = Prisma.raw(monthSql(`l."earnedAt"`, months));
  const rows = await db.prisma.$queryRaw<Row[]>`
    SELECT "earned", "expires", "member", "opens", "fromAccount", "toAccount",
      CAST(SUM("points") AS BIGINT) AS "points", CAST(SUM("begins") AS BIGINT) AS "transactions"
    FROM (
      SELECT CASE WHEN l."id" IS NULL THEN NULL ELSE ${earned} END AS "earned",
        CASE WHEN l."expiresAt" IS NULL THEN NULL ELSE ${expires} END AS "expires",
        COALESCE(l."memberId", p."memberId") % ${Prisma.raw(String(MEMBER_GROUPS))} AS "member",
        CASE WHEN l."id" = p."kind" || '/' || p."sourceId" || '/' || p."sequence" THEN 1 ELSE 0 END AS "opens",
        p."fromAccount", p."toAccount", p."points", CASE WHEN p."position" = 0 THEN 1 ELSE 0 END AS "begins"
      FROM "LedgerTransaction" t
      JOIN "LedgerPosting" p ON p."shopId" = t."shopId" AND p."kind" = t."kind" AND p."sourceId" = t."sourceId"
        AND p."sequence" = t."sequence"
      LEFT JOIN "Lot" l ON l."shopId" = p."shopId" AND l."id" = p."lotId"
      WHERE t."shopId" = ${shopId} AND t."kind" IN (${kinds}) AND t."at" >= ${BigInt(span.from)} AND t."at" < ${BigInt(span.before)}
    ) AS postings
    GROUP BY "earned", "expires", "member", "opens", "fromAccount", "toAccount"`;
  return rows.map((row) => ({
    earned: row.earned === null ? null : Number(row.earned),
    expires: row.expires === null ? null : Number(row.expires),
    group: Number(row.member),
    opens: Number(row.opens) === 1,
    // Written by saveChanges only.
    from: row.fromAccount as SummedPostings["from"],
    to: row.toAccount as SummedPostings["to"],
    points: Number(row.points),
    transactions: Number(row.transactions),
  }));
}
