/**
 * The door of every webhook: stores topic, event id and resource ids once, adds the job that works them, and only then
 * lets the route answer. The payload is never stored, because it holds personal data.
 *
 * Bursts are committed in groups: while one transaction goes to disk, what arrives meanwhile waits and shares the next one.
 * An answer still means that the event is on disk, and a thousand events cost tens of flushes.
 */
import { presentCustomers } from "../../db/stores/customers.server.ts";
import { addEvent } from "../../db/stores/events.server.ts";
import { enqueueMany } from "../../db/stores/jobs.server.ts";
import { findShop, type Shop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { parseWebhook, type WebhookResource } from "../../shopify/webhooks.ts";
import { processEventsJob } from "./process-events-job.ts";

export interface IncomingEvent {
  shopDomain: string;
  /** As Shopify's header names it: orders/updated. */
  topic: string;
  eventId: string;
  /** When the change happened at Shopify; tells an earlier install's late uninstall from this one's. */
  triggeredAt: number;
  payload: unknown;
}

/** known: it was stored before. unknown-shop: never installed, or already erased; there is nothing to do for it. */
export type Reception = "stored" | "known" | "unknown-shop" | "unknown-topic";

interface Waiting {
  event: Omit<IncomingEvent, "payload">;
  resource: WebhookResource;
  resolve: (reception: Reception) => void;
  reject: (reason: unknown) => void;
}

/** Events in one transaction: with more, the first ones wait too long for their answer. */
const GROUP_AT_MOST = 200;

const waitingByDatabase = new WeakMap<Database, Waiting[]>();

/** Throws where the payload is not what Shopify sends for the topic. */
export async function receiveEvent(db: Database, { payload, ...event }: IncomingEvent): Promise<Reception> {
  const resource = parseWebhook(event.topic, payload);
  if (!resource) return "unknown-topic";
  return new Promise((resolve, reject) => {
    const waiting = waitingByDatabase.get(db);
    if (waiting) {
      waiting.push({ event, resource, resolve, reject });
    } else {
      const first = [{ event, resource, resolve, reject }];
      waitingByDatabase.set(db, first);
      void commitGroups(db, first);
    }
  });
}

async function commitGroups(db: Database, waiting: Waiting[]): Promise<void> {
  while (waiting.length > 0) {
    const group = waiting.splice(0, GROUP_AT_MOST);
    try {
      const receptions = await commitGroup(db, group);
      for (const [index, { resolve }] of group.entries()) resolve(receptions[index] ?? "stored");
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
  waitingByDatabase.delete(db);
}

async function commitGroup(db: Database, group: readonly Waiting[]): Promise<Reception[]> {
  failpoint("receive-event:before-write");
  const receptions = await db.write(async (tx) => {
    const shops = await shopsOf(tx, group);
    const changed = new Set<number>();
    const receptions: Reception[] = [];
    for (const { event, resource } of group) {
      const shop = shops.get(event.shopDomain);
      const reception = shop ? await store(tx, shop, event, resource) : "unknown-shop";
      if (shop && reception === "stored") changed.add(shop.id);
      receptions.push(reception);
    }
    await enqueueMany(tx, [...changed].map(processEventsJob));
    failpoint("receive-event:before-commit");
    return receptions;
  });
  failpoint("receive-event:after-commit");
  return receptions;
}

async function shopsOf(tx: Transaction, group: readonly Waiting[]): Promise<Map<string, Shop>> {
  const shops = new Map<string, Shop>();
  for (const domain of new Set(group.map(({ event }) => event.shopDomain))) {
    const shop = await findShop(tx, domain);
    if (shop) shops.set(domain, shop);
  }
  return shops;
}

async function store(
  tx: Transaction,
  shop: Shop,
  { topic, eventId, triggeredAt }: Waiting["event"],
  { resourceId, relatedIds }: WebhookResource,
): Promise<Reception> {
  const erased = topic.startsWith("customers/")
    ? await erasedAmong(tx, shop.id, [resourceId, ...relatedIds])
    : null;
  const isNew = await addEvent(tx, shop.id, {
    topic,
    eventId,
    resourceId: erased?.has(resourceId) ? 0 : resourceId,
    relatedIds: relatedIds.filter((id) => !erased?.has(id)),
    installGeneration: generationOf(shop, triggeredAt),
    receivedAt: Date.now(),
  });
  return isNew ? "stored" : "known";
}

/** A late event must not write down again whom the shop has erased. */
async function erasedAmong(tx: Transaction, shopId: number, ids: readonly number[]): Promise<Set<number>> {
  const present = await presentCustomers(tx, shopId, new Set(ids));
  return new Set(ids.filter((id) => present.get(id) === null));
}

/** What happened before the present install belongs to the one before it. */
function generationOf({ installedAt, installGeneration }: Shop, triggeredAt: number): number {
  return installedAt !== null && triggeredAt < installedAt ? installGeneration - 1 : installGeneration;
}
