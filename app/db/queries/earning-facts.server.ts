/** What decides, beside the order itself, what an order earns when it is first seen. */
import type { Reading } from "../types.ts";

/** Those of the customers who have one of the excluded tags. */
export async function excludedAmong(
  db: Reading,
  shopId: number,
  customerIds: readonly number[],
): Promise<Set<number>> {
  const where = { shopId, id: { in: [...customerIds] }, excluded: true };
  const rows = await db.prisma.customer.findMany({ where, select: { id: true } });
  return new Set(rows.map(({ id }) => Number(id)));
}

/** The first order of each of the customers; of those placed in the same second the one with the lowest id. */
export async function firstOrders(
  db: Reading,
  shopId: number,
  customerIds: readonly number[],
): Promise<Map<number, number>> {
  const earliest = await db.prisma.order.groupBy({
    by: ["customerId"],
    where: { shopId, customerId: { in: [...customerIds] } },
    _min: { placedAt: true },
  });
  const places = earliest.flatMap(({ customerId, _min: { placedAt } }) =>
    customerId === null || placedAt === null ? [] : [{ customerId, placedAt }],
  );
  const orders = await db.prisma.order.findMany({
    where: { shopId, OR: places },
    orderBy: { id: "desc" },
    select: { id: true, customerId: true },
  });
  return new Map(orders.map(({ id, customerId }) => [Number(customerId), Number(id)]));
}
