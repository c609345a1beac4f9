/** Orders by when they were placed, in the order of their ids: all of a period, or those that changed meanwhile. */
import type { Reading } from "../types.ts";

export interface Period {
  fromAt: number;
  /** The first moment after it. */
  toAt: number;
}

const placedIn = ({ fromAt, toAt }: Period) => ({ placedAt: { gte: fromAt, lt: toAt } });

export async function countOrdersIn(db: Reading, shopId: number, period: Period): Promise<number> {
  return db.prisma.order.count({ where: { shopId, ...placedIn(period) } });
}

export async function ordersIn(
  db: Reading,
  shopId: number,
  period: Period,
  afterId: number,
  limit: number,
): Promise<number[]> {
  const rows = await db.prisma.order.findMany({
    where: { shopId, id: { gt: afterId }, ...placedIn(period) },
    orderBy: { id: "asc" },
    take: limit,
    select: { id: true },
  });
  return rows.map(({ id }) => Number(id));
}

/** Written or deleted since a version of the shop's data. A deleted one has no time any more. */
export async function ordersChangedIn(
  db: Reading,
  shopId: number,
  period: Period,
  sinceVersion: number,
): Promise<number[]> {
  const since = { version: { gt: sinceVersion } };
  const written = await db.prisma.order.findMany({
    where: { shopId, ...since, ...placedIn(period) },
    select: { id: true },
  });
  const deleted = await db.prisma.orderTombstone.findMany({
    where: { shopId, ...since },
    select: { orderId: true },
  });
  return [...written.map(({ id }) => Number(id)), ...deleted.map(({ orderId }) => Number(orderId))];
}
