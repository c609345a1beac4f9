/** Waits as short as a test wants them; sizes small enough that a small shop has several windows. */
import { DEFAULT_SETTINGS, type SyncSettings } from "../../app/services/sync/settings.ts";

export const QUICK: SyncSettings = {
  ...DEFAULT_SETTINGS,
  recentOrders: 10,
  windowTarget: { orders: 25, customers: 40, products: 20, checkouts: 40 },
  pollFirstMs: 20,
  pollLongestMs: 100,
  stalledAfterMs: 400,
  driftGraceMs: 0,
  arrivalMs: 300,
};
