/** One insert that does nothing on a repeated key; Prisma has no such thing on SQLite, and a failed one ends a PostgreSQL transaction. */
import type { Transaction } from "../types.ts";

export interface InboxEventRow {
  shopId: number;
  topic: string;
  eventId: string;
  resourceId: number;
  relatedIds: string;
  installGeneration: number;
  receivedAt: number;
}

/** The same SQL on both databases. Returns whether the event was new. */
export async function insertEvent(tx: Transaction, row: InboxEventRow): Promise<boolean> {
  const added = await tx.prisma.$executeRaw`
    INSERT INTO "InboxEvent"
      ("shopId", "topic", "eventId", "resourceId", "relatedIds", "installGeneration", "receivedAt")
    VALUES
      (${row.shopId}, ${row.topic}, ${row.eventId}, ${BigInt(row.resourceId)}, ${row.relatedIds}, ${row.installGeneration},
       ${BigInt(row.receivedAt)})
    ON CONFLICT DO NOTHING`;
  return added === 1;
}
