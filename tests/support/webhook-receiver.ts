/** What the webhook route does, without the pages around it: checks the signature over the raw body, stores the event, answers. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Database } from "../../app/db/types.ts";
import { receiveEvent } from "../../app/services/sync/receive-event.server.ts";

/** `databaseOf` says who listens to a shop; nobody is a 503, after which Shopify tries again. */
export async function answerWebhook(
  request: IncomingMessage,
  response: ServerResponse,
  secret: string,
  databaseOf: (shopDomain: string) => Database | undefined,
): Promise<void> {
  response.writeHead(await statusOf(request, secret, databaseOf).catch(() => 500)).end();
}

async function statusOf(
  request: IncomingMessage,
  secret: string,
  databaseOf: (shopDomain: string) => Database | undefined,
): Promise<number> {
  const body = await buffer(request);
  const header = (name: string) => String(request.headers[name] ?? "");
  const signature = createHmac("sha256", secret).update(body).digest();
  const given = Buffer.from(header("x-shopify-hmac-sha256"), "base64");
  if (given.length !== signature.length || !timingSafeEqual(signature, given)) return 401;
  const shopDomain = header("x-shopify-shop-domain");
  const db = databaseOf(shopDomain);
  if (!db) return 503;
  await receiveEvent(db, {
    shopDomain,
    topic: header("x-shopify-topic"),
    eventId: header("x-shopify-event-id"),
    triggeredAt: Date.parse(header("x-shopify-triggered-at")),
    payload: JSON.parse(body.toString()) as unknown,
  });
  return 200;
}
