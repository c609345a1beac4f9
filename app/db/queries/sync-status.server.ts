/** What a page tells of a shop's sync: how far it is, what of the history can be read, and whether anything is stuck. */
import {
  loadSyncState,
  windowTotals,
  type SyncPhase,
  type WindowTotal,
} from "../stores/sync-state.server.ts";
import { countUnreadable } from "../stores/unreadable-records.server.ts";
import type { Reading } from "../types.ts";

export interface SyncStatus {
  /** `waiting` also where no sync was ever begun. */
  phase: SyncPhase;
  startedAt: number | null;
  recentAt: number | null;
  completedAt: number | null;
  ordersExpected: number;
  ordersApplied: number;
  customersExpected: number;
  customersApplied: number;
  /** First day whose orders Shopify let us read; `null` where all are. */
  readableFromDay: number | null;
  windowsDone: number;
  windows: number;
  /** When the last sweep for missed changes ended. */
  sweptAt: number | null;
  auditedAt: number | null;
  pendingEvents: number;
  /** Records that Shopify told in a way that could not be read. */
  unreadableRecords: number;
  error: string | null;
}

export async function syncStatus(db: Reading, shopId: number): Promise<SyncStatus> {
  const state = await loadSyncState(db, shopId);
  const totals = await windowTotals(db, shopId);
  return {
    phase: state?.phase ?? "waiting",
    startedAt: state?.startedAt ?? null,
    recentAt: state?.recentAt ?? null,
    completedAt: state?.completedAt ?? null,
    ordersExpected: state?.ordersExpected ?? 0,
    ordersApplied: state?.ordersApplied ?? 0,
    customersExpected: state?.customersExpected ?? 0,
    customersApplied: state?.customersApplied ?? 0,
    readableFromDay: state?.readableFromDay ?? null,
    windowsDone: windowsIn(totals.filter(({ status }) => status === "done")),
    windows: windowsIn(totals),
    sweptAt: state?.sweptAt ?? null,
    auditedAt: state?.auditedAt ?? null,
    pendingEvents: await db.prisma.inboxEvent.count({ where: { shopId, processedAt: null } }),
    unreadableRecords: await countUnreadable(db, shopId),
    error: state?.error ?? null,
  };
}

function windowsIn(totals: readonly WindowTotal[]): number {
  return totals.reduce((sum, { windows }) => sum + windows, 0);
}
