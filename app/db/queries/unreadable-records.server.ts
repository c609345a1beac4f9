/** The records of a shop that Shopify told in a way that could not be read, those of the newest change first. */
import type { SyncResource } from "../../core/job.ts";
import { plain } from "../plain.ts";
import type { Reading } from "../types.ts";

export interface ShownUnreadable {
  resource: SyncResource;
  id: number;
  createdAt: number;
  /** What of it was amiss, without the value. */
  reason: string;
  /** When it was last tried. */
  seenAt: number;
}

export async function unreadableRecords(
  db: Reading,
  shopId: number,
  limit: number,
): Promise<ShownUnreadable[]> {
  const rows = await db.prisma.unreadableRecord.findMany({
    where: { shopId },
    orderBy: [{ updatedAt: "desc" }, { resource: "asc" }, { id: "asc" }],
    select: { resource: true, id: true, createdAt: true, reason: true, seenAt: true },
    take: limit,
  });
  return rows.map((row) => ({ ...plain(row), resource: row.resource as SyncResource }));
}
