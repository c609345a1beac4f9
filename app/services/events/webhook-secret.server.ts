/**
 * Secrets by which receivers know that a webhook is ours, in the form of standardwebhooks.com, whose libraries check it in most languages:
 * HMAC-SHA256 over `id.timestamp.body`, in the header webhook-signature. For a day after a change the former secret signs as well.
 */
import { createHmac, randomBytes } from "node:crypto";
import { seal, unseal } from "../../db/seal.server.ts";
import { sealingKeys } from "../../db/sealing-keys.server.ts";
import { secretContext, type EventReceiver } from "../../db/stores/event-receivers.server.ts";

const PREFIX = "whsec_";
const BYTES = 32;
export const ROTATION_MS = 24 * 3_600_000;

export interface NewSecret {
  /** Shown once. */
  secret: string;
  sealed: string;
}

export function newSecret(shopId: number, receiverId: string): NewSecret {
  const secret = `${PREFIX}${randomBytes(BYTES).toString("base64")}`;
  return { secret, sealed: seal(sealingKeys(), secret, secretContext(shopId, receiverId)) };
}

/** `at`: epoch milliseconds of the sending, by which receivers refuse what is replayed. */
export function signedHeaders(
  shopId: number,
  { id: receiverId, secret, previousSecret, previousUntil }: EventReceiver,
  { eventId, body, at }: { eventId: string; body: string; at: number },
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const isRotating = previousUntil !== null && previousUntil > at;
  const sealed = [secret, isRotating ? previousSecret : null].filter((each) => each !== null);
  const signatures = sealed.map((each) => {
    const clear = unseal(sealingKeys(), each, secretContext(shopId, receiverId));
    const key = Buffer.from(clear.slice(PREFIX.length), "base64");
    return `v1,${createHmac("sha256", key).update(`${eventId}.${timestamp}.${body}`).digest("base64")}`;
  });
  return {
    "Content-Type": "application/json",
    "User-Agent": "Perennial-Webhooks/1",
    "webhook-id": eventId,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}
