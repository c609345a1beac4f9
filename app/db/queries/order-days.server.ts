/** Orders and refunds with the days that they are counted on, a page at a time by id. */
import { chunks } from "../plain.ts";
import type { Reading } from "../types.ts";

export interface StoredDay {
  id: number;
  at: number;
  day: number;
}

export async function orderDaysAfter(
  db: Reading,
  shopId: number,
  afterId: number,
  limit: number,
): Promise<StoredDay[]> {
  const rows = await db.prisma.order.findMany({
    where: { shopId, id: { gt: BigInt(afterId) } },
    select: { id: true, placedAt: true, day: true },
    orderBy: { id: "asc" },
    take: limit,
  });
  return rows.map(({ id, placedAt, day }) => ({ id: Number(id), at: Number(placedAt), day }));
}

/** Refunds of the orders with ids in `(afterId, lastId]`. */
export async function refundDaysOf(
  db: Reading,
  shopId: number,
  afterId: number,
  lastId: number,
): Promise<(StoredDay & { orderId: number })[]> {
  const rows = await db.prisma.refund.findMany({
    where: { shopId, orderId: { gt: BigInt(afterId), lte: BigInt(lastId) } },
    select: { orderId: true, id: true, refundedAt: true, day: true },
  });
  return rows.map(({ orderId, id, refundedAt, day }) => ({
    orderId: Number(orderId),
    id: Number(id),
    at: Number(refundedAt),
    day,
  }));
}

/** Those of the customers who have ordered later than on a day. */
export async function customersWithOrdersAfter(
  db: Reading,
  shopId: number,
  customerIds: readonly number[],
  day: number,
): Promise<Set<number>> {
  const later = new Set<number>();
  for (const some of chunks(customerIds, 500)) {
    const rows = await db.prisma.order.findMany({
      where: { shopId, customerId: { in: some }, day: { gt: day } },
      distinct: ["customerId"],
      select: { customerId: true },
    });
    for (const { customerId } of rows) later.add(Number(customerId));
  }
  return later;
}
