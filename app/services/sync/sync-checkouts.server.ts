/** The one door in for abandoned checkouts known by their ids. Shopify drops old ones; a dropped one stays as it was last seen. */
import { saveCheckouts } from "../../db/stores/checkouts.server.ts";
import { settleUnreadable } from "../../db/stores/unreadable-records.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { gidOf } from "../../shopify/gid.ts";
import { mapCheckout, type CheckoutNode } from "../../shopify/mapping.ts";
import { CHECKOUTS_BY_ID } from "../../shopify/operations/checkouts.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { inChunks } from "./chunks.ts";
import { mapReadable } from "./map-readable.ts";

const CHECKOUTS_AT_ONCE = 100;

export async function syncCheckouts(
  db: Database,
  shopId: number,
  checkoutIds: Iterable<number>,
): Promise<{ applied: number }> {
  const synced = { applied: 0 };
  for (const ids of inChunks(new Set(checkoutIds), CHECKOUTS_AT_ONCE)) {
    if (!(await activeShop(db, shopId))) return synced;
    const client = await adminFor(db, shopId);
    failpoint("sync-checkouts:before-fetch");
    const answer = await client.request(CHECKOUTS_BY_ID, {
      ids: ids.map((id) => gidOf("AbandonedCheckout", id)),
    });
    failpoint("sync-checkouts:after-fetch");
    const nodes: CheckoutNode[] = answer.nodes.flatMap((node) => (node && "createdAt" in node ? [node] : []));
    const checkouts = mapReadable(nodes, mapCheckout, shopId);
    const { applied } = await db.write(async (tx) => {
      const saved = await saveCheckouts(tx, shopId, checkouts.mapped);
      await settleUnreadable(tx, shopId, "checkouts", { ids }, checkouts.unreadable);
      failpoint("sync-checkouts:before-commit");
      return saved;
    });
    failpoint("sync-checkouts:after-commit");
    synced.applied += applied;
  }
  return synced;
}
