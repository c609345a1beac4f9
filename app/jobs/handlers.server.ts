/** Maps each kind of job to the service that does it. Nothing is decided here. */
import { deliverEvents } from "../services/events/deliver-events.server.ts";
import { applyImport } from "../services/imports/apply-import.server.ts";
import { importBirthdays } from "../services/imports/birthdays.server.ts";
import { undoImportRows } from "../services/imports/undo-import.server.ts";
import { accrueChangedOrders } from "../services/loyalty/accrue-changed-orders.server.ts";
import { advanceJob, advancePoints } from "../services/loyalty/advance-points.server.ts";
import { applyDryRun } from "../services/loyalty/apply-dry-run.server.ts";
import { cancelRedemption } from "../services/loyalty/cancel-redemption.server.ts";
import { checkReferrals } from "../services/loyalty/check-referrals.server.ts";
import { countDryRun } from "../services/loyalty/count-dry-run.server.ts";
import { endHold } from "../services/loyalty/end-hold.server.ts";
import { expireRedemptions } from "../services/loyalty/expire-redemptions.server.ts";
import { expireJob } from "../services/loyalty/issue-job.ts";
import { findDeeds, findDeedsJob } from "../services/loyalty/find-deeds.server.ts";
import { issueRedemption } from "../services/loyalty/issue-redemption.server.ts";
import { judgeTiers, judgeTiersJob } from "../services/loyalty/judge-tiers.server.ts";
import { remindExpiry, remindExpiryJob } from "../services/loyalty/remind-expiry.server.ts";
import { sumPoints, sumPointsJob } from "../services/loyalty/sum-points.server.ts";
import { expireRecords } from "../services/privacy/expire-records.server.ts";
import { redactShop } from "../services/privacy/redact-shop.server.ts";
import { tagSegment } from "../services/segments/tag-segment.server.ts";
import { publishInBulk } from "../services/storefront/publish-in-bulk.server.ts";
import { publishProducts } from "../services/storefront/publish-products.server.ts";
import { republishJob, republishShop } from "../services/storefront/republish-shop.server.ts";
import { publishProfiles } from "../services/storefront/publish-profiles.server.ts";
import { publishProgramme } from "../services/storefront/publish-programme.server.ts";
import { auditShop } from "../services/sync/audit-shop.server.ts";
import { planBackfill } from "../services/sync/plan-backfill.server.ts";
import { processEvents } from "../services/sync/process-events.server.ts";
import { rebuildDays } from "../services/sync/rebuild-days.server.ts";
import { recostOrders } from "../services/sync/recost-orders.server.ts";
import { retagCustomers } from "../services/sync/retag-customers.server.ts";
import { runBackfillWindow } from "../services/sync/run-backfill-window.server.ts";
import { reconciliationJob, scheduleShops } from "../services/sync/schedule-shops.server.ts";
import { DEFAULT_SETTINGS, type SyncSettings } from "../services/sync/settings.ts";
import { startSync } from "../services/sync/start-sync.server.ts";
import { subscribeDisputes } from "../services/sync/subscribe-disputes.server.ts";
import { sweepShop } from "../services/sync/sweep-shop.server.ts";
import { syncOrders } from "../services/sync/sync-orders.server.ts";
import { fitValue, fitValueJob } from "../services/value/fit-value.server.ts";
import type { Handlers } from "./worker.server.ts";

const SPREAD_SWEEPS_MS = 5 * 60_000;
const SPREAD_AUDITS_MS = 2 * 3_600_000;
const SPREAD_FITS_MS = 2 * 3_600_000;
const SPREAD_POINTS_MS = 30 * 60_000;
const SPREAD_DEEDS_MS = 2 * 3_600_000;
const SPREAD_REMINDERS_MS = 2 * 3_600_000;
const SPREAD_REPUBLISHING_MS = 2 * 3_600_000;
const SPREAD_EXPIRIES_MS = 2 * 3_600_000;

