/**
 * What spending points on a reward has to hold and know, in one statement each: a shopper waits for it, and each question costs more
 * than what it asks.
 */
import { Prisma, type MemberBalance } from "../generated/sqlite/client.ts";
import type { Plain } from "../plain.ts";
import type { Transaction } from "../types.ts";

/**
 * Holds, until the transaction ends, the balance of whoever the member is by what was written when this was asked: who waits for a merge
 * gets the one that was merged, and has to look again. `null` where there is no such member.
 */
export async function lockBalanceOf(
  { sql, dialect }: Transaction,
  shopId: number,
  memberId: number,
): Promise<Plain<MemberBalance> | null> {
  const statement =
    dialect === "sqlite"
      ? Prisma.sql`
          UPDATE "MemberBalance" SET "debt" = "debt" WHERE "shopId" = ${shopId} AND "memberId" =
            (SELECT coalesce("aliasOfId", "id") FROM "Member" WHERE "shopId" = ${shopId} AND "id" = ${memberId})
          RETURNING *`
      : Prisma.sql`
          SELECT b.* FROM "Member" AS m
          JOIN "MemberBalance" AS b ON b."shopId" = m."shopId" AND b."memberId" = coalesce(m."aliasOfId", m."id")
          WHERE m."shopId" = ${shopId} AND m."id" = ${memberId} FOR UPDATE OF b`;
  const [row] = await sql.rows<Plain<MemberBalance>>(statement);
  return row ?? null;
}

export interface RedeemingFacts {
  /** Who the member is now. */
  memberId: number;
  isShopActive: boolean;
  currency: string;
  timeZone: string;
  /** As Shopify lists them, with commas. */
  scopes: string;
  programmeState: string | null;
  /** The seconds at which redemptions of `lockedId` expire after `now`, under this and former numbers. */
  expiries: ReadonlySet<number>;
}

export async function redeemingFacts(
  { sql, dialect }: Transaction,
  shopId: number,
  { memberId, lockedId, now }: { memberId: number; lockedId: number; now: number },
): Promise<RedeemingFacts> {
  type Row = Omit<RedeemingFacts, "expiries" | "isShopActive"> & {
    expiries: string | null;
    isShopActive: number;
  };
  const list = Prisma.raw(dialect === "sqlite" ? "json_group_array" : "json_agg");
  // By member first, and when they expire is no condition: a shop has as many as it likes, most of them yet to expire.
  const [row] = await sql.rows<Row>(Prisma.sql`
    SELECT coalesce(m."aliasOfId", m."id") AS "memberId", s."currency", s."timeZone", s."scopes",
      CASE WHEN s."installedAt" IS NOT NULL AND s."uninstalledAt" IS NULL THEN 1 ELSE 0 END AS "isShopActive",
      p."state" AS "programmeState",
      (SELECT CAST(${list}(own."expiresAt") FILTER (WHERE own."expiresAt" > CAST(${now} AS BIGINT)) AS TEXT) FROM
        (SELECT "expiresAt" FROM "Redemption" WHERE "shopId" = ${shopId} AND "memberId" = ${lockedId}
          UNION ALL SELECT r."expiresAt" FROM "Member" AS former CROSS JOIN "Redemption" AS r
            WHERE former."shopId" = ${shopId} AND former."aliasOfId" = ${lockedId}
              AND r."shopId" = ${shopId} AND r."memberId" = former."id") AS own) AS "expiries"
    FROM "Member" AS m JOIN "Shop" AS s ON s."id" = m."shopId"
    LEFT JOIN "LoyaltyProgramme" AS p ON p."shopId" = m."shopId"
    WHERE m."shopId" = ${shopId} AND m."id" = ${memberId}`);
  if (!row) throw new Error(`there is no member ${memberId}`);
  return {
    ...row,
    isShopActive: row.isShopActive === 1,
    expiries: new Set(JSON.parse(row.expiries ?? "[]") as number[]),
  };
}
