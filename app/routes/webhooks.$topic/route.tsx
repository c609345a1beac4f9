/**
 * Where every webhook arrives (shopify.app.toml): the signature is checked, the event stored once, 200 answered. The work
 * is done later by the file that the toml names beside the topic.
 */
import type { ActionFunctionArgs } from "@remix-run/node";
import { ZodError } from "zod";
import { authenticateWebhook } from "../../authentication.server.ts";
import { database } from "../../db/database.server.ts";
import { log } from "../../observability/log.server.ts";
import { receiveEvent } from "../../services/sync/receive-event.server.ts";

export async function action({ request }: ActionFunctionArgs) {
  const event = await authenticateWebhook(request);
  try {
    await receiveEvent(await database(), event);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    // Shopify would send the same payload again; reconciliation brings what it was about.
    log.warn({ topic: event.topic, eventId: event.eventId }, "webhook without the ids of its topic");
  }
  return new Response(null, { status: 200 });
}

/** A visitor's browser finds nothing here. */
export function loader() {
  return new Response(null, { status: 405, headers: { Allow: "POST" } });
}
