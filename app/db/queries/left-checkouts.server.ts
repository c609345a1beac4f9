/** The checkouts that customers of a shop left behind, in columns, with a mark that changes whenever they do. */
import { Prisma } from "../generated/sqlite/client.ts";
import type { Reading } from "../types.ts";

export interface StoredCheckouts {
  customerId: Float64Array;
  createdAt: Float64Array;
  /** NaN where it never became an order. */
  completedAt: Float64Array;
}

/** Without the merges of customers, which the shop's data version tells. */
export async function checkoutsMark(db: Reading, shopId: number): Promise<string> {
  const [row] = await db.sql.rows<{ count: number; updatedAt: number | null }>(
    Prisma.sql`SELECT COUNT(*) AS "count", MAX("updatedAt") AS "updatedAt" FROM "AbandonedCheckout" WHERE "shopId" = ${shopId}`,
  );
  return `${row?.count} ${row?.updatedAt ?? ""}`;
}

export async function leftCheckouts(db: Reading, shopId: number): Promise<StoredCheckouts> {
  const rows = await db.prisma.abandonedCheckout.findMany({
    where: { shopId, customerId: { not: null } },
    select: { customerId: true, createdAt: true, completedAt: true },
    orderBy: { id: "asc" },
  });
  return {
    customerId: Float64Array.from(rows, ({ customerId }) => Number(customerId)),
    createdAt: Float64Array.from(rows, ({ createdAt }) => Number(createdAt)),
    completedAt: Float64Array.from(rows, ({ completedAt }) =>
      completedAt === null ? NaN : Number(completedAt),
    ),
  };
}
