/** Orders of a customer whose points wait until the customer is a member. */
import type { Reading } from "../types.ts";

export async function waitingOrders(db: Reading, shopId: number, customerId: number): Promise<number[]> {
  const orders = await db.prisma.order.findMany({ where: { shopId, customerId }, select: { id: true } });
  const ids = orders.map(({ id }) => id);
  const waiting = await db.prisma.orderAccrual.findMany({
    where: { shopId, orderId: { in: ids }, memberId: null },
    select: { orderId: true },
  });
  return waiting.map(({ orderId }) => Number(orderId));
}
