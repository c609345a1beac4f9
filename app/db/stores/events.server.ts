/** The inbox: each webhook event once, as ids only, until it is worked. */
import { insertEvents } from "../bulk/insert-events.ts";
import type { Reading, Transaction } from "../types.ts";

export interface InboxEvent {
  topic: string;
  eventId: string;
  resourceId: number;
  relatedIds: readonly number[];
  installGeneration: number;
  receivedAt: number;
}

/** Stores events and answers for each whether it was new. */
export async function addEvents(
  tx: Transaction,
  shopId: number,
  events: readonly InboxEvent[],
): Promise<boolean[]> {
  const rows = events.map((event) => ({ ...event, shopId, relatedIds: JSON.stringify(event.relatedIds) }));
  const added = new Set((await insertEvents(tx, rows)).map(({ topic, eventId }) => `${topic} ${eventId}`));
  // Of two with one key the first was added.
  return events.map(({ topic, eventId }) => added.delete(`${topic} ${eventId}`));
}

/** Stores an event; `false` where it is known already. */
export async function addEvent(tx: Transaction, shopId: number, event: InboxEvent): Promise<boolean> {
  const [isNew = false] = await addEvents(tx, shopId, [event]);
  return isNew;
}

/** Events that are not worked yet, oldest first. */
export async function pendingEvents(db: Reading, shopId: number, limit: number): Promise<InboxEvent[]> {
  const rows = await db.prisma.inboxEvent.findMany({
    where: { shopId, processedAt: null },
    orderBy: [{ receivedAt: "asc" }, { eventId: "asc" }],
    take: limit,
  });
  return rows.map(({ topic, eventId, resourceId, relatedIds, installGeneration, receivedAt }) => ({
    topic,
    eventId,
    resourceId: Number(resourceId),
    relatedIds: JSON.parse(relatedIds) as number[],
    installGeneration,
    receivedAt: Number(receivedAt),
  }));
}

export async function markProcessed(
  tx: Transaction,
  shopId: number,
  events: readonly Pick<InboxEvent, "topic" | "eventId">[],
  at: number,
): Promise<void> {
  for (const topic of new Set(events.map((event) => event.topic))) {
    const eventIds = events.filter((event) => event.topic === topic).map(({ eventId }) => eventId);
    await tx.prisma.inboxEvent.updateMany({
      where: { shopId, topic, eventId: { in: eventIds } },
      data: { processedAt: at },
    });
  }
}

/** Removes worked events that no redelivery can repeat any more. */
export async function expireEvents(tx: Transaction, shopId: number, before: number): Promise<number> {
  const { count } = await tx.prisma.inboxEvent.deleteMany({ where: { shopId, processedAt: { lt: before } } });
  return count;
}
