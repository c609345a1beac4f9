/**
 * The door of every webhook: stores topic, event id and resource ids once, adds the job that works them, and only then
 * lets the route answer. The payload is never stored, because it holds personal data.
 *
 * Bursts are committed in groups: while one transaction goes to disk, what arrives meanwhile waits and shares the next one.
 * An answer still means that the event is on disk, and a thousand events cost tens of flushes.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseMinor } from "../../core/money.ts";
import { noteUnchanged, presentCustomers, type SeenCustomer } from "../../db/stores/customers.server.ts";
import { addEvents, markProcessed, type InboxEvent } from "../../db/stores/events.server.ts";
import { enqueueMany } from "../../db/stores/jobs.server.ts";
import { noteUnchangedProducts, type SeenProduct } from "../../db/stores/products.server.ts";
import { installProvenAt } from "../../db/stores/sessions.server.ts";
import { findShop, type Shop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { parseWebhook, type WebhookResource } from "../../shopify/webhooks.ts";
import { excludedByTags } from "./customer-mapper.ts";
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
/** Lets requests that have arrived be read: a transaction leaves the event loop no turn to do so. */
const GATHER_MS = 3;

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
    await sleep(GATHER_MS);
    const group = waiting.splice(0, GROUP_AT_MOST);
    try {
      const receptions = await commitGroup(db, group);
      for (const one of group) one.resolve(receptions.get(one) ?? "unknown-shop");
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
  waitingByDatabase.delete(db);
}

async function commitGroup(db: Database, group: readonly Waiting[]): Promise<Map<Waiting, Reception>> {
  failpoint("receive-event:before-write");
  const receptions = await db.write(async (tx) => {
    const receptions = new Map<Waiting, Reception>();
    const changed: number[] = [];
    for (const [domain, ofShop] of Map.groupBy(group, ({ event }) => event.shopDomain)) {
      const shop = await findShop(tx, domain);
      const stored = shop ? await store(tx, shop, ofShop) : null;
      const areNew = stored?.areNew ?? null;
      for (const [index, one] of ofShop.entries()) {
        receptions.set(one, areNew === null ? "unknown-shop" : areNew[index] ? "stored" : "known");
      }
      if (shop && stored?.hasWork) changed.push(shop.id);
    }
    await enqueueMany(tx, changed.map(processEventsJob));
    failpoint("receive-event:before-commit");
    return receptions;
  });
  failpoint("receive-event:after-commit");
  return receptions;
}

async function store(
  tx: Transaction,
  shop: Shop,
  group: readonly Waiting[],
): Promise<{ areNew: boolean[]; hasWork: boolean }> {
  const erased = await erasedAmong(tx, shop.id, group);
  const provenAt = group.some(({ event }) => event.topic === "app/uninstalled")
    ? await installProvenAt(tx, shop.id)
    : null;
  const receivedAt = Date.now();
  const events = group.map(({ event: { topic, eventId, triggeredAt }, resource }) => {
    const isErased = (id: number) => isOfCustomer(topic) && erased.has(id);
    return {
      topic,
      eventId,
      resourceId: isErased(resource.resourceId) ? 0 : resource.resourceId,
      relatedIds: resource.relatedIds.filter((id) => !isErased(id)),
      installGeneration: generationOf(shop, topic === "app/uninstalled" ? provenAt : null, triggeredAt),
      receivedAt,
    };
  });
  const areNew = await addEvents(tx, shop.id, events);
  const unchanged: Readonly<Record<string, Set<number>>> = {
    "customers/update": await unchangedAmong(tx, shop, group),
    "products/update": await unchangedProducts(tx, shop, group),
  };
  const isDone = ({ topic, resourceId }: InboxEvent) => unchanged[topic]?.has(resourceId) === true;
  const added = events.filter((_, index) => areNew[index]);
  await markProcessed(tx, shop.id, added.filter(isDone), receivedAt);
  return { areNew, hasWork: added.some((event) => !isDone(event)) };
}

/** Customers of whom Shopify tells nothing new, as whenever we have written their metafields: nobody need be asked. */
async function unchangedAmong(tx: Transaction, shop: Shop, group: readonly Waiting[]): Promise<Set<number>> {
  // Somebody is telling customers apart by other tags.
  if (shop.tagsVersion !== shop.tagsAppliedVersion) return new Set();
  const isExcluded = excludedByTags(shop);
  const seen = group.flatMap(({ resource: { resourceId: id, told } }): SeenCustomer[] => {
    const excluded = told && isExcluded(told.tags);
    if (!told || excluded === undefined) return [];
    return [{ id, updatedAt: told.updatedAt, state: told.state.toLowerCase(), excluded }];
  });
  return seen.length === 0 ? new Set() : noteUnchanged(tx, shop.id, seen);
}

/** The same of products. A unit cost tells itself by an event of its own. */
async function unchangedProducts(
  tx: Transaction,
  shop: Shop,
  group: readonly Waiting[],
): Promise<Set<number>> {
  const seen = group.flatMap(({ resource: { resourceId: id, toldProduct } }): SeenProduct[] => {
    if (!toldProduct) return [];
    const variants = toldProduct.variants.map(({ price, ...variant }) => ({
      ...variant,
      priceMinor: parseMinor(price, shop.currency),
    }));
    return [{ ...toldProduct, id, status: toldProduct.status.toLowerCase(), variants }];
  });
  return seen.length === 0 ? new Set() : noteUnchangedProducts(tx, shop.id, seen);
}

function isOfCustomer(topic: string): boolean {
  return topic.startsWith("customers/");
}

/** A late event must not write down again whom the shop has erased. */
async function erasedAmong(tx: Transaction, shopId: number, group: readonly Waiting[]): Promise<Set<number>> {
  const ids = group.flatMap(({ event: { topic }, resource: { resourceId, relatedIds } }) =>
    isOfCustomer(topic) ? [resourceId, ...relatedIds] : [],
  );
  if (ids.length === 0) return new Set();
  const present = await presentCustomers(tx, shopId, new Set(ids));
  return new Set(ids.filter((id) => present.get(id) === null));
}

/**
 * What happened before the present install belongs to the one before it. So does an uninstall from before the shop's token: the
 * merchant is back, although of the end of the earlier install nothing had been heard.
 */
function generationOf(
  { installedAt, installGeneration }: Shop,
  provenAt: number | null,
  triggeredAt: number,
): number {
  const since = Math.max(installedAt ?? -Infinity, provenAt ?? -Infinity);
  return triggeredAt < since ? installGeneration - 1 : installGeneration;
}
