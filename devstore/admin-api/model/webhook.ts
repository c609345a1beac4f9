/** Webhook subscriptions that an app has made for one shop; those of its toml are not among them, as at Shopify. */
import type { WebhookSubscriptionState } from "../../state/model.ts";
import type { Collection } from "../connection.ts";
import type { Arguments, Context } from "../context.ts";
import { notSimulated } from "../errors.ts";
import { gid } from "../ids.ts";
import { dateTime } from "../time.ts";
import { fields, type Fields } from "./fields.ts";
import type { Typed } from "./sources.ts";

export interface SubscriptionSource extends Typed {
  subscription: WebhookSubscriptionState;
}

export const subscriptionSource = (subscription: WebhookSubscriptionState): SubscriptionSource => ({
  __typename: "WebhookSubscription",
  subscription,
});

/** Those of the app that asks: no other's can be seen. */
export function ownSubscriptions({ shop, app }: Context): WebhookSubscriptionState[] {
  return (shop.installation?.subscriptions ?? []).filter(({ clientId }) => clientId === app.clientId);
}

const KNOWN = new Set(["first", "after", "last", "before", "reverse", "topics", "uri"]);

export function subscriptionCollection(
  args: Arguments,
  context: Context,
): Collection<WebhookSubscriptionState> {
  for (const [name, given] of Object.entries(args))
    if (!KNOWN.has(name) && given !== null && given !== undefined && name !== "sortKey")
      throw notSimulated(`Argument webhookSubscriptions.${name}`);
  const topics = args["topics"] as string[] | null | undefined;
  const uri = args["uri"] as string | null | undefined;
  return {
    items: ownSubscriptions(context),
    matches: ({ topic, url }) => (topics?.includes(topic) ?? true) && (!uri || uri === url),
    sortValue: ({ createdAt }) => createdAt,
    id: ({ id }) => id,
    source: subscriptionSource,
  };
}

export const webhookTypes: Readonly<Record<string, Fields>> = {
  WebhookSubscription: fields<SubscriptionSource>({
    id: ({ subscription }) => gid("WebhookSubscription", subscription.id),
    legacyResourceId: ({ subscription }) => String(subscription.id),
    topic: ({ subscription }) => subscription.topic,
    uri: ({ subscription }) => subscription.url,
    format: () => "JSON",
    filter: () => null,
    includeFields: ({ subscription }) => subscription.includeFields,
    metafieldNamespaces: () => [],
    createdAt: ({ subscription }) => dateTime(subscription.createdAt),
    updatedAt: ({ subscription }) => dateTime(subscription.createdAt),
  }),
};
