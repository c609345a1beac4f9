/**
 * Which webhooks an app wants: of every shop what its shopify.app.toml names, read as Shopify does when the app is deployed; of one shop also
 * what the app has asked for there.
 */
import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { z } from "zod";
import type { ShopEvent } from "../state/events.ts";
import type { WebhookSubscriptionState } from "../state/model.ts";

export interface WebhookApp {
  clientId: string;
  clientSecret: string;
  /** Where the app runs now: its own addresses in the toml are looked for there. */
  appUrl: string;
  tomlPath: string;
}

interface Subscription {
  topic: string;
  url: string;
  /** Paths of the payload to send, as `id` or `customer.id`; all of it where empty. */
  includeFields: string[];
}

export interface Subscriptions {
  apiVersion: string;
  subscriptions: Subscription[];
}

const COMPLIANCE_TOPICS = ["customers/data_request", "customers/redact", "shop/redact"] as const;

const file = z.object({
  application_url: z.string().optional(),
  webhooks: z
    .object({
      api_version: z.string(),
      subscriptions: z
        .array(
          z.strictObject({
            topics: z.array(z.string()).default([]),
            compliance_topics: z.array(z.enum(COMPLIANCE_TOPICS)).default([]),
            uri: z.string(),
            include_fields: z.array(z.string()).default([]),
          }),
        )
        .default([]),
    })
    .optional(),
});

/** Throws a sentence where the toml asks for what is not modelled: filters, queues of other clouds. */
export function readSubscriptions(app: WebhookApp): Subscriptions {
  const parsed = file.safeParse(parse(readFileSync(app.tomlPath, "utf8")));
  if (!parsed.success) throw new Error(`${app.tomlPath}: ${z.prettifyError(parsed.error)}`);
  const { webhooks, application_url: ownUrl } = parsed.data;
  const subscriptions = (webhooks?.subscriptions ?? []).flatMap((each) =>
    [...each.topics, ...each.compliance_topics].map((topic) => ({
      topic,
      url: addressOf(each.uri, ownUrl, app),
      includeFields: each.include_fields,
    })),
  );
  return { apiVersion: webhooks?.api_version ?? "2026-07", subscriptions };
}

/** What the app has asked of this shop alone that the event is about. */
export function ofInstallation(
  { shop, topic }: Pick<ShopEvent, "shop" | "topic">,
  { clientId }: WebhookApp,
): WebhookSubscriptionState[] {
  const name = topic.toUpperCase().replace("/", "_");
  const all = shop.installation?.subscriptions ?? [];
  return all.filter((each) => each.clientId === clientId && each.topic === name);
}

/** A path, or a full address at the app's own origin, is looked for where the app runs now. */
function addressOf(uri: string, ownUrl: string | undefined, app: WebhookApp): string {
  if (uri.startsWith("/")) return new URL(uri, app.appUrl).href;
  if (!/^https?:\/\//.test(uri)) throw new Error(`${app.tomlPath}: webhooks to ${uri} are not simulated.`);
  const url = new URL(uri);
  if (ownUrl !== undefined && url.origin === new URL(ownUrl).origin)
    return new URL(url.pathname + url.search, app.appUrl).href;
  return url.href;
}

/** The named parts of a payload; a part of a list is taken from each of its members. */
export function pickFields(payload: unknown, paths: readonly string[]): unknown {
  if (paths.length === 0) return payload;
  if (Array.isArray(payload)) return payload.map((member) => pickFields(member, paths));
  if (typeof payload !== "object" || payload === null) return payload;
  const picked: Record<string, unknown> = {};
  const below = new Map<string, string[]>();
  for (const path of paths) {
    const [first = "", ...rest] = path.split(".");
    below.set(first, rest.length === 0 ? [] : [...(below.get(first) ?? []), rest.join(".")]);
  }
  for (const [key, value] of Object.entries(payload)) {
    const paths = below.get(key);
    if (paths) picked[key] = pickFields(value, paths);
  }
  return picked;
}
