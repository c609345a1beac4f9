/** Has Shopify tell of a shop's disputes at once, where the merchant lets us read them: a disputed order's points are held within seconds. */
import { config } from "../../config.server.ts";
import type { NewJob } from "../../core/job.ts";
import type { Database } from "../../db/types.ts";
import { subscribeToDisputes } from "../../shopify/dispute-subscriptions.server.ts";
import { canReadDisputes } from "../../shopify/fetch-disputes.server.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "./active-shop.server.ts";

export async function subscribeDisputes(db: Database, shopId: number): Promise<void> {
  const shop = await activeShop(db, shopId);
  if (!shop || !canReadDisputes(shop)) return;
  const uri = new URL("/webhooks/disputes", config().SHOPIFY_APP_URL).href;
  await subscribeToDisputes(await adminFor(db, shopId), uri);
}

export function subscribeDisputesJob(shopId: number): NewJob<"subscribe-disputes"> {
  return { shopId, kind: "subscribe-disputes", payload: {}, key: "subscribe-disputes" };
}
