/** Who outside hears of events. Secrets are stored as they come: sealed by whoever makes them. */
import type { EventKind } from "../../core/events/outgoing-event.ts";
import { Prisma, type EventReceiver as ReceiverRow } from "../generated/sqlite/client.ts";
import { needsReseal, seal, unseal, type SealingKey } from "../seal.server.ts";
import { plain, type Plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";

export interface EventReceiver extends Omit<Plain<ReceiverRow>, "kinds" | "shopId"> {
  kinds: EventKind[];
}

const FLOW = "flow/";

/** A trigger of Shopify Flow is a receiver of its own. */
export function flowReceiverId(handle: string): string {
  return `${FLOW}${handle}`;
}

/** `null`: an address of the shop's. */
export function flowHandleOf(receiverId: string): string | null {
  return receiverId.startsWith(FLOW) ? receiverId.slice(FLOW.length) : null;
}

export async function activeReceivers(db: Reading, shopId: number): Promise<EventReceiver[]> {
  const rows = await db.sql.rows<Plain<ReceiverRow>>(
    Prisma.sql`SELECT * FROM "EventReceiver" WHERE "shopId" = ${shopId} AND "isActive"`,
  );
  return rows.map(receiverFrom);
}

/** The oldest first. */
export async function eventReceivers(db: Reading, shopId: number): Promise<EventReceiver[]> {
  const rows = await db.prisma.eventReceiver.findMany({
    where: { shopId },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return rows.map(receiverFrom);
}

export async function findReceiver(db: Reading, shopId: number, id: string): Promise<EventReceiver | null> {
  const row = await db.prisma.eventReceiver.findUnique({ where: { shopId_id: { shopId, id } } });
  return row && receiverFrom(row);
}

export async function addReceiver(tx: Transaction, shopId: number, receiver: EventReceiver): Promise<void> {
  const { kinds, ...facts } = receiver;
  await tx.prisma.eventReceiver.create({ data: { shopId, ...facts, kinds: JSON.stringify(kinds) } });
}

export type ReceiverChange = Partial<
  Pick<EventReceiver, "isActive" | "changedAt" | "secret" | "previousSecret" | "previousUntil">
>;

/** `false`: there is no such receiver. */
export async function changeReceiver(
  tx: Transaction,
  shopId: number,
  id: string,
  change: ReceiverChange,
): Promise<boolean> {
  const { count } = await tx.prisma.eventReceiver.updateMany({ where: { shopId, id }, data: change });
  return count > 0;
}

/** With what was still to be sent to it. */
export async function removeReceiver(tx: Transaction, shopId: number, id: string): Promise<boolean> {
  await tx.prisma.eventDelivery.deleteMany({ where: { shopId, receiverId: id } });
  const { count } = await tx.prisma.eventReceiver.deleteMany({ where: { shopId, id } });
  return count > 0;
}

export function secretContext(shopId: number, receiverId: string): string {
  return `event receiver|${shopId}|${receiverId}`;
}

export async function shopsWithSecrets(db: Reading): Promise<number[]> {
  const where = { secret: { not: null } };
  const rows = await db.prisma.eventReceiver.findMany({
    where,
    distinct: ["shopId"],
    select: { shopId: true },
  });
  return rows.map(({ shopId }) => shopId);
}

/** After a change of keys. Answers how many there were. */
export async function resealSecretsOf(
  tx: Transaction,
  shopId: number,
  keys: readonly SealingKey[],
): Promise<number> {
  let resealed = 0;
  for (const { id, secret, previousSecret } of await eventReceivers(tx, shopId)) {
    const context = secretContext(shopId, id);
    const again = (sealed: string | null) =>
      sealed === null ? null : seal(keys, unseal(keys, sealed, context), context);
    if (secret === null || !needsReseal(keys, secret)) continue;
    await changeReceiver(tx, shopId, id, { secret: again(secret), previousSecret: again(previousSecret) });
    resealed += 1;
  }
  return resealed;
}

function receiverFrom(row: ReceiverRow | Plain<ReceiverRow>): EventReceiver {
  const { kinds, id, url, isActive, createdAt, changedAt, secret, previousSecret, previousUntil } =
    plain(row);
  return {
    ...{ id, url, isActive, createdAt, changedAt, secret, previousSecret, previousUntil },
    // Written by addReceiver only.
    kinds: JSON.parse(kinds) as EventKind[],
  };
}
