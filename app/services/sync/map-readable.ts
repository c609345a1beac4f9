/**
 * Maps what Shopify told, and sets aside what could not be read: one record that is amiss must not hold up a page of others, let
 * alone a whole history.
 */
import type { UnreadableRecord } from "../../db/stores/unreadable-records.server.ts";
import { giveWay } from "../../observability/give-way.ts";
import { log } from "../../observability/log.server.ts";
import { idOf } from "../../shopify/gid.ts";
import { MappingError } from "../../shopify/mapping.ts";

interface ToldRecord {
  id: string;
  createdAt: string;
  updatedAt: string;
}

interface ReadRecords<Mapped> {
  mapped: Mapped[];
  unreadable: UnreadableRecord[];
}

const LONGEST_REASON = 200;

export function mapReadable<Node extends ToldRecord, Mapped>(
  nodes: readonly Node[],
  map: (node: Node) => Mapped,
  shopId: number,
): ReadRecords<Mapped> {
  const mapped: Mapped[] = [];
  const unreadable: UnreadableRecord[] = [];
  for (const node of nodes) {
    giveWay();
    try {
      mapped.push(map(node));
    } catch (error) {
      if (!(error instanceof MappingError)) throw error;
      const reason = withoutValues(error.cause);
      log.warn({ shopId, resourceId: error.resourceId, reason }, "record could not be read");
      unreadable.push({
        id: idOf(node.id),
        createdAt: timeOf(node.createdAt),
        updatedAt: timeOf(node.updatedAt),
        reason,
      });
    }
  }
  return { mapped, unreadable };
}

/** The values are the record's, and may be a person's; what is wrong with them is not. */
function withoutValues(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, "[value]")
    .replaceAll(/\d+/g, "[number]")
    .slice(0, LONGEST_REASON);
}

/** A time that is itself amiss counts as long ago: the record is then told by its id alone. */
function timeOf(iso: string): number {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? 0 : time;
}
