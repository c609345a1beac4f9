/** Which orders name any of some customers: they are asked for again when a customer is merged away or deleted. */
import type { Reader } from "../database.server.ts";

export async function ordersOfCustomers(
  db: { prisma: Pick<Reader, "order"> },
  shopId: number,
  customerIds: readonly number[],
): Promise<number[]> {
  if (customerIds.length === 0) return [];
  const rows = await db.prisma.order.findMany({
    where: { shopId, customerId: { in: customerIds.map(BigInt) } },
    select: { id: true },
  });
  return rows.map(({ id }) => Number(id));
}
