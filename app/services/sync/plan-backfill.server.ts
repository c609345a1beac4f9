/** Sizes the windows of a shop's history by Shopify's own counts and starts the first of them. */
import { shopCalendar } from "../../core/calendar.ts";
import type { SyncResource } from "../../core/job.ts";
import type { Database } from "../../db/types.ts";
import {
  changeSyncState,
  loadWindows,
  planWindows as storeWindows,
  type NewWindow,
} from "../../db/stores/sync-state.server.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { fetchShopFacts } from "./shop-facts.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { advanceBackfill } from "./advance-backfill.server.ts";
import { readableFrom } from "./readable-history.server.ts";
import { RESOURCES } from "./resources.ts";
import { DEFAULT_SETTINGS, type SyncSettings } from "./settings.ts";
import { creationBounds } from "./shopify-history.server.ts";
import { windowsOf } from "./windows-of.server.ts";

export async function planBackfill(
  db: Database,
  shopId: number,
  installGeneration: number,
  settings: SyncSettings = DEFAULT_SETTINGS,
): Promise<void> {
  const shop = await activeShop(db, shopId, installGeneration);
  if (!shop) return;
  const already = await loadWindows(db, shopId);
  if (already.some((window) => window.installGeneration === installGeneration)) return;

  const client = await adminFor(db, shopId);
  const { openedAt } = await fetchShopFacts(client);
  const hiddenBefore = readableFrom(shop, openedAt, Date.now());
  const windows: NewWindow[] = [];
  for (const resource of RESOURCES) {
    windows.push(
      ...(await historyWindows(client, installGeneration, resource, settings.windowTarget[resource])),
    );
  }

  await db.write(async (tx) => {
    if (!(await activeShop(tx, shopId, installGeneration))) return;
    const readableFromDay = hiddenBefore === null ? null : shopCalendar(shop.timeZone).dayOf(hiddenBefore);
    await changeSyncState(tx, shopId, {
      readableFromDay,
      ordersExpected: expected(windows, "orders"),
      customersExpected: expected(windows, "customers"),
      ordersApplied: 0,
      customersApplied: 0,
    });
    for (const resource of RESOURCES) {
      const own = windows.filter((window) => window.resource === resource);
      await storeWindows(tx, shopId, resource, own);
    }
    await advanceBackfill(tx, shopId, installGeneration, settings);
    failpoint("plan-backfill:before-commit");
  });
  failpoint("plan-backfill:after-commit");
}

async function historyWindows(
  client: AdminClient,
  installGeneration: number,
  resource: SyncResource,
  target: number,
): Promise<NewWindow[]> {
  const bounds = await creationBounds(client, resource);
  if (!bounds) return [];
  const span = { fromAt: bounds.oldest, lastAt: bounds.newest };
  return windowsOf(client, { resource, installGeneration, basis: "created" }, span, target);
}

function expected(windows: readonly NewWindow[], resource: SyncResource): number {
  return windows.reduce(
    (sum, window) => (window.resource === resource ? sum + window.expectedCount : sum),
    0,
  );
}
