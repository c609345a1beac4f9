/**
 * Records that Shopify tells in a way that could not be read: remembered by id and time until they can be, so that a shop's figures
 * say what they lack and no audit looks for them in vain.
 */
import type { SyncResource } from "../../core/job.ts";
import { chunks, plain } from "../plain.ts";
import { recordStamps, type Which } from "../queries/record-stamps.server.ts";
import type { Reading, Transaction } from "../types.ts";
import { presentCustomers } from "./customers.server.ts";
import { lockShop } from "./shops.server.ts";

export interface UnreadableRecord {
  id: number;
  createdAt: number;
  updatedAt: number;
  /** What of it was amiss, without the value. */
  reason: string;
}

/**
 * Takes in what an answer of Shopify's showed: of the records asked for, these could not be read, and all others could or are gone.
 * One that is stored as newer than this answer was read since, and one of somebody erased is nobody's.
 */
export async function settleUnreadable(
  tx: Transaction,
  shopId: number,
  resource: SyncResource,
  asked: Which,
  unreadable: readonly UnreadableRecord[],
): Promise<void> {
  await tx.prisma.unreadableRecord.deleteMany({ where: { shopId, resource, ...askedWhere(asked) } });
  if (unreadable.length === 0) return;
  await lockShop(tx, shopId);
  const seenAt = Date.now();
  for (const some of chunks(unreadable, 200)) {
    const ids = some.map(({ id }) => id);
    const stored = await recordStamps(tx, shopId, resource, { ids });
    const people = resource === "customers" ? await presentCustomers(tx, shopId, new Set(ids)) : null;
    const kept = some.filter(
      ({ id, updatedAt }) => !people?.has(id) && (stored.get(id)?.updatedAt ?? -Infinity) <= updatedAt,
    );
    await tx.prisma.unreadableRecord.deleteMany({ where: { shopId, resource, id: { in: ids } } });
    await tx.prisma.unreadableRecord.createMany({
      data: kept.map((record) => ({ ...record, shopId, resource, seenAt })),
    });
  }
}

function askedWhere(asked: Which) {
  return "ids" in asked
    ? { id: { in: [...asked.ids] } }
    : { createdAt: { gte: asked.fromAt, lt: asked.toAt } };
}

/** Those of some records that could not be read when they were last told, with the time of the change that could not. */
export async function unreadableAmong(
  db: Reading,
  shopId: number,
  resource: SyncResource,
  asked: Which,
): Promise<Map<number, { createdAt: number; updatedAt: number }>> {
  const rows = await db.prisma.unreadableRecord.findMany({
    where: { shopId, resource, ...askedWhere(asked) },
    select: { id: true, createdAt: true, updatedAt: true },
  });
  return new Map(
    rows.map(plain).map(({ id, createdAt, updatedAt }) => [id, { createdAt, updatedAt }] as const),
  );
}

/** The ones that were tried longest ago. */
export async function unreadableToRetry(
  db: Reading,
  shopId: number,
  limit: number,
): Promise<Map<SyncResource, number[]>> {
  const rows = await db.prisma.unreadableRecord.findMany({
    where: { shopId },
    orderBy: [{ seenAt: "asc" }, { resource: "asc" }, { id: "asc" }],
    take: limit,
  });
  const byResource = Map.groupBy(rows, ({ resource }) => resource as SyncResource);
  return new Map([...byResource].map(([resource, own]) => [resource, own.map(({ id }) => Number(id))]));
}

export async function countUnreadable(db: Reading, shopId: number): Promise<number> {
  return db.prisma.unreadableRecord.count({ where: { shopId } });
}
