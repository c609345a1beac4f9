/**
 * Takes a customer's metafields away before the customer is erased here: afterwards nobody would know whose they were. Where Shopify has no
 * such customer any more, or the shop no longer lets us write, there is nothing that could be done, and the erasure goes on.
 */
import { CUSTOMER_METAFIELDS } from "../../core/storefront/metafields.ts";
import type { Database } from "../../db/types.ts";
import { log } from "../../observability/log.server.ts";
import { gidOf } from "../../shopify/gid.ts";
import { deleteMetafields } from "../../shopify/metafields.server.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { mayWriteCustomers } from "./publishing-scopes.ts";

export async function withdrawProfile(db: Database, shopId: number, customerId: number): Promise<void> {
  const shop = await activeShop(db, shopId);
  // Without that nothing can have been written.
  if (!shop || !mayWriteCustomers(shop)) return;
  const owner = gidOf("Customer", customerId);
  const metafields = Object.keys(CUSTOMER_METAFIELDS).map((key) => ({ owner, key }));
  try {
    await deleteMetafields(await adminFor(db, shopId), "customer", metafields);
  } catch (error) {
    // Anything that passes is tried again, and the erasure with it.
    if (!(error instanceof ShopifyError) || error.retry !== "never") throw error;
    log.warn({ shopId, kind: error.kind, codes: error.codes }, "metafields of an erased customer stay");
  }
}
