/**
 * Events for receivers outside. Whoever changes something that is told says so by `tellOutside` inside the same transaction: so an event is
 * there exactly when what it tells of is. A job for each receiver then delivers (app/services/events/deliver-events.server.ts).
 */
import { createHash } from "node:crypto";
import type { NewJob } from "../../core/job.ts";
import { isToldFlow } from "../../core/events/flow-triggers.ts";
import type { EventData, EventKind, EventSubject, OutgoingEvent } from "../../core/events/outgoing-event.ts";
import { writeRows } from "../bulk/write-rows.ts";
import { chunks, plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";
import { activeReceivers, flowHandleOf, type EventReceiver } from "./event-receivers.server.ts";
import { enqueueMany } from "./jobs.server.ts";

/** Something that has happened to a member, or to a customer who need not be one. */
export type NewEvent = {
  [Kind in EventKind]: {
    kind: Kind;
    /** What caused it: the same cause of one kind is the same event, however often it is told. */
    cause: string;
    occurredAt: number;
    data: EventData[Kind];
  } & ({ memberId: number } | { customerId: number });
}[EventKind];

interface StoredEvent extends EventSubject {
  event: OutgoingEvent;
}

/** Nothing is written where nobody listens to that kind. */
export async function tellOutside(
  tx: Transaction,
  shopId: number,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const receivers = await activeReceivers(tx, shopId);
  const heard = events.filter((event) => receivers.some((receiver) => hears(receiver, event)));
  const ids = new Map(heard.map((event) => [event, eventId(shopId, event)]));
  const known = await knownIds(tx, shopId, [...ids.values()]);
  const fresh = heard.filter((event) => !known.has(ids.get(event) ?? ""));
  await writeEvents(
    tx,
    shopId,
    fresh.map((event) => ({ ...event, id: ids.get(event) ?? "" })),
    (event) => receivers.filter((receiver) => hears(receiver, event)).map(({ id }) => id),
  );
}

function hears({ id, kinds }: EventReceiver, event: Pick<OutgoingEvent, "kind" | "data">): boolean {
  return kinds.includes(event.kind) && (flowHandleOf(id) === null || isToldFlow(event));
}

/** Tells one receiver alone, whatever it has asked for. */
export async function tellReceiver(
  tx: Transaction,
  shopId: number,
  receiverId: string,
  cause: string,
  at: number,
): Promise<void> {
  const test = { kind: "test", cause, occurredAt: at, data: {}, memberId: null } as const;
  await writeEvents(tx, shopId, [{ ...test, id: eventId(shopId, test) }], () => [receiverId]);
}

function eventId(shopId: number, { kind, cause }: { kind: EventKind; cause: string }): string {
  const hash = createHash("sha256").update(JSON.stringify([shopId, kind, cause]));
  return `evt_${hash.digest("base64url").slice(0, 27)}`;
}

async function knownIds(tx: Transaction, shopId: number, ids: readonly string[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (const some of chunks(ids, 500)) {
    const rows = await tx.prisma.outgoingEvent.findMany({
      where: { shopId, id: { in: some } },
      select: { id: true },
    });
    for (const { id } of rows) known.add(id);
  }
  return known;
}

type WrittenEvent = Pick<NewEvent, "kind" | "occurredAt" | "data"> & {
  id: string;
  memberId?: number | null;
  customerId?: number;
};

async function writeEvents(
  tx: Transaction,
  shopId: number,
  events: readonly WrittenEvent[],
  receiversOf: (event: WrittenEvent) => string[],
): Promise<void> {
  const rows = events.map(({ id, kind, occurredAt, data, memberId, customerId }) => ({
    ...{ shopId, id, kind, memberId: memberId ?? null, customerId: customerId ?? null, occurredAt },
    data: JSON.stringify(data),
  }));
  await writeRows(tx, "OutgoingEvent", rows);
  const dueAt = Date.now();
  const deliveries = events.flatMap((event) =>
    receiversOf(event).map((receiverId) => ({
      ...{ shopId, eventId: event.id, receiverId, status: "waiting", attempts: 0, dueAt },
    })),
  );
  await writeRows(tx, "EventDelivery", deliveries);
  const receivers = new Set(deliveries.map(({ receiverId }) => receiverId));
  await enqueueMany(
    tx,
    [...receivers].map((receiverId) => deliverJob(shopId, receiverId)),
  );
}

/** Each receiver by itself, so that a slow one holds nobody up. */
export function deliverJob(shopId: number, receiverId: string): NewJob<"deliver-events"> {
  const key = `deliver-events/${receiverId}`;
  return { shopId, kind: "deliver-events", payload: { receiverId }, key, queue: key };
}

export interface DueDelivery extends StoredEvent {
  attempts: number;
}

/** Those that wait the longest first. */
export async function dueDeliveries(
  db: Reading,
  shopId: number,
  receiverId: string,
  now: number,
  limit: number,
): Promise<DueDelivery[]> {
  const waiting = await db.prisma.eventDelivery.findMany({
    where: { shopId, receiverId, status: "waiting", dueAt: { lte: now } },
    orderBy: [{ dueAt: "asc" }, { eventId: "asc" }],
    take: limit,
  });
  const events = await eventsById(
    db,
    shopId,
    waiting.map(({ eventId }) => eventId),
  );
  return waiting.map(({ eventId, attempts }) => {
    const stored = events.get(eventId);
    if (!stored) throw new Error(`event ${eventId} is missing`);
    return { ...stored, attempts };
  });
}

/** When the next one is due; `null`: none waits. */
export async function nextDueAt(db: Reading, shopId: number, receiverId: string): Promise<number | null> {
  const next = await db.prisma.eventDelivery.findFirst({
    where: { shopId, receiverId, status: "waiting" },
    orderBy: { dueAt: "asc" },
    select: { dueAt: true },
  });
  return next ? Number(next.dueAt) : null;
}

async function eventsById(
  db: Reading,
  shopId: number,
  ids: readonly string[],
): Promise<Map<string, StoredEvent>> {
  const rows = await db.prisma.outgoingEvent.findMany({ where: { shopId, id: { in: [...ids] } } });
  return new Map(
    rows.map(plain).map(({ id, kind, occurredAt, data, memberId, customerId }) => [
      id,
      {
        ...{ memberId, customerId },
        // Written by writeEvents only.
        event: { id, kind, occurredAt, data: JSON.parse(data) as unknown } as OutgoingEvent,
      },
    ]),
  );
}

export type DeliveryStatus = "waiting" | "delivered" | "failed" | "dropped";

export interface Attempted {
  status: DeliveryStatus;
  attempts: number;
  dueAt: number;
  triedAt: number | null;
  answer: string | null;
}

export async function settleDelivery(
  tx: Transaction,
  shopId: number,
  key: { eventId: string; receiverId: string },
  attempted: Attempted,
): Promise<void> {
  await tx.prisma.eventDelivery.updateMany({ where: { shopId, ...key }, data: attempted });
}

/** As if it had never been tried. `false`: it is not there any more, or waits already. */
export async function sendAgain(
  tx: Transaction,
  shopId: number,
  key: { eventId: string; receiverId: string },
  now: number,
): Promise<boolean> {
  const { count } = await tx.prisma.eventDelivery.updateMany({
    where: { shopId, ...key, status: { in: ["failed", "delivered"] } },
    data: { status: "waiting", attempts: 0, dueAt: now },
  });
  if (count > 0) await enqueueMany(tx, [deliverJob(shopId, key.receiverId)]);
  return count > 0;
}

/** All that were given up of one receiver. */
export async function sendFailedAgain(
  tx: Transaction,
  shopId: number,
  receiverId: string,
  now: number,
): Promise<number> {
  const { count } = await tx.prisma.eventDelivery.updateMany({
    where: { shopId, receiverId, status: "failed" },
    data: { status: "waiting", attempts: 0, dueAt: now },
  });
  if (count > 0) await enqueueMany(tx, [deliverJob(shopId, receiverId)]);
  return count;
}

export async function expireOutgoingEvents(tx: Transaction, shopId: number, before: number): Promise<void> {
  const old = await tx.prisma.outgoingEvent.findMany({
    where: { shopId, occurredAt: { lt: before } },
    orderBy: { occurredAt: "asc" },
    take: EXPIRED_AT_ONCE,
    select: { id: true },
  });
  await removeEvents(
    tx,
    shopId,
    old.map(({ id }) => id),
  );
}

const EXPIRED_AT_ONCE = 5_000;

/** Those that name a customer who is erased; what names members alone leads to nobody any more. */
export async function forgetEventsOf(
  tx: Transaction,
  shopId: number,
  customerIds: readonly number[],
): Promise<void> {
  const named = await tx.prisma.outgoingEvent.findMany({
    where: { shopId, customerId: { in: [...customerIds] } },
    select: { id: true },
  });
  await removeEvents(
    tx,
    shopId,
    named.map(({ id }) => id),
  );
}

/** What names a customer who was merged is about the survivor. */
export async function mergeEventsOf(
  tx: Transaction,
  shopId: number,
  fromId: number,
  toId: number,
): Promise<void> {
  await tx.prisma.outgoingEvent.updateMany({
    where: { shopId, customerId: fromId },
    data: { customerId: toId },
  });
}

async function removeEvents(tx: Transaction, shopId: number, ids: readonly string[]): Promise<void> {
  for (const some of chunks(ids, 500)) {
    await tx.prisma.eventDelivery.deleteMany({ where: { shopId, eventId: { in: some } } });
    await tx.prisma.outgoingEvent.deleteMany({ where: { shopId, id: { in: some } } });
  }
}
