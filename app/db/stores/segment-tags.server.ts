/** Which segments' members are tagged at Shopify, and who may carry such a tag. */
import type { SegmentName } from "../../core/segments/usual-segments.ts";
import { chunks, plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";

export type TaggingState = "on" | "stopped" | "removing";

export interface Tagging {
  state: TaggingState;
  startedAt: number;
  finishedAt: number | null;
}

const IDS_AT_ONCE = 500;

export async function findTagging(db: Reading, shopId: number, name: SegmentName): Promise<Tagging | null> {
  const row = await db.prisma.segmentTagging.findUnique({ where: { shopId_name: { shopId, name } } });
  if (!row) return null;
  const { state, startedAt, finishedAt } = plain(row);
  // Written by saveTagging only.
  return { state: state as TaggingState, startedAt, finishedAt };
}

/** Names of the segments whose tags are kept up. */
export async function taggedSegments(db: Reading, shopId: number): Promise<string[]> {
  const rows = await db.prisma.segmentTagging.findMany({ where: { shopId, state: "on" } });
  return rows.map(({ name }) => name);
}

export async function saveTagging(
  tx: Transaction,
  shopId: number,
  name: SegmentName,
  tagging: Tagging,
): Promise<void> {
  await tx.prisma.segmentTagging.upsert({
    where: { shopId_name: { shopId, name } },
    create: { shopId, name, ...tagging },
    update: tagging,
  });
}

export async function removeTagging(tx: Transaction, shopId: number, name: SegmentName): Promise<void> {
  await tx.prisma.segmentTagging.deleteMany({ where: { shopId, name } });
}

/** By customer, whether Shopify has said that the tag is there. */
export async function segmentTags(
  db: Reading,
  shopId: number,
  name: SegmentName,
): Promise<Map<number, boolean>> {
  const rows = await db.prisma.segmentTag.findMany({
    where: { shopId, name },
    select: { customerId: true, isTagged: true },
  });
  return new Map(rows.map(({ customerId, isTagged }) => [Number(customerId), isTagged]));
}

export async function countSegmentTags(db: Reading, shopId: number, name: SegmentName): Promise<number> {
  return db.prisma.segmentTag.count({ where: { shopId, name, isTagged: true } });
}

/** Writes down who is about to be tagged; whoever is written down already stays as they are. */
export async function reserveTags(
  tx: Transaction,
  shopId: number,
  name: SegmentName,
  customerIds: readonly number[],
): Promise<void> {
  for (const some of chunks(customerIds, IDS_AT_ONCE)) {
    const known = await tx.prisma.segmentTag.findMany({
      where: { shopId, name, customerId: { in: some } },
      select: { customerId: true },
    });
    const ids = new Set(known.map(({ customerId }) => Number(customerId)));
    await tx.prisma.segmentTag.createMany({
      data: some
        .filter((customerId) => !ids.has(customerId))
        .map((customerId) => ({ shopId, name, customerId, isTagged: false })),
    });
  }
}

/** Only of those who are still written down: who was erased or merged meanwhile is not. */
export async function markTagged(
  tx: Transaction,
  shopId: number,
  name: SegmentName,
  customerIds: readonly number[],
): Promise<void> {
  for (const some of chunks(customerIds, IDS_AT_ONCE)) {
    const where = { shopId, name, customerId: { in: some } };
    await tx.prisma.segmentTag.updateMany({ where, data: { isTagged: true } });
  }
}

export async function removeTags(
  tx: Transaction,
  shopId: number,
  name: SegmentName,
  customerIds: readonly number[],
): Promise<void> {
  for (const some of chunks(customerIds, IDS_AT_ONCE)) {
    await tx.prisma.segmentTag.deleteMany({ where: { shopId, name, customerId: { in: some } } });
  }
}
