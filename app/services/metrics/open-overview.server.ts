/** The first page: how far the sync is, what is left to set up, and a period's figures, which may come later than the rest. */
import { planIncludes } from "../../core/entitlements.ts";
import type { View } from "../../core/metrics/view.ts";
import { setupSteps, type SetupStep } from "../../core/setup-guide.ts";
import { syncStatus, type SyncStatus } from "../../db/queries/sync-status.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { loadToDo, type ToDo } from "../value/load-to-do.server.ts";
import { loadOverview, type Overview } from "./load-overview.server.ts";
import { readView } from "./read-view.server.ts";
import { shopBounds } from "./shop-bounds.server.ts";

interface OverviewPage {
  status: SyncStatus;
  view: View;
  /** `null` once it is put away or done. */
  guide: SetupStep[] | null;
  /** `null` without an order, or in a plan without figures. */
  overview: Promise<Overview> | null;
  toDo: Promise<ToDo> | null;
}

export async function openOverview(db: Database, shop: Shop, request: Request): Promise<OverviewPage> {
  const [status, bounds] = await Promise.all([syncStatus(db, shop.id), shopBounds(db.url, shop)]);
  const view = readView(request, shop, bounds);
  const hasFigures = bounds.firstDay !== null && planIncludes(shop.appPlan, "figures");
  const steps = setupSteps({
    ...shop,
    syncPhase: status.phase,
    readableFromDay: status.readableFromDay,
    unitCostShare: bounds.unitCostShare,
  });
  return {
    status,
    view,
    guide: shop.guideDismissedAt === null && steps.some(({ done }) => !done) ? steps : null,
    overview: hasFigures ? loadOverview(db.url, shop.id, view) : null,
    // Asked after the figures, so that they come first.
    toDo: hasFigures ? loadToDo(db, shop) : null,
  };
}
