/** What the database holds of a shop, in a form that two databases can be compared by: without versions and times of syncing. */
import type { Database } from "../../app/db/types.ts";

export type ShopRows = Record<string, unknown[]>;

/** Every row that is a copy of Shopify's; `version` tells only when it was written. */
export async function shopRows(db: Database, shopId: number): Promise<ShopRows> {
  const where = { shopId };
  const omit = { shopId: true, version: true } as const;
  const byId = { id: "asc" } as const;
  return {
    orders: plainRows(await db.prisma.order.findMany({ where, omit, orderBy: byId })),
    lines: plainRows(
      await db.prisma.orderLine.findMany({
        where,
        omit: { shopId: true },
        orderBy: [{ orderId: "asc" }, { id: "asc" }],
      }),
    ),
    refunds: plainRows(
      await db.prisma.refund.findMany({
        where,
        omit: { shopId: true },
        orderBy: [{ orderId: "asc" }, { id: "asc" }],
      }),
    ),
    customers: plainRows(await db.prisma.customer.findMany({ where, omit, orderBy: byId })),
    products: plainRows(await db.prisma.product.findMany({ where, omit: { shopId: true }, orderBy: byId })),
    variants: plainRows(
      await db.prisma.productVariant.findMany({ where, omit: { shopId: true }, orderBy: byId }),
    ),
    checkouts: plainRows(
      await db.prisma.abandonedCheckout.findMany({ where, omit: { shopId: true }, orderBy: byId }),
    ),
  };
}

function plainRows(rows: readonly object[]): unknown[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]: [string, unknown]) => [
        column,
        typeof value === "bigint" ? Number(value) : value,
      ]),
    ),
  );
}
