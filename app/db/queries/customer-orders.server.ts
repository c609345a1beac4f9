/** Which orders and checkouts name any of some customers: they are asked for again when one is merged away or deleted. */
import type { Reading } from "../types.ts";

export async function ordersOfCustomers(
  db: Reading,
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

export async function checkoutsOfCustomers(
  db: Reading,
  shopId: number,
  customerIds: readonly number[],
): Promise<number[]> {
  if (customerIds.length === 0) return [];
  const rows = await db.prisma.abandonedCheckout.findMany({
    where: { shopId, customerId: { in: customerIds.map(BigInt) } },
    select: { id: true },
  });
  return rows.map(({ id }) => Number(id));
}
