/** What has become of events at their receivers, for the merchant. */
import type { EventKind } from "../../core/events/outgoing-event.ts";
import { plain } from "../plain.ts";
import type { DeliveryStatus } from "../stores/outgoing-events.server.ts";
import type { Reading } from "../types.ts";

export interface ListedDelivery {
  eventId: string;
  receiverId: string;
  kind: EventKind;
  occurredAt: number;
  status: DeliveryStatus;
  attempts: number;
  triedAt: number;
  /** Of the next attempt, where it waits for one. */
  dueAt: number;
  answer: string | null;
}

/** Those that were tried last first. */
export async function latestDeliveries(
  { prisma }: Reading,
  shopId: number,
  { onlyFailed, limit }: { onlyFailed: boolean; limit: number },
): Promise<ListedDelivery[]> {
  const rows = await prisma.eventDelivery.findMany({
    where: { shopId, triedAt: { not: null }, ...(onlyFailed && { status: "failed" }) },
    orderBy: [{ triedAt: "desc" }, { eventId: "asc" }, { receiverId: "asc" }],
    take: limit,
  });
  const ids = [...new Set(rows.map(({ eventId }) => eventId))];
  const events = await prisma.outgoingEvent.findMany({ where: { shopId, id: { in: ids } } });
  const byId = new Map(events.map((event) => [event.id, plain(event)]));
  return rows.map(plain).flatMap(({ eventId, receiverId, status, attempts, triedAt, dueAt, answer }) => {
    const event = byId.get(eventId);
    if (!event || triedAt === null) return [];
    // Written by the store of events only.
    const words = { kind: event.kind as EventKind, status: status as DeliveryStatus };
    return [
      { eventId, receiverId, occurredAt: event.occurredAt, attempts, triedAt, dueAt, answer, ...words },
    ];
  });
}

export interface DeliveryCounts {
  waiting: number;
  delivered: number;
  failed: number;
}

/** By receiver. */
export async function deliveryCounts(
  { prisma }: Reading,
  shopId: number,
): Promise<Map<string, DeliveryCounts>> {
  const rows = await prisma.eventDelivery.groupBy({
    by: ["receiverId", "status"],
    where: { shopId, status: { in: ["waiting", "delivered", "failed"] } },
    _count: { _all: true },
  });
  const counts = new Map<string, DeliveryCounts>();
  for (const { receiverId, status, _count } of rows) {
    const known = counts.get(receiverId) ?? { waiting: 0, delivered: 0, failed: 0 };
    counts.set(receiverId, { ...known, [status]: _count._all });
  }
  return counts;
}
