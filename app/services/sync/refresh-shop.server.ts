/**
 * Reads the shop's own facts again: after a settings change, new scopes, or an install. A zone that changed moves every order
 * to another day; a currency that changed, or read_all_orders newly granted, asks for the history anew; who may read disputes hears of them.
 */
import { enqueue } from "../../db/stores/jobs.server.ts";
import { changeShop, findShopById, type Shop, type ShopFacts } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { canReadDisputes } from "../../shopify/fetch-disputes.server.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { fetchShopFacts } from "./shop-facts.server.ts";
import { canReadAllOrders } from "./readable-history.server.ts";
import { restartSync } from "./restart-sync.server.ts";
import { subscribeDisputesJob } from "./subscribe-disputes.server.ts";

export async function refreshShop(
  db: Database,
  shopId: number,
  also?: (tx: Transaction) => Promise<void>,
): Promise<void> {
  failpoint("refresh-shop:before-fetch");
  const { facts } = await fetchShopFacts(await adminFor(db, shopId));
  failpoint("refresh-shop:after-fetch");
  await db.write(async (tx) => {
    const shop = await findShopById(tx, shopId);
    if (shop) await applyShopFacts(tx, shop, facts);
    await also?.(tx);
    failpoint("refresh-shop:before-commit");
  });
  failpoint("refresh-shop:after-commit");
}

/** Saves the facts and adds the jobs that a change of them asks for. */
export async function applyShopFacts(tx: Transaction, shop: Shop, facts: Required<ShopFacts>): Promise<void> {
  await changeShop(tx, shop.id, facts);
  if (facts.timeZone !== shop.timeZone) {
    const payload = { timeZone: facts.timeZone };
    await enqueue(tx, { shopId: shop.id, kind: "rebuild-days", payload, key: "rebuild-days" });
  }
  const seesMore = canReadAllOrders(facts) && !canReadAllOrders(shop);
  if (canReadDisputes(facts) && !canReadDisputes(shop)) await enqueue(tx, subscribeDisputesJob(shop.id));
  if (facts.currency !== shop.currency || seesMore) await restartSync(tx, shop.id, shop.installGeneration);
}
