/**
 * Marks what is to be published, in one statement inside the transaction that changed it, and only where the shop's storefront is on: with
 * the storefront off, a change of points costs one look at a missing row. The app's own data says then that nothing is on.
 */
import { METAFIELDS, type OwnerType } from "../../core/storefront/metafields.ts";
import type { Transaction } from "../types.ts";

/** Whom a change is about: customers or products by their own ids, customers by members, or by redemptions of members. */
export type Wished =
  | { of: OwnerType; ids: readonly number[] }
  | { of: "members"; ids: readonly number[] }
  | { of: "redemption"; id: string }
  | { of: "all-members" }
  | { of: "orders"; ids: readonly number[] };

/** Answers how many were marked. What waits already keeps its place; `actedAt` brings a customer to the front. */
export async function wishPublications(
  tx: Transaction,
  shopId: number,
  wished: Wished,
  now: number,
  actedAt: number | null,
): Promise<number> {
  const isSqlite = tx.dialect === "sqlite";
  // In the order in which they stand in the statement, because SQLite takes them so.
  const [at, acted, list, shop] = isSqlite
    ? ["?", "?", "?", "?"]
    : ["$1::bigint", "$2::bigint", "$3", wished.of === "all-members" ? "$3::int" : "$4::int"];
  const numbers = isSqlite
    ? `(SELECT value FROM json_each(${list}))`
    : `(SELECT value::bigint FROM json_array_elements_text(${list}::json))`;
  const { owners, listed } = ownersOf(wished, numbers, `${list}${isSqlite ? "" : "::text"}`);
  const ownerType = "ids" in wished && isOwner(wished.of) ? wished.of : "customer";
  const sql = `INSERT INTO "Publication" ("shopId", "ownerType", "ownerId", "wishes", "dueAt", "actedAt", "written")
    SELECT DISTINCT s."shopId", '${ownerType}', owners."ownerId", 1, ${at}, ${acted}, '{}'
    FROM "Storefront" AS s JOIN (${owners}) AS owners ON owners."shopId" = s."shopId"
    WHERE s."shopId" = ${shop} AND (s."state" = 'on' OR '${ownerType}' IN ('app', 'shop')) ORDER BY 3
    ON CONFLICT ("shopId", "ownerType", "ownerId") DO UPDATE SET "wishes" = "Publication"."wishes" + 1,
      "dueAt" = coalesce("Publication"."dueAt", excluded."dueAt"),
      "actedAt" = coalesce(excluded."actedAt", "Publication"."actedAt"), "refusedBecause" = NULL`;
  const parameters = listed === null ? [now, actedAt, shopId] : [now, actedAt, listed, shopId];
  return tx.prisma.$executeRawUnsafe(sql, ...parameters);
}

function isOwner(of: Wished["of"]): of is OwnerType {
  return Object.hasOwn(METAFIELDS, of);
}

function ownersOf(wished: Wished, numbers: string, text: string): { owners: string; listed: string | null } {
  // Of a member who was merged, the link is the other's.
  const linked = `SELECT l."shopId", l."customerId" AS "ownerId" FROM "Member" AS m
    JOIN "MemberLink" AS l ON l."shopId" = m."shopId" AND l."memberId" = coalesce(m."aliasOfId", m."id")`;
  switch (wished.of) {
    case "members":
      return { owners: `${linked} WHERE m."id" IN ${numbers}`, listed: JSON.stringify(wished.ids) };
    case "all-members":
      return { owners: `SELECT "shopId", "customerId" AS "ownerId" FROM "MemberLink"`, listed: null };
    case "orders":
      return {
        owners: `SELECT "shopId", "customerId" AS "ownerId" FROM "Order" WHERE "customerId" IS NOT NULL AND "id" IN ${numbers}`,
        listed: JSON.stringify(wished.ids),
      };
    case "redemption":
      return {
        owners: `${linked} JOIN "Redemption" AS r ON r."shopId" = m."shopId" AND r."memberId" = m."id" WHERE r."id" = ${text}`,
        listed: wished.id,
      };
    default:
      return {
        owners: `SELECT "shopId", ids."value" AS "ownerId" FROM "Storefront", (SELECT value FROM ${numbers} AS listed) AS ids`,
        listed: JSON.stringify(wished.ids),
      };
  }
}
