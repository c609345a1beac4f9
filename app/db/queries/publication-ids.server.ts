/** Whom a shop's storefront may show something of, in the order of their ids. */
import type { Reading } from "../types.ts";

export async function publicationIds(
  db: Reading,
  shopId: number,
  ownerType: "customer" | "product",
  afterId: number,
  limit: number,
): Promise<number[]> {
  const query = {
    where: { shopId, id: { gt: afterId } },
    orderBy: { id: "asc" as const },
    take: limit,
    select: { id: true },
  };
  const rows = await (ownerType === "customer"
    ? db.prisma.customer.findMany(query)
    : db.prisma.product.findMany(query));
  return rows.map(({ id }) => Number(id));
}