export function createHandlers(settings: SyncSettings = DEFAULT_SETTINGS): Handlers {
  return {
    "start-sync": ({ db }, { shopId, payload }) => startSync(db, shopId, payload.installGeneration, settings),
    "plan-backfill": ({ db }, { shopId, payload }) =>
      planBackfill(db, shopId, payload.installGeneration, settings),
    "backfill-window": ({ db, signal }, { shopId, payload }) =>
      runBackfillWindow(db, shopId, payload, signal, settings),
    "sync-orders": async ({ db }, { shopId, payload }) => {
      await syncOrders(db, shopId, payload.orderIds);
    },
    "process-events": ({ db, signal }, { shopId }) => processEvents(db, shopId, signal),
    "sweep-shop": ({ db, signal }, { shopId }) => sweepShop(db, shopId, signal, settings),
    "audit-shop": ({ db, signal }, { shopId }) => auditShop(db, shopId, signal, settings),
    "sweep-all-shops": ({ db }) =>
      scheduleShops(db, SPREAD_SWEEPS_MS, (shopId, runAt) => reconciliationJob(shopId, "sweep-shop", runAt)),
    "audit-all-shops": ({ db }) =>
      scheduleShops(db, SPREAD_AUDITS_MS, (shopId, runAt) => reconciliationJob(shopId, "audit-shop", runAt)),
    "fit-value": ({ db, signal }, { shopId }) => fitValue(db, shopId, signal),
    "fit-all-shops": ({ db }) => scheduleShops(db, SPREAD_FITS_MS, fitValueJob),
    "subscribe-disputes": ({ db }, { shopId }) => subscribeDisputes(db, shopId),
    "recost-orders": ({ db }, { shopId }) => recostOrders(db, shopId, settings),
    "rebuild-days": ({ db, signal }, { shopId }) => rebuildDays(db, shopId, signal),
    "tag-segment": ({ db, signal }, { shopId, payload }) => tagSegment(db, shopId, payload.name, signal),
    "accrue-orders": ({ db, signal }, { shopId }) => accrueChangedOrders(db, shopId, signal),
    "count-dry-run": ({ db, signal }, { shopId, payload }) => countDryRun(db, shopId, payload.runId, signal),
    "apply-dry-run": ({ db, signal }, { shopId, payload }) => applyDryRun(db, shopId, payload.runId, signal),
    "apply-import": ({ db, signal }, { shopId, payload }) =>
      applyImport(db, shopId, payload.importId, signal),
    "undo-import": ({ db, signal }, { shopId, payload }) =>
      undoImportRows(db, shopId, payload.importId, signal),
    "import-birthdays": ({ db, signal }, { shopId, payload }) =>
      importBirthdays(db, shopId, payload.importId, signal),
    "advance-points": ({ db, signal }, { shopId }) => advancePoints(db, shopId, signal),
    "advance-all-points": ({ db }) => scheduleShops(db, SPREAD_POINTS_MS, advanceJob),
    "judge-tiers": ({ db, signal }, { shopId }) => judgeTiers(db, shopId, signal),
    "judge-all-tiers": ({ db }) => scheduleShops(db, SPREAD_POINTS_MS, judgeTiersJob),
    "find-deeds": ({ db, signal }, { shopId, payload }) => findDeeds(db, shopId, payload, signal, settings),
    "find-all-deeds": ({ db }) => scheduleShops(db, SPREAD_DEEDS_MS, findDeedsJob),
    "check-referrals": ({ db, signal }, { shopId }) => checkReferrals(db, shopId, signal),
    "sum-points": ({ db, signal }, { shopId }) => sumPoints(db, shopId, signal),
    "sum-all-points": ({ db }) => scheduleShops(db, SPREAD_POINTS_MS, sumPointsJob),
    "remind-expiry": ({ db, signal }, { shopId }) => remindExpiry(db, shopId, signal),
    "remind-all-expiry": ({ db }) => scheduleShops(db, SPREAD_REMINDERS_MS, remindExpiryJob),
    "deliver-events": ({ db, signal }, { shopId, payload }) =>
      deliverEvents(db, shopId, payload.receiverId, signal),
    "issue-redemption": ({ db, signal }, { shopId, payload }) =>
      issueRedemption(db, shopId, payload.redemptionId, { signal }, settings.arrivalMs),
    "cancel-redemption": async ({ db, signal }, { shopId, payload }) => {
      await cancelRedemption(db, shopId, payload.redemptionId, { signal });
    },
    "end-hold": ({ db, signal }, { shopId, payload }) =>
      endHold(db, shopId, payload.redemptionId, { signal }),
    "expire-redemptions": ({ db, signal }, { shopId }) => expireRedemptions(db, shopId, signal),
    "expire-all-redemptions": ({ db }) => scheduleShops(db, SPREAD_EXPIRIES_MS, expireJob),
    "redact-shop": ({ db, signal }, { shopId, payload }) =>
      redactShop(db, shopId, payload.installGeneration, signal),
    "retag-customers": ({ db, signal }, { shopId, payload }) =>
      retagCustomers(db, shopId, payload, signal, settings),
    "publish-profiles": ({ db, signal }, { shopId }) => publishProfiles(db, shopId, signal),
    "publish-products": ({ db, signal }, { shopId }) => publishProducts(db, shopId, signal),
    "publish-in-bulk": ({ db, signal }, { shopId }) => publishInBulk(db, shopId, signal),
    "republish-shop": ({ db, signal }, { shopId }) => republishShop(db, shopId, signal),
    "republish-all-shops": ({ db }) => scheduleShops(db, SPREAD_REPUBLISHING_MS, republishJob),
    "publish-programme": ({ db, signal }, { shopId }) => publishProgramme(db, shopId, signal),
    "expire-records": ({ db }) => expireRecords(db),
  };
}

export const handlers: Handlers = createHandlers();
