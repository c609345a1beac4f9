/**
 * The one door in for orders known by their ids: fetch, map, decide, save. Webhooks, sweeps and audits end here; the history
 * that comes by bulk (run-backfill-window.server.ts) ends in the same mapping and the same rows. What an event said is never
 * believed: it names the order, and Shopify is asked what is true now.
 */
import { ordersSince, orderStamps } from "../../db/queries/record-stamps.server.ts";
import { deleteOrder, saveOrders } from "../../db/stores/orders.server.ts";
import { publishBuyersLater } from "../../db/stores/publications.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import { settleUnreadable } from "../../db/stores/unreadable-records.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { disputeStateOf } from "../../shopify/dispute-state.ts";
import { ordersById } from "../../shopify/fetch-orders.server.ts";
import { idOf } from "../../shopify/gid.ts";
import { referralCodeOf } from "../../shopify/referral-code-of.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { accrueOrders } from "../loyalty/accrue-orders.server.ts";
import { askCollections } from "../loyalty/ask-collections.server.ts";
import { settleOrderRedemptions } from "../loyalty/settle-order-redemptions.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { inChunks } from "./chunks.ts";
import { mapReadable } from "./map-readable.ts";
import { orderMapper } from "./order-mapper.ts";
import { canReadAllOrders, oldestListedOrder } from "./readable-history.server.ts";

/** Orders in one transaction: small, because SQLite has one writer and pages wait for it. */
const ORDERS_PER_TRANSACTION = 25;

export interface SyncOrdersOptions {
  /** Orders that Shopify itself said are deleted. */
  deletedIds?: ReadonlySet<number>;
  /** More work in the transaction that saves these orders: what says that they are done. */
  also?: (tx: Transaction, orderIds: readonly number[]) => Promise<void>;
}

export interface SyncedOrders {
  applied: number;
  deleted: number;
}

export async function syncOrders(
  db: Database,
  shopId: number,
  orderIds: Iterable<number>,
  options: SyncOrdersOptions = {},
): Promise<SyncedOrders> {
  const synced = { applied: 0, deleted: 0 };
  for (const ids of inChunks(new Set(orderIds), ORDERS_PER_TRANSACTION)) {
    for (let left = ids; left.length > 0;) {
      const round = await fetchAndSave(db, shopId, left, options);
      synced.applied += round.applied;
      synced.deleted += round.deleted;
      left = round.overtaken;
    }
  }
  return synced;
}

/**
 * Shopify's times are whole seconds, so of two answers with the same time nobody can tell which is newer. An order that someone
 * else saved between our question and our transaction is therefore asked for again instead of saved.
 */
async function fetchAndSave(
  db: Database,
  shopId: number,
  ids: readonly number[],
  { deletedIds = new Set(), also }: SyncOrdersOptions,
): Promise<SyncedOrders & { overtaken: number[] }> {
  const shop = await activeShop(db, shopId);
  if (!shop) return { applied: 0, deleted: 0, overtaken: [] };
  const client = await adminFor(db, shopId);
  failpoint("sync-orders:before-fetch");
  const answer = await ordersById(client, ids);
  failpoint("sync-orders:after-fetch");
  const orders = mapReadable(answer.orders, orderMapper(shop), shopId);
  const disputes = new Map(answer.orders.map((node) => [idOf(node.id), disputeStateOf(node)]));
  const codes = new Map(answer.orders.map((node) => [idOf(node.id), referralCodeOf(node)]));
  const gone = await goneForGood(db, client, shop, answer.missing, deletedIds);
  const collections = await askCollections(db, shopId, orders.mapped);

  const saved = await db.write(async (tx) => {
    const { timeZone } = await lockShop(tx, shopId);
    if (timeZone !== shop.timeZone) throw new Error("the shop's time zone changed during the fetch");
    const overtaken = await ordersSince(tx, shopId, ids, shop.dataVersion);
    const current = orders.mapped.filter(({ id }) => !overtaken.has(id));
    const { applied } = await saveOrders(tx, shopId, current);
    await settleOrderRedemptions(tx, shopId, current, Date.now());
    for (const id of gone) await deleteOrder(tx, shopId, id, Date.now());
    const saved = ids.filter((id) => !overtaken.has(id) || gone.includes(id));
    // The rules have begun to name collections meanwhile: those orders are asked for once more.
    const unbound = await accrueOrders(tx, shop, saved, Date.now(), { collections, disputes, codes });
    const done = saved.filter((id) => !unbound.includes(id));
    await publishBuyersLater(tx, shopId, saved);
    const unreadable = orders.unreadable.filter(({ id }) => !overtaken.has(id));
    await settleUnreadable(tx, shopId, "orders", { ids: done }, unreadable);
    await also?.(tx, done);
    failpoint("sync-orders:before-commit");
    return { applied, deleted: gone.length, overtaken: ids.filter((id) => !done.includes(id)) };
  });
  failpoint("sync-orders:after-commit");
  return saved;
}

/**
 * Of the orders that Shopify does not answer with, those that no longer exist. Without read_all_orders Shopify is silent about
 * old orders too, and an order that may not be read is not deleted: only one younger than the oldest that it still lists is gone.
 */
async function goneForGood(
  db: Database,
  client: AdminClient,
  shop: { id: number; scopes: string },
  absent: readonly number[],
  deletedIds: ReadonlySet<number>,
): Promise<number[]> {
  if (absent.length === 0 || canReadAllOrders(shop)) return [...absent];
  const named = absent.filter((id) => deletedIds.has(id));
  const stored = await orderStamps(db, shop.id, { ids: absent });
  const oldest = stored.size > 0 ? await oldestListedOrder(client) : null;
  const younger = absent.filter(
    (id) => oldest !== null && (stored.get(id)?.createdAt ?? -Infinity) >= oldest,
  );
  return [...new Set([...named, ...younger])];
}
