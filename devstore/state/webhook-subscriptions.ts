/** What an app asks to hear of one shop: made and ended by the app itself, gone with its installation. Completely or not at all. */
import type { ShopState, WebhookSubscriptionState, World } from "./model.ts";
import { fail, succeed, type Result } from "./result.ts";
import { newId, now, wholeSecond } from "./world.ts";

export type NewSubscription = Omit<WebhookSubscriptionState, "id" | "createdAt">;

export function subscribeToWebhook(
  world: World,
  shop: ShopState,
  input: NewSubscription,
): Result<WebhookSubscriptionState> {
  const { installation } = shop;
  if (!installation) return fail("wrong-state", "The app is not installed.", null);
  const url = URL.canParse(input.url) ? new URL(input.url) : null;
  // Shopify takes secure addresses only; the local one also those of this machine.
  const isAddress = url?.protocol === "https:" || (url?.protocol === "http:" && url.hostname === "localhost");
  if (!isAddress) return fail("invalid", "Address protocol is not supported", ["uri"]);
  const all = installation.subscriptions ?? [];
  const isSame = ({ clientId, topic, url }: WebhookSubscriptionState) =>
    clientId === input.clientId && topic === input.topic && url === input.url;
  if (all.some(isSame)) return fail("taken", "Address for this topic has already been taken", ["uri"]);
  const subscription = {
    id: newId(world, "webhookSubscription"),
    ...input,
    createdAt: wholeSecond(now(world)),
  };
  installation.subscriptions = [...all, subscription];
  return succeed(subscription);
}

export function endSubscription(shop: ShopState, clientId: string, id: number): Result<number> {
  const all = shop.installation?.subscriptions ?? [];
  const rest = all.filter((each) => each.id !== id || each.clientId !== clientId);
  if (!shop.installation || rest.length === all.length)
    return fail("not-found", "Webhook subscription does not exist", ["id"]);
  shop.installation.subscriptions = rest;
  return succeed(id);
}
