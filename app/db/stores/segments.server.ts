/** The rules of segments that a merchant has changed. */
import type { SegmentRule } from "../../core/segments/segment-rule.ts";
import type { SegmentName } from "../../core/segments/usual-segments.ts";
import { Prisma } from "../generated/sqlite/client.ts";
import type { Reading, Transaction } from "../types.ts";

interface StoredSegment {
  name: string;
  /** As it was stored: an earlier version of the app may have known other facts. */
  rule: unknown;
}

export async function loadSegments(db: Reading, shopId: number): Promise<StoredSegment[]> {
  const rows = await db.sql.rows<{ name: string; rule: string }>(
    Prisma.sql`SELECT "name", "rule" FROM "Segment" WHERE "shopId" = ${shopId}`,
  );
  return rows.map(({ name, rule }) => ({ name, rule: JSON.parse(rule) as unknown }));
}

export async function saveSegment(
  tx: Transaction,
  shopId: number,
  name: SegmentName,
  rule: SegmentRule,
  at: number,
): Promise<void> {
  const row = { rule: JSON.stringify(rule), updatedAt: at };
  await tx.prisma.segment.upsert({
    where: { shopId_name: { shopId, name } },
    create: { shopId, name, ...row },
    update: row,
  });
}

/** The segment has its usual rule from now on. */
export async function removeSegment(tx: Transaction, shopId: number, name: SegmentName): Promise<void> {
  await tx.prisma.segment.deleteMany({ where: { shopId, name } });
}
