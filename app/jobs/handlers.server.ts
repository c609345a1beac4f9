/** Maps each kind of job to the service that does it. Nothing is decided here. */
import { expireRecords } from "../services/privacy/expire-records.server.ts";
import { redactShop } from "../services/privacy/redact-shop.server.ts";
import { tagSegment } from "../services/segments/tag-segment.server.ts";
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
import { sweepShop } from "../services/sync/sweep-shop.server.ts";
import { syncOrders } from "../services/sync/sync-orders.server.ts";
import { fitValue, fitValueJob } from "../services/value/fit-value.server.ts";
import type { Handlers } from "./worker.server.ts";

const SPREAD_SWEEPS_MS = 5 * 60_000;
const SPREAD_AUDITS_MS = 2 * 3_600_000;
const SPREAD_FITS_MS = 2 * 3_600_000;

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
    "recost-orders": ({ db }, { shopId }) => recostOrders(db, shopId, settings),
    "rebuild-days": ({ db, signal }, { shopId }) => rebuildDays(db, shopId, signal),
    "tag-segment": ({ db, signal }, { shopId, payload }) => tagSegment(db, shopId, payload.name, signal),
    "redact-shop": ({ db, signal }, { shopId, payload }) =>
      redactShop(db, shopId, payload.installGeneration, signal),
    "retag-customers": ({ db, signal }, { shopId, payload }) =>
      retagCustomers(db, shopId, payload, signal, settings),
    "expire-records": ({ db }) => expireRecords(db),
  };
}

export const handlers: Handlers = createHandlers();
