/** Ids and times of what is stored, to be compared with what Shopify lists. */
import type { SyncResource } from "../../core/job.ts";
import type { Reading } from "../types.ts";

export interface StoredStamp {
  createdAt: number;
  updatedAt: number;
}

/** Either some records or all that were created in a half-open span. */
export type Which = { ids: readonly number[] } | { fromAt: number; toAt: number };

export async function orderStamps(db: Reading, shopId: number, which: Which) {
  return recordStamps(db, shopId, "orders", which);
}

export async function recordStamps(
  db: Reading,
  shopId: number,
  resource: SyncResource,
  which: Which,
): Promise<Map<number, StoredStamp>> {
  const query = { where: whereOf(shopId, which), select: { id: true, createdAt: true, updatedAt: true } };
  const rows = await (resource === "orders"
    ? db.prisma.order.findMany(query)
    : resource === "customers"
      ? db.prisma.customer.findMany(query)
      : resource === "products"
        ? db.prisma.product.findMany(query)
        : db.prisma.abandonedCheckout.findMany(query));
  return new Map(
    rows.map((row) => [
      Number(row.id),
      { createdAt: Number(row.createdAt), updatedAt: Number(row.updatedAt) },
    ]),
  );
}

function whereOf(shopId: number, which: Which) {
  return "ids" in which
    ? { shopId, id: { in: which.ids.map(BigInt) } }
    : { shopId, createdAt: { gte: BigInt(which.fromAt), lt: BigInt(which.toAt) } };
}

/** Those of the orders that were written after a version of the shop's data. */
export async function ordersSince(
  db: Reading,
  shopId: number,
  ids: readonly number[],
  version: number,
): Promise<Set<number>> {
  const where = { shopId, id: { in: ids.map(BigInt) }, version: { gt: version } };
  const rows = await db.prisma.order.findMany({ where, select: { id: true } });
  return new Set(rows.map(({ id }) => Number(id)));
}

export async function customersSince(
  db: Reading,
  shopId: number,
  ids: readonly number[],
  version: number,
): Promise<Set<number>> {
  const where = { shopId, id: { in: ids.map(BigInt) }, version: { gt: version } };
  const rows = await db.prisma.customer.findMany({ where, select: { id: true } });
  return new Set(rows.map(({ id }) => Number(id)));
}
