/** One insert of many events that leaves known ones alone; Prisma has no such thing on SQLite, and a failed insert ends a PostgreSQL transaction. */
import { Prisma } from "../generated/sqlite/client.ts";
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

/** The same SQL on both databases. Returns the keys of those that were new; of several with one key the first is. */
export async function insertEvents(
  tx: Transaction,
  rows: readonly InboxEventRow[],
): Promise<{ topic: string; eventId: string }[]> {
  if (rows.length === 0) return [];
  const values = rows.map(
    (row) => Prisma.sql`
      (${row.shopId}, ${row.topic}, ${row.eventId}, ${BigInt(row.resourceId)}, ${row.relatedIds}, ${row.installGeneration},
       ${BigInt(row.receivedAt)})`,
  );
  return tx.prisma.$queryRaw<{ topic: string; eventId: string }[]>`
    INSERT INTO "InboxEvent"
      ("shopId", "topic", "eventId", "resourceId", "relatedIds", "installGeneration", "receivedAt")
    VALUES ${Prisma.join(values)}
    ON CONFLICT DO NOTHING
    RETURNING "topic", "eventId"`;
}
