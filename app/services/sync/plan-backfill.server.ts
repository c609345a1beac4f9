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
import { createdBetween } from "../../shopify/bulk-queries.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { fetchShopFacts } from "./shop-facts.server.ts";
import { activeShop } from "./active-shop.server.ts";
import { advanceBackfill } from "./advance-backfill.server.ts";
import { planWindows } from "./plan-windows.ts";
import { readableFrom } from "./readable-history.server.ts";
import { RESOURCES } from "./resources.ts";
import { DEFAULT_SETTINGS, type SyncSettings } from "./settings.ts";
import { countMatching, creationBounds } from "./shopify-history.server.ts";

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
    windows.push(...(await windowsOf(client, installGeneration, resource, settings.windowTarget[resource])));
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

async function windowsOf(
  client: AdminClient,
  installGeneration: number,
  resource: SyncResource,
  target: number,
): Promise<NewWindow[]> {
  const bounds = await creationBounds(client, resource);
  if (!bounds) return [];
  const countIn = (fromAt: number, toAt: number) =>
    countMatching(client, resource, createdBetween(fromAt, toAt));
  const fromAt = Math.floor(bounds.oldest / 1_000) * 1_000;
  const toAt = Math.floor(bounds.newest / 1_000) * 1_000 + 1_000;
  const spans = await planWindows({ fromAt, toAt, count: await countIn(fromAt, toAt) }, target, countIn);
  return spans.map((span) => ({
    resource,
    installGeneration,
    fromAt: span.fromAt,
    toAt: span.toAt,
    expectedCount: span.count,
  }));
}

function expected(windows: readonly NewWindow[], resource: SyncResource): number {
  return windows.reduce(
    (sum, window) => (window.resource === resource ? sum + window.expectedCount : sum),
    0,
  );
}
