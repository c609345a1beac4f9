/** Subscribes one shop to its disputes, once, whatever became of an earlier try. */
import { failpoint } from "../observability/failpoint.ts";
import type { AdminClient } from "./admin-client.server.ts";
import { DISPUTE_SUBSCRIPTIONS, END_SUBSCRIPTION, SUBSCRIBE_TO_DISPUTES } from "./operations/webhooks.ts";
import { ShopifyError } from "./shopify-error.ts";
import { DISPUTE_TOPICS } from "./webhooks.ts";

interface Subscription {
  id: string;
  topic: string;
  uri: string;
}

/** Afterwards both topics come to this address and to no other: the app may have lived elsewhere. */
export async function subscribeToDisputes(client: AdminClient, uri: string): Promise<void> {
  const before = await subscriptions(client);
  if (!isComplete(before, uri)) {
    failpoint("subscribe-disputes:before-subscribe");
    const { create, update } = await client.request(SUBSCRIBE_TO_DISPUTES, { uri });
    failpoint("subscribe-disputes:after-subscribe");
    // One of them may be there already, which Shopify says only in words: what counts is what is there now.
    if (!isComplete(await subscriptions(client), uri)) {
      const codes = [create, update].flatMap((each) => each?.userErrors ?? []).map(({ message }) => message);
      throw new ShopifyError("refused", "Shopify did not subscribe the shop to its disputes.", { codes });
    }
  }
  for (const { id } of before.filter((each) => each.uri !== uri)) {
    failpoint("subscribe-disputes:before-end");
    await client.request(END_SUBSCRIPTION, { id });
    failpoint("subscribe-disputes:after-end");
  }
}

async function subscriptions(client: AdminClient): Promise<Subscription[]> {
  const { nodes } = (await client.request(DISPUTE_SUBSCRIPTIONS, {})).webhookSubscriptions;
  return nodes.map(({ id, topic, uri }) => ({ id, topic: String(topic), uri }));
}

function isComplete(all: readonly Subscription[], uri: string): boolean {
  return DISPUTE_TOPICS.map((topic) => topic.toUpperCase().replace("/", "_")).every((name) =>
    all.some((each) => each.topic === name && each.uri === uri),
  );
}
