/** What an id of a customer stands for here: somebody, somebody merged into another, somebody erased, or nobody. */
import { Prisma } from "../generated/sqlite/client.ts";
import { hashSubject } from "../subject-hash.ts";
import type { Database } from "../types.ts";

type CustomerStanding =
  /** `createdAt` is `null` where only orders name the customer. */
  | { kind: "known"; createdAt: number | null; excluded: boolean; formerIds: number[] }
  | { kind: "merged"; intoId: number }
  | { kind: "erased"; erasedAt: number }
  | { kind: "unknown" };

export async function customerStanding(
  db: Database,
  shopId: number,
  customerId: number,
): Promise<CustomerStanding> {
  const [[row], [alias], [order], formers] = await Promise.all([
    db.sql.rows<{ createdAt: number; excluded: boolean }>(
      Prisma.sql`SELECT "createdAt", "excluded" FROM "Customer"
        WHERE "shopId" = ${shopId} AND "id" = ${customerId}`,
    ),
    db.sql.rows<{ toId: number }>(
      Prisma.sql`SELECT "toId" FROM "CustomerAlias" WHERE "shopId" = ${shopId} AND "fromId" = ${customerId}`,
    ),
    db.sql.rows<{ id: number }>(
      Prisma.sql`SELECT "id" FROM "Order" WHERE "shopId" = ${shopId} AND "customerId" = ${customerId} LIMIT 1`,
    ),
    db.sql.rows<{ fromId: number }>(
      Prisma.sql`SELECT "fromId" FROM "CustomerAlias" WHERE "shopId" = ${shopId} AND "toId" = ${customerId}`,
    ),
  ]);
  if (alias) return { kind: "merged", intoId: alias.toId };
  if (row || order) {
    return {
      kind: "known",
      createdAt: row?.createdAt ?? null,
      excluded: row?.excluded ?? false,
      formerIds: formers.map(({ fromId }) => fromId),
    };
  }
  const subjectHash = { in: hashSubject(db.subjectKeys(), shopId, customerId) };
  const erasure = await db.prisma.erasure.findFirst({
    where: { shopId, subjectHash, rejoinedAt: null },
  });
  return erasure ? { kind: "erased", erasedAt: Number(erasure.erasedAt) } : { kind: "unknown" };
}
