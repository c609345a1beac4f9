/** What a merchant can do with their own addresses and with what was sent to them, each with the sentence that tells how it went. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { EVENT_KINDS } from "../../core/events/outgoing-event.ts";
import { config } from "../../config.server.ts";
import {
  addReceiver,
  changeReceiver as change,
  eventReceivers,
  findReceiver,
  flowHandleOf,
  removeReceiver,
} from "../../db/stores/event-receivers.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import {
  deliverJob,
  sendAgain,
  sendFailedAgain,
  tellReceiver,
} from "../../db/stores/outgoing-events.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { faultOfUrl, type AddressFault } from "./post-to-address.server.ts";
import { newSecret, ROTATION_MS } from "./webhook-secret.server.ts";

export const MOST_ENDPOINTS = 10;

const id = z.string().regex(/^[\w-]{1,64}$/);
const receiverId = z.string().regex(/^[\w/-]{1,80}$/);
const kinds = z
  .string()
  .transform((text) => text.split(",").filter(Boolean))
  .pipe(z.array(z.enum(EVENT_KINDS)).max(EVENT_KINDS.length));
const wish = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("add-endpoint"), url: z.string().trim().max(2_000), kinds }),
  z.object({ intent: z.literal("pause-endpoint"), id }),
  z.object({ intent: z.literal("resume-endpoint"), id }),
  z.object({ intent: z.literal("remove-endpoint"), id }),
  z.object({ intent: z.literal("rotate-secret"), id }),
  z.object({ intent: z.literal("test-endpoint"), id }),
  z.object({ intent: z.literal("send-again"), id, receiver: receiverId }),
  z.object({ intent: z.literal("send-failed-again"), id: receiverId }),
]);
type Wish = z.infer<typeof wish>;

export interface ReceiverChange {
  ok: boolean;
  message: string;
  /** To be shown this once. */
  secret?: string;
  /** What is wrong with the address. */
  field?: "url" | "kinds";
}

/** `null`: nothing that can be asked. */
export async function changeReceiver(
  db: Database,
  shopId: number,
  form: Record<string, unknown>,
  now = Date.now(),
): Promise<ReceiverChange | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  const changed = await db.write(async (tx) => {
    await lockShop(tx, shopId);
    const done = await apply(tx, shopId, asked.data, now);
    failpoint("change-receiver:before-commit");
    return done;
  });
  failpoint("change-receiver:after-commit");
  return changed;
}

const GONE = { ok: false, message: "It is not there any more" } as const;
const said = (isDone: boolean, message: string): ReceiverChange => (isDone ? { ok: true, message } : GONE);

async function apply(tx: Transaction, shopId: number, asked: Wish, now: number): Promise<ReceiverChange> {
  switch (asked.intent) {
    case "add-endpoint":
      return add(tx, shopId, asked, now);
    case "remove-endpoint":
      return said(await removeReceiver(tx, shopId, asked.id), "The address is removed");
    case "pause-endpoint": {
      const isPaused = await change(tx, shopId, asked.id, { isActive: false, changedAt: now });
      return said(isPaused, "Nothing more is sent there");
    }
    case "resume-endpoint": {
      const isResumed = await change(tx, shopId, asked.id, { isActive: true, changedAt: now });
      if (isResumed) await enqueue(tx, deliverJob(shopId, asked.id));
      return said(isResumed, "Events are sent there again");
    }
    case "rotate-secret": {
      const receiver = await findReceiver(tx, shopId, asked.id);
      if (!receiver) return GONE;
      const { secret, sealed } = newSecret(shopId, asked.id);
      const previous = { previousSecret: receiver.secret, previousUntil: now + ROTATION_MS };
      await change(tx, shopId, asked.id, { secret: sealed, ...previous });
      return { ok: true, message: "There is a new secret; the former one signs as well for a day", secret };
    }
    case "test-endpoint": {
      const receiver = await findReceiver(tx, shopId, asked.id);
      if (!receiver) return GONE;
      if (!receiver.isActive) return { ok: false, message: "It is paused: let it go on first" };
      await tellReceiver(tx, shopId, asked.id, randomUUID(), now);
      return { ok: true, message: "A test event is on its way" };
    }
    case "send-again": {
      const key = { eventId: asked.id, receiverId: asked.receiver };
      return said(await sendAgain(tx, shopId, key, now), "It is sent again");
    }
    case "send-failed-again": {
      const count = await sendFailedAgain(tx, shopId, asked.id, now);
      if (count === 0) return { ok: false, message: "There is nothing that was given up" };
      return { ok: true, message: count === 1 ? "It is sent again" : `${count} events are sent again` };
    }
  }
}

const FAULTS: Readonly<Record<AddressFault, string>> = {
  "not-an-address": "Enter a whole address, such as https://example.com/points",
  "not-https": "The address has to begin with https://",
  "names-a-user": "Leave out user and password: the signature says that it is us",
  "private-address": "The address has to be one of the public internet",
};

async function add(
  tx: Transaction,
  shopId: number,
  { url, kinds }: Extract<Wish, { intent: "add-endpoint" }>,
  now: number,
): Promise<ReceiverChange> {
  const fault = faultOfUrl(url, { allowsLocal: config().PERENNIAL_LOCAL_WEBHOOKS });
  if (fault) return { ok: false, message: FAULTS[fault], field: "url" };
  if (kinds.length === 0) return { ok: false, message: "Choose what to send there", field: "kinds" };
  const own = (await eventReceivers(tx, shopId)).filter((each) => flowHandleOf(each.id) === null);
  if (own.length >= MOST_ENDPOINTS)
    return { ok: false, message: `There can be ${MOST_ENDPOINTS} addresses: remove one first`, field: "url" };
  if (own.some((each) => each.url === url))
    return { ok: false, message: "Events are sent to this address already", field: "url" };
  const receiverId = randomUUID();
  const { secret, sealed } = newSecret(shopId, receiverId);
  await addReceiver(tx, shopId, {
    ...{ id: receiverId, url, kinds: [...new Set(kinds)], isActive: true, createdAt: now, changedAt: now },
    ...{ secret: sealed, previousSecret: null, previousUntil: null },
  });
  return { ok: true, message: "The address is added", secret };
}
