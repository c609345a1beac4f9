/**
 * Brings very many changes by bulk, in windows of the time of change: what a sweep would fetch by page, without the rest of the
 * history. What changes again meanwhile leaves its window for a later time, and the sweep that follows begins before it.
 */
import type { SyncResource } from "../../core/job.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import {
  changeSyncState,
  loadSyncState,
  planWindows as storeWindows,
  type NewWindow,
} from "../../db/stores/sync-state.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { advanceBackfill } from "./advance-backfill.server.ts";
import { RESOURCES } from "./resources.ts";
import type { SyncSettings } from "./settings.ts";
import { lastChange } from "./shopify-history.server.ts";
import { windowsOf } from "./windows-of.server.ts";

/** `since` is where each resource's next sweep would have begun. */
export async function planChanges(
  db: Database,
  { id: shopId, installGeneration }: Shop,
  since: (resource: SyncResource) => number,
  settings: SyncSettings,
): Promise<void> {
  const client = await adminFor(db, shopId);
  const cursors = new Map<SyncResource, number>();
  const windows: NewWindow[] = [];
  for (const resource of RESOURCES) {
    const lastAt = await lastChange(client, resource);
    cursors.set(resource, lastAt);
    const kind = { resource, installGeneration, basis: "updated" } as const;
    const span = { fromAt: Math.min(since(resource), lastAt), lastAt };
    windows.push(...(await windowsOf(client, kind, span, settings.windowTarget[resource])));
  }
  failpoint("plan-changes:after-counts");
  await db.write(async (tx) => {
    const isActive = (await activeShop(tx, shopId, installGeneration)) !== null;
    // Someone else may have begun a history of all meanwhile, which brings these changes too.
    if (!isActive || (await loadSyncState(tx, shopId))?.phase !== "complete") return;
    for (const resource of RESOURCES) {
      const own = windows.filter((window) => window.resource === resource);
      await storeWindows(tx, shopId, resource, own);
    }
    await changeSyncState(tx, shopId, {
      phase: "history",
      ordersCursor: cursors.get("orders"),
      customersCursor: cursors.get("customers"),
      productsCursor: cursors.get("products"),
      checkoutsCursor: cursors.get("checkouts"),
    });
    await advanceBackfill(tx, shopId, installGeneration, settings);
    failpoint("plan-changes:before-commit");
  });
  failpoint("plan-changes:after-commit");
}
