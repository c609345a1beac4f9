/**
 * Works a shop's stored events. Each names a record; what those records are now is fetched together, saved, and the events
 * marked in the same transaction, so that an event is done exactly when its effect is.
 */
import { RetryAt } from "../../core/retry-at.ts";
import {
  markProcessed as markEvents,
  pendingEvents,
  type InboxEvent as PendingEvent,
} from "../../db/stores/events.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { log } from "../../observability/log.server.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { receiveShopRedaction } from "../privacy/receive-shop-redaction.server.ts";
import { redactCustomer } from "../privacy/redact-customer.server.ts";
import { requestCustomerData } from "../privacy/request-customer-data.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { hastenWindow } from "./hasten-window.server.ts";
import { mergeCustomer } from "./merge-customer.server.ts";
import { refreshShop } from "./refresh-shop.server.ts";
import { syncCosts } from "./sync-costs.server.ts";
import { syncCustomers } from "./sync-customers.server.ts";
import { syncOrders } from "./sync-orders.server.ts";
import { syncProducts } from "./sync-products.server.ts";
import { uninstallShop } from "./uninstall-shop.server.ts";

/** Ids only; the more at once, the more events of one record share its fetch. */
const EVENTS_AT_ONCE = 2_000;

type Run = (db: Database, shopId: number, events: readonly PendingEvent[]) => Promise<void>;

interface Work {
  topics: RegExp;
  /** Works all events of its topics together. */
  run: Run;
  /** Is owed to people even when the shop has left. */
  afterUninstall?: true;
}

