/**
 * What an authenticated shop turns into: a tenant with its facts, and a sync that has been started once. Called by page loads
 * until one call has succeeded, so all but the first of calls at the same time only refresh the facts.
 */
import { enqueue } from "../../db/stores/jobs.server.ts";
import { ensureShop, findShopById, lockShop, markInstalled } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { canReadDisputes } from "../../shopify/fetch-disputes.server.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { fetchShopFacts } from "./shop-facts.server.ts";
import { applyShopFacts } from "./refresh-shop.server.ts";
import { restartSync } from "./restart-sync.server.ts";
import { subscribeDisputesJob } from "./subscribe-disputes.server.ts";

export interface InstalledShop {
  shopId: number;
  installGeneration: number;
  /** This call began an install; it was not one of many page loads. */
  isNew: boolean;
}

export async function installShop(db: Database, shopDomain: string): Promise<InstalledShop> {
  const { id: shopId } = await db.write((tx) => ensureShop(tx, shopDomain));
  failpoint("install-shop:before-fetch");
  const { facts } = await fetchShopFacts(await adminFor(db, shopId));
  failpoint("install-shop:after-fetch");
  const installed = await db.write(async (tx): Promise<InstalledShop> => {
    const isThere = (await findShopById(tx, shopId)) !== null;
    const shop = isThere ? await lockShop(tx, shopId) : null;
    // The redaction of an earlier install began meanwhile: what is left of it is nobody's, and the next page load begins anew.
    if (shop?.domain !== shopDomain) throw new Error(`shop ${shopId} was erased during its install`);
    const isNew = shop.installedAt === null || shop.uninstalledAt !== null;
    if (!isNew) {
      await applyShopFacts(tx, shop, facts);
      return { shopId, installGeneration: shop.installGeneration, isNew };
    }
    const { installGeneration } = await markInstalled(tx, shopId, facts, Date.now());
    await restartSync(tx, shopId, installGeneration);
    // An uninstall ends a shop's own subscriptions; optional scopes may have been granted again with the install.
    if (canReadDisputes(facts)) await enqueue(tx, subscribeDisputesJob(shopId));
    failpoint("install-shop:before-commit");
    return { shopId, installGeneration, isNew };
  });
  failpoint("install-shop:after-commit");
  return installed;
}
