/**
 * Decides whether a shop/redact is meant for the present install. Shopify sends it 48 hours after an uninstall, and by then the
 * merchant may have come back. A shop that seems to be installed is asked: if its token works, the request is an old one.
 */
import { enqueue } from "../../db/stores/jobs.server.ts";
import { findShopById, markUninstalled } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { fetchShopFacts } from "../sync/shop-facts.server.ts";

export async function receiveShopRedaction(
  db: Database,
  shopId: number,
  installGeneration: number,
  also: (tx: Transaction) => Promise<void>,
): Promise<void> {
  const shop = await findShopById(db, shopId);
  const isMeant =
    shop?.installGeneration === installGeneration &&
    (shop.uninstalledAt !== null || !(await stillAnswers(db, shopId)));
  await db.write(async (tx) => {
    await also(tx);
    if (isMeant) {
      // Where the uninstall's own webhook was lost, this is how we hear of it.
      await markUninstalled(tx, shopId, installGeneration, Date.now());
      await enqueue(tx, { shopId, kind: "redact-shop", payload: { installGeneration }, key: "redact-shop" });
    }
    failpoint("shop-redaction:before-commit");
  });
  failpoint("shop-redaction:after-commit");
}

async function stillAnswers(db: Database, shopId: number): Promise<boolean> {
  try {
    await fetchShopFacts(await adminFor(db, shopId));
    return true;
  } catch (error) {
    if (error instanceof ShopifyError && error.kind === "unauthorized") return false;
    throw error;
  }
}
