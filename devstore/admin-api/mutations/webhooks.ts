/** Mutations of the webhooks that an app wants of one shop. */
import { isEnumType } from "graphql";
import { endSubscription, subscribeToWebhook } from "../../state/webhook-subscriptions.ts";
import type { Context } from "../context.ts";
import { notSimulated, userError } from "../errors.ts";
import { gid } from "../ids.ts";
import { fields } from "../model/fields.ts";
import { subscriptionSource } from "../model/webhook.ts";
import { idOf, onlyKnows } from "./results.ts";

interface SubscriptionInput {
  uri?: string | null;
  includeFields?: string[] | null;
  format?: string | null;
}

const refused = (field: string[], message: string) => ({
  webhookSubscription: null,
  userErrors: [userError(field, message)],
});

/** What Shopify's schema says that a topic needs. */
function missingScope(topic: string, { admin, scopes }: Context): string | undefined {
  const topics = admin.schema.getType("WebhookSubscriptionTopic");
  const text = (isEnumType(topics) && topics.getValue(topic)?.description) || "";
  const [, wanted = ""] = /Requires (.*) scopes?/s.exec(text) ?? [];
  const named = [...wanted.matchAll(/`(\w+)`/g)].map(([, scope = ""]) => scope);
  return named.some((scope) => scopes.has(scope)) ? undefined : named[0];
}

export const webhookMutations = fields<unknown>({
  webhookSubscriptionCreate: (_source, args, context) => {
    const topic = String(args["topic"]);
    const input = args["webhookSubscription"] as SubscriptionInput;
    onlyKnows(input, "WebhookSubscriptionInput", ["uri", "includeFields", "format"]);
    if (input.format === "XML") throw notSimulated("WebhookSubscriptionFormat.XML");
    const scope = missingScope(topic, context);
    if (scope !== undefined)
      return refused(["topic"], `You do not have permission to subscribe to ${topic}: it needs ${scope}.`);
    const result = subscribeToWebhook(context.world, context.shop, {
      clientId: context.app.clientId,
      topic,
      url: input.uri ?? "",
      includeFields: [...(input.includeFields ?? [])],
    });
    if (!result.ok) return refused(["webhookSubscription", ...(result.field ?? [])], result.message);
    return { webhookSubscription: subscriptionSource(result.value), userErrors: [] };
  },
  webhookSubscriptionDelete: (_source, args, { shop, app }) => {
    const result = endSubscription(shop, app.clientId, idOf(args["id"]));
    if (!result.ok)
      return { deletedWebhookSubscriptionId: null, userErrors: [userError(result.field, result.message)] };
    return { deletedWebhookSubscriptionId: gid("WebhookSubscription", result.value), userErrors: [] };
  },
});
