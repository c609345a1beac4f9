/** The merchant's wish that the storefront shows what Perennial publishes, or no longer shows it. */
import { enqueue } from "../../db/stores/jobs.server.ts";
import { publishProgrammeLater } from "../../db/stores/publications.server.ts";
import { findShopById, lockShop } from "../../db/stores/shops.server.ts";
import { findStorefront, saveStorefront, type StorefrontState } from "../../db/stores/storefronts.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { refreshShop } from "../sync/refresh-shop.server.ts";
import { missingPublishingScopes } from "./publishing-scopes.ts";
import { republishJob } from "./republish-shop.server.ts";

export type Switching =
  | { ok: true; state: StorefrontState }
  /** The merchant has to grant these first. */
  | { ok: false; reason: "scope-missing"; scopes: string[] };

export async function switchStorefront(db: Database, shopId: number, isOn: boolean): Promise<Switching> {
  if (isOn) {
    const scopes = await scopesStillMissing(db, shopId);
    if (scopes.length > 0) return { ok: false, reason: "scope-missing", scopes };
  }
  const state = isOn ? "on" : "off";
  await db.write(async (tx) => {
    await lockShop(tx, shopId);
    const before = await findStorefront(tx, shopId);
    if (before?.state === state) return;
    await saveStorefront(tx, shopId, { state, startedAt: Date.now() });
    await publishProgrammeLater(tx, shopId);
    if (isOn) await enqueue(tx, republishJob(shopId, Date.now()));
    failpoint("switch-storefront:before-commit");
  });
  failpoint("switch-storefront:after-commit");
  return { ok: true, state };
}

/** A scope that has just been granted is known to Shopify before its webhook comes. */
async function scopesStillMissing(db: Database, shopId: number): Promise<string[]> {
  const known = await findShopById(db, shopId);
  const missing = known ? missingPublishingScopes(known) : [];
  if (missing.length === 0) return missing;
  try {
    await refreshShop(db, shopId);
  } catch (error) {
    if (error instanceof ShopifyError) return missing;
    throw error;
  }
  const refreshed = await findShopById(db, shopId);
  return refreshed ? missingPublishingScopes(refreshed) : missing;
}
