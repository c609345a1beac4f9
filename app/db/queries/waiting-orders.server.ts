/** Orders of customers whose points wait until these are members. */
import type { Reading } from "../types.ts";

export async function waitingOrders(
  db: Reading,
  shopId: number,
  customerIds: readonly number[],
): Promise<number[]> {
  const orders = await db.prisma.order.findMany({
    where: { shopId, customerId: { in: [...customerIds] } },
    select: { id: true },
  });
  const ids = orders.map(({ id }) => id);
  const waiting = await db.prisma.orderAccrual.findMany({
    where: { shopId, orderId: { in: ids }, memberId: null },
    select: { orderId: true },
  });
  return waiting.map(({ orderId }) => Number(orderId));
}
