/**
 * Delivers what waits for one receiver: a trigger of Shopify Flow, or an address of the shop's. What came of each is written after it was
 * sent, so that a crash between the two sends it again under the same id and loses nothing.
 */
import { nextAttemptAt } from "../../core/events/attempts.ts";
import { flowPayload } from "../../core/events/flow-triggers.ts";
import { webhookPayload } from "../../core/events/outgoing-event.ts";
import { RetryAt } from "../../core/retry-at.ts";
import { config } from "../../config.server.ts";
import { findReceiver, flowHandleOf, type EventReceiver } from "../../db/stores/event-receivers.server.ts";
import { currentMembers, customersOfMembers } from "../../db/stores/members.server.ts";
import {
  dueDeliveries,
  nextDueAt,
  settleDelivery,
  type Attempted,
  type DueDelivery,
} from "../../db/stores/outgoing-events.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { triggerFlow } from "../../shopify/trigger-flow.server.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { postToAddress, RefusedAddress } from "./post-to-address.server.ts";
import { signedHeaders } from "./webhook-secret.server.ts";

const AT_ONCE = 5;
/** After so many failures without a success between, the receiver is left alone for a while. */
const MOST_IN_A_ROW = 10;
const LEFT_ALONE_MS = 60_000;

type Came =
  { is: "delivered"; answer: string } | { is: "failed"; answer: string; again: boolean } | { is: "dropped" };

export async function deliverEvents(
  db: Database,
  shopId: number,
  receiverId: string,
  signal: AbortSignal,
): Promise<RetryAt | void> {
  const shop = await activeShop(db, shopId);
  if (!shop) return;
  for (let failures = 0; failures < MOST_IN_A_ROW;) {
    signal.throwIfAborted();
    const receiver = await findReceiver(db, shopId, receiverId);
    if (!receiver?.isActive) return;
    const due = await dueDeliveries(db, shopId, receiverId, Date.now(), AT_ONCE);
    if (due.length === 0) {
      const next = await nextDueAt(db, shopId, receiverId);
      return next === null ? undefined : new RetryAt(next, "the next attempt is due later");
    }
    const came = await Promise.all(due.map((delivery) => attempt(db, shop, receiver, delivery, signal)));
    failures = came.some(({ is }) => is === "delivered") ? 0 : failures + came.length;
  }
  return new RetryAt(Date.now() + LEFT_ALONE_MS, "the receiver does not answer");
}

async function attempt(
  db: Database,
  shop: Shop,
  receiver: EventReceiver,
  delivery: DueDelivery,
  signal: AbortSignal,
): Promise<Came> {
  failpoint("deliver-events:before-send");
  const came = await send(db, shop, receiver, delivery, signal);
  failpoint("deliver-events:after-send");
  const key = { eventId: delivery.event.id, receiverId: receiver.id };
  await db.write(async (tx) => {
    await settleDelivery(tx, shop.id, key, settled(came, delivery.attempts + 1, Date.now()));
    failpoint("deliver-events:before-commit");
  });
  failpoint("deliver-events:after-commit");
  return came;
}

function settled(came: Came, attempts: number, now: number): Attempted {
  if (came.is === "dropped") return { status: "dropped", attempts, dueAt: now, triedAt: now, answer: null };
  const { answer } = came;
  const again = came.is === "failed" && came.again ? nextAttemptAt(attempts, now, Math.random()) : null;
  if (again !== null) return { status: "waiting", attempts, dueAt: again, triedAt: now, answer };
  return { status: came.is, attempts, dueAt: now, triedAt: now, answer };
}

async function send(
  db: Database,
  shop: Shop,
  receiver: EventReceiver,
  delivery: DueDelivery,
  signal: AbortSignal,
): Promise<Came> {
  const subject = await subjectNow(db, shop.id, delivery);
  if (!subject) return { is: "dropped" };
  const handle = flowHandleOf(receiver.id);
  try {
    if (handle === null) return await sendWebhook(shop, receiver, { ...delivery, ...subject }, signal);
    const payload = subject.customerId === null ? null : flowPayload(delivery.event, subject.customerId);
    if (!payload) return { is: "dropped" };
    await triggerFlow(await adminFor(db, shop.id, { signal }), handle, payload);
    return { is: "delivered", answer: "Started" };
  } catch (error) {
    // A worker that stops has not failed: the job is given back.
    signal.throwIfAborted();
    return failureOf(error);
  }
}

/** Who it is about today; `null` where nothing leads to them any more, or Flow is to hear of nobody. */
async function subjectNow(db: Database, shopId: number, { event, memberId, customerId }: DueDelivery) {
  if (event.kind === "test" || customerId !== null) return { memberId, customerId };
  if (memberId === null) return null;
  const current = (await currentMembers(db, shopId, [memberId])).get(memberId) ?? memberId;
  const customer = (await customersOfMembers(db, shopId, [current])).get(current);
  return customer === undefined ? null : { memberId: current, customerId: customer };
}

async function sendWebhook(
  shop: Shop,
  receiver: EventReceiver,
  { event, ...subject }: DueDelivery,
  signal: AbortSignal,
): Promise<Came> {
  const body = JSON.stringify(webhookPayload(event, subject, shop.domain));
  const headers = signedHeaders(shop.id, receiver, { eventId: event.id, body, at: Date.now() });
  const allowsLocal = config().PERENNIAL_LOCAL_WEBHOOKS;
  const status = await postToAddress(receiver.url ?? "", headers, body, { allowsLocal, signal });
  if (status >= 200 && status < 300) return { is: "delivered", answer: `Answered ${status}` };
  const isRedirect = status >= 300 && status < 400;
  const answer = isRedirect
    ? `Answered ${status}: redirects are not followed`
    : status === 410
      ? "Answered 410: it is gone for good"
      : `Answered ${status}`;
  return { is: "failed", answer, again: status !== 410 };
}

function failureOf(error: unknown): Came {
  if (error instanceof RefusedAddress)
    return { is: "failed", answer: "The address leads into a private network", again: true };
  if (error instanceof ShopifyError) {
    const answer = error.kind === "refused" ? error.message : `Shopify could not be asked (${error.kind})`;
    return { is: "failed", answer, again: error.retry !== "never" };
  }
  if (!(error instanceof Error)) throw error;
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  const timedOut = error.name === "TimeoutError" || error.name === "AbortError";
  return {
    is: "failed",
    answer: timedOut ? "No answer in 10 seconds" : (REASONS[code] ?? "The connection failed"),
    again: true,
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "No such address",
  EAI_AGAIN: "The name could not be resolved",
  ECONNREFUSED: "The connection was refused",
  ECONNRESET: "The connection was cut",
  CERT_HAS_EXPIRED: "The certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The certificate is not trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "The certificate is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The certificate is not trusted",
  ERR_TLS_CERT_ALTNAME_INVALID: "The certificate is another address's",
};
