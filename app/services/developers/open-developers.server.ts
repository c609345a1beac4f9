/** The page for whoever connects other programs: addresses that hear of events, Shopify Flow, and what was sent. */
import { EVENT_KINDS } from "../../core/events/outgoing-event.ts";
import { config } from "../../config.server.ts";
import { FLOW_TRIGGERS } from "../../core/events/flow-triggers.ts";
import { deliveryCounts, latestDeliveries } from "../../db/queries/event-deliveries.server.ts";
import { eventReceivers, flowHandleOf, flowReceiverId } from "../../db/stores/event-receivers.server.ts";
import { apiKeys } from "../../db/stores/api-keys.server.ts";
import type { Database } from "../../db/types.ts";
import { keyPrefix } from "../api/key-text.ts";

const stillUntil = (until: number | null, now: number) => (until !== null && until > now ? until : null);

const DELIVERIES_SHOWN = 25;
const NONE = { waiting: 0, delivered: 0, failed: 0 };

export async function openDevelopers(db: Database, shopId: number, asked: URLSearchParams, now = Date.now()) {
  const onlyFailed = asked.get("deliveries") === "failed";
  const receivers = await eventReceivers(db, shopId);
  const counts = await deliveryCounts(db, shopId);
  const deliveries = await latestDeliveries(db, shopId, { onlyFailed, limit: DELIVERIES_SHOWN });
  const urls = new Map(receivers.map(({ id, url }) => [id, url]));
  return {
    endpoints: receivers
      .filter(({ id }) => flowHandleOf(id) === null)
      .map(({ id, url, kinds, isActive, createdAt, previousUntil }) => ({
        ...{ id, url: url ?? "", kinds, isActive, createdAt },
        previousUntil: stillUntil(previousUntil, now),
        counts: counts.get(id) ?? NONE,
      })),
    triggers: EVENT_KINDS.flatMap((kind) => {
      const trigger = FLOW_TRIGGERS[kind];
      if (!trigger) return [];
      const id = flowReceiverId(trigger.handle);
      const isUsed = receivers.find((receiver) => receiver.id === id)?.isActive ?? false;
      return [{ id, name: trigger.name, isUsed, counts: counts.get(id) ?? NONE }];
    }),
    deliveries: deliveries.map((delivery) => ({ ...delivery, url: urls.get(delivery.receiverId) ?? null })),
    onlyFailed,
    keys: (await apiKeys(db, shopId)).map(({ id, name, scopes, createdAt, lastUsedAt, previousUntil }) => ({
      ...{ id, name, prefix: keyPrefix(shopId, id), scopes, createdAt, lastUsedAt },
      previousUntil: stillUntil(previousUntil, now),
    })),
    documentUrl: new URL("/api/v1/openapi.json", config().SHOPIFY_APP_URL).href,
  };
}
