/**
 * Marks what is to be published, in one statement inside the transaction that changed it, and only where the shop's storefront is on: with
 * the storefront off, a change of points costs one look at a missing row. The app's own data says then that nothing is on.
 */
import { METAFIELDS, type OwnerType } from "../../core/storefront/metafields.ts";
import { Prisma } from "../generated/sqlite/client.ts";
import type { Transaction } from "../types.ts";
import { listOf } from "./list-of.ts";

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
  const { owners, ownerType } = ownersOf(wished, (ids) => listOf(tx, ids, "bigint"));
  const type = Prisma.raw(`'${ownerType}'`);
  return tx.sql.run(Prisma.sql`
    INSERT INTO "Publication" ("shopId", "ownerType", "ownerId", "wishes", "dueAt", "actedAt", "written")
    SELECT DISTINCT s."shopId", ${type}, owners."ownerId", 1, CAST(${now} AS BIGINT), CAST(${actedAt} AS BIGINT), '{}'
    FROM "Storefront" AS s JOIN (${owners}) AS owners ON owners."shopId" = s."shopId"
    WHERE s."shopId" = ${shopId} AND (s."state" = 'on' OR ${type} IN ('app', 'shop')) ORDER BY 3
    ON CONFLICT ("shopId", "ownerType", "ownerId") DO UPDATE SET "wishes" = "Publication"."wishes" + 1,
      "dueAt" = coalesce("Publication"."dueAt", excluded."dueAt"),
      "actedAt" = coalesce(excluded."actedAt", "Publication"."actedAt"), "refusedBecause" = NULL`);
}

function isOwner(of: Wished["of"]): of is OwnerType {
  return Object.hasOwn(METAFIELDS, of);
}

function ownersOf(
  wished: Wished,
  numbersOf: (ids: readonly number[]) => Prisma.Sql,
): { owners: Prisma.Sql; ownerType: OwnerType } {
  // Of a member who was merged, the link is the other's.
  const linked = Prisma.sql`SELECT l."shopId", l."customerId" AS "ownerId" FROM "Member" AS m
    JOIN "MemberLink" AS l ON l."shopId" = m."shopId" AND l."memberId" = coalesce(m."aliasOfId", m."id")`;
  const ownerType = isOwner(wished.of) ? wished.of : "customer";
  switch (wished.of) {
    case "members":
      return { ownerType, owners: Prisma.sql`${linked} WHERE m."id" IN ${numbersOf(wished.ids)}` };
    case "all-members":
      return { ownerType, owners: Prisma.sql`SELECT "shopId", "customerId" AS "ownerId" FROM "MemberLink"` };
    case "orders":
      return {
        ownerType,
        owners: Prisma.sql`SELECT "shopId", "customerId" AS "ownerId" FROM "Order"
          WHERE "customerId" IS NOT NULL AND "id" IN ${numbersOf(wished.ids)}`,
      };
    case "redemption":
      return {
        ownerType,
        owners: Prisma.sql`${linked} JOIN "Redemption" AS r ON r."shopId" = m."shopId" AND r."memberId" = m."id"
          WHERE r."id" = ${wished.id}`,
      };
    default:
      return {
        ownerType,
        owners: Prisma.sql`SELECT "shopId", ids."value" AS "ownerId" FROM "Storefront",
          (SELECT value FROM ${numbersOf(wished.ids)} AS listed) AS ids`,
      };
  }
}
