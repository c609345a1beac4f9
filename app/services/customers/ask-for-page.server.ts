/** Asks Shopify on behalf of a page that somebody is looking at: soon, or not at all. */
import type { Database } from "../../db/types.ts";
import { log } from "../../observability/log.server.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { adminFor } from "../access/admin-access.server.ts";

/** Below the time after which a page's stream is cut (entry.server.tsx). */
const PATIENCE_MS = 8_000;

/** `null`: Shopify did not answer, or not in time. The page does without. */
export async function askForPage<Answer>(
  db: Database,
  shopId: number,
  ask: (client: AdminClient) => Promise<Answer>,
): Promise<Answer | null> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await ask(await adminFor(db, shopId, { priority: "interactive", signal }));
  } catch (error) {
    if (!(error instanceof ShopifyError) && !signal.aborted) throw error;
    const kind = error instanceof ShopifyError ? error.kind : "timeout";
    log.warn({ shopId, kind }, "a page goes without what Shopify knows");
    return null;
  }
}