/** In this order: erasure first, so that nothing is fetched of whom is about to be erased. */
const WORKS: readonly Work[] = [
  { topics: /^app\/uninstalled$/, run: eachAlone(workUninstall), afterUninstall: true },
  { topics: /^shop\/redact$/, run: eachAlone(workShopRedaction), afterUninstall: true },
  { topics: /^customers\/redact$/, run: eachAlone(workRedaction), afterUninstall: true },
  { topics: /^customers\/data_request$/, run: eachAlone(workDataRequest), afterUninstall: true },
  { topics: /^(shop\/update|app\/scopes_update|app_subscriptions\/update)$/, run: workShop },
  { topics: /^bulk_operations\/finish$/, run: eachAlone(workBulkFinish) },
  { topics: /^customers\/merge$/, run: eachAlone(workMerge) },
  { topics: /^products\//, run: workProducts },
  { topics: /^inventory_items\//, run: workCosts },
  { topics: /^customers\//, run: workCustomers },
  { topics: /^(orders|refunds|disputes)\//, run: workOrders },
];

export async function processEvents(db: Database, shopId: number, signal: AbortSignal): Promise<void> {
  const failed = new Map<string, unknown>();
  while (!signal.aborted) {
    const pending = await pendingEvents(db, shopId, EVENTS_AT_ONCE + failed.size);
    const events = pending.filter((event) => !failed.has(keyOf(event)));
    if (events.length === 0) break;
    for (const [event, error] of await workBatch(db, shopId, events)) failed.set(keyOf(event), error);
  }
  if (failed.size === 0) return;
  const [first] = failed.values();
  throw new Error(`${failed.size} events could not be worked`, { cause: first });
}

type Failures = [PendingEvent, unknown][];

async function workBatch(db: Database, shopId: number, events: readonly PendingEvent[]): Promise<Failures> {
  const failures: Failures = [];
  const isActive = (await activeShop(db, shopId)) !== null;
  const ignored = events.filter((event) => {
    const work = WORKS.find(({ topics }) => topics.test(event.topic));
    // 0: whom it named has been erased since.
    const isOfNobody = event.resourceId === 0 && /^customers\/(?!redact)/.test(event.topic);
    return !work || isOfNobody || (!isActive && !work.afterUninstall);
  });
  if (ignored.length > 0) await db.write((tx) => markProcessed(tx, shopId, ignored));
  const wanted = events.filter((event) => !ignored.includes(event));
  for (const [index, work] of WORKS.entries()) {
    const own = wanted.filter((event) => WORKS.findIndex(({ topics }) => topics.test(event.topic)) === index);
    if (own.length > 0) failures.push(...(await workApart(db, shopId, work.run, own)));
  }
  return failures;
}

/** Halves what failed until the event at fault stands alone: one bad record must not hold up the shop's others. */
async function workApart(
  db: Database,
  shopId: number,
  run: Run,
  events: readonly PendingEvent[],
): Promise<Failures> {
  try {
    await run(db, shopId, events);
    return [];
  } catch (error) {
    if (isOutage(error)) throw error;
    const [event] = events;
    if (events.length === 1 && event) {
      log.warn({ shopId, topic: event.topic, resourceId: event.resourceId, err: error }, "event failed");
      return [[event, error]];
    }
    const middle = Math.ceil(events.length / 2);
    const earlier = await workApart(db, shopId, run, events.slice(0, middle));
    return [...earlier, ...(await workApart(db, shopId, run, events.slice(middle)))];
  }
}

/** Nothing is wrong with the events: Shopify does not answer now, or not for this shop. */
function isOutage(error: unknown): boolean {
  if (error instanceof RetryAt) return true;
  return error instanceof ShopifyError && (error.retry !== "never" || error.kind === "unauthorized");
}

function markProcessed(tx: Transaction, shopId: number, events: readonly PendingEvent[]): Promise<void> {
  return markEvents(tx, shopId, events, Date.now());
}

function keyOf({ topic, eventId }: PendingEvent): string {
  return `${topic} ${eventId}`;
}

function eachAlone(work: (db: Database, shopId: number, event: PendingEvent) => Promise<void>): Run {
  return async (db, shopId, events) => {
    for (const event of events) await work(db, shopId, event);
  };
}

/** Marks the events that named any of the records, in the transaction that saves these. */
function marking(shopId: number, events: readonly PendingEvent[]) {
  return async (tx: Transaction, ids: readonly number[]) => {
    const saved = new Set(ids);
    await markProcessed(
      tx,
      shopId,
      events.filter(({ resourceId }) => saved.has(resourceId)),
    );
  };
}

function idsOf(events: readonly PendingEvent[]): Set<number> {
  return new Set(events.map(({ resourceId }) => resourceId));
}

async function workOrders(db: Database, shopId: number, events: readonly PendingEvent[]): Promise<void> {
  const deletedIds = idsOf(events.filter(({ topic }) => topic === "orders/delete"));
  await syncOrders(db, shopId, idsOf(events), { deletedIds, also: marking(shopId, events) });
}

async function workCustomers(db: Database, shopId: number, events: readonly PendingEvent[]): Promise<void> {
  await syncCustomers(db, shopId, idsOf(events), marking(shopId, events));
}

async function workProducts(db: Database, shopId: number, events: readonly PendingEvent[]): Promise<void> {
  await syncProducts(db, shopId, idsOf(events), marking(shopId, events));
}

async function workCosts(db: Database, shopId: number, events: readonly PendingEvent[]): Promise<void> {
  await syncCosts(db, shopId, idsOf(events), marking(shopId, events));
}

async function workMerge(db: Database, shopId: number, event: PendingEvent): Promise<void> {
  const [survivorId] = event.relatedIds;
  // The survivor has been erased since: the merged one is gone with them.
  if (survivorId === undefined) return workCustomers(db, shopId, [event]);
  await mergeCustomer(db, shopId, event.resourceId, survivorId, (tx) => markProcessed(tx, shopId, [event]));
}

async function workShop(db: Database, shopId: number, events: readonly PendingEvent[]): Promise<void> {
  await refreshShop(db, shopId, (tx) => markProcessed(tx, shopId, events));
}

async function workBulkFinish(db: Database, shopId: number, event: PendingEvent): Promise<void> {
  await db.write(async (tx) => {
    await hastenWindow(tx, shopId, event.resourceId);
    await markProcessed(tx, shopId, [event]);
  });
}

async function workUninstall(db: Database, shopId: number, event: PendingEvent): Promise<void> {
  await db.write(async (tx) => {
    await uninstallShop(tx, shopId, event);
    await markProcessed(tx, shopId, [event]);
  });
}

async function workDataRequest(db: Database, shopId: number, event: PendingEvent): Promise<void> {
  await db.write(async (tx) => {
    await requestCustomerData(tx, shopId, event);
    await markProcessed(tx, shopId, [event]);
  });
}

async function workRedaction(db: Database, shopId: number, event: PendingEvent): Promise<void> {
  await redactCustomer(db, shopId, event.resourceId, event.relatedIds, (tx) =>
    markProcessed(tx, shopId, [event]),
  );
}

async function workShopRedaction(db: Database, shopId: number, event: PendingEvent): Promise<void> {
  await receiveShopRedaction(db, shopId, event.installGeneration, (tx) => markProcessed(tx, shopId, [event]));
}
