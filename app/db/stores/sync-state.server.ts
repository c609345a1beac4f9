/** Where each shop's sync stands: its phase, its cursors and the windows of its history. */
import type { SyncResource } from "../../core/job.ts";
import type { BackfillWindow as WindowRow, SyncState as StateRow } from "../generated/sqlite/client.ts";
import { plain, type Plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";

export type SyncPhase = "waiting" | "recent" | "history" | "complete" | "failed";
export type SyncState = Omit<Plain<StateRow>, "phase"> & { phase: SyncPhase };
type WindowStatus = "pending" | "running" | "done";
/** Which time of a record a window is of. */
type WindowBasis = "created" | "updated";
export type BackfillWindow = Omit<Plain<WindowRow>, "resource" | "status" | "basis"> & {
  resource: SyncResource;
  basis: WindowBasis;
  status: WindowStatus;
};

export async function loadSyncState(db: Reading, shopId: number): Promise<SyncState | null> {
  const row = await db.prisma.syncState.findUnique({ where: { shopId } });
  return row && (plain(row) as SyncState);
}

/** Starts over for a new install; the same install's state stays as it is. */
export async function beginSync(
  tx: Transaction,
  shopId: number,
  installGeneration: number,
  at: number,
): Promise<SyncState> {
  const known = await loadSyncState(tx, shopId);
  if (known?.installGeneration === installGeneration) return known;
  await tx.prisma.backfillWindow.deleteMany({ where: { shopId } });
  await tx.prisma.syncState.deleteMany({ where: { shopId } });
  const row = await tx.prisma.syncState.create({
    data: { shopId, installGeneration, phase: "waiting", startedAt: at },
  });
  return plain(row) as SyncState;
}

export async function changeSyncState(
  tx: Transaction,
  shopId: number,
  changes: Partial<Omit<SyncState, "shopId">>,
): Promise<void> {
  await tx.prisma.syncState.update({ where: { shopId }, data: changes });
}

/** Adds to the counts of what is applied. */
export async function countApplied(
  tx: Transaction,
  shopId: number,
  counts: { orders?: number; customers?: number },
): Promise<void> {
  await tx.prisma.syncState.update({
    where: { shopId },
    data: {
      ordersApplied: { increment: counts.orders ?? 0 },
      customersApplied: { increment: counts.customers ?? 0 },
    },
  });
}

export type NewWindow = Pick<
  BackfillWindow,
  "resource" | "fromAt" | "toAt" | "installGeneration" | "expectedCount" | "basis"
>;

/** Stores the plan of one resource's history, in place of an earlier plan. */
export async function planWindows(
  tx: Transaction,
  shopId: number,
  resource: SyncResource,
  windows: readonly NewWindow[],
): Promise<void> {
  await tx.prisma.backfillWindow.deleteMany({ where: { shopId, resource } });
  await addWindows(tx, shopId, windows);
}

/** Stores further windows, such as the halves of one that failed. */
export async function addWindows(
  tx: Transaction,
  shopId: number,
  windows: readonly (NewWindow & { attempts?: number })[],
): Promise<void> {
  await tx.prisma.backfillWindow.createMany({
    data: windows.map((window) => ({ ...window, shopId, status: "pending" })),
  });
}

export async function removeWindow(
  tx: Transaction,
  shopId: number,
  resource: SyncResource,
  fromAt: number,
): Promise<void> {
  await tx.prisma.backfillWindow.delete({
    where: { shopId_resource_fromAt: { shopId, resource, fromAt } },
  });
}

export async function loadWindows(
  db: Reading,
  shopId: number,
  resource?: SyncResource,
): Promise<BackfillWindow[]> {
  const rows = await db.prisma.backfillWindow.findMany({
    where: { shopId, resource },
    orderBy: [{ resource: "asc" }, { fromAt: "desc" }],
  });
  return rows.map((row) => plain(row) as BackfillWindow);
}

/** Windows of a resource in one state. A history has thousands of windows, so whoever only needs sums asks for these. */
export interface WindowTotal {
  resource: SyncResource;
  basis: WindowBasis;
  status: WindowStatus;
  windows: number;
  applied: number;
}

export async function windowTotals(db: Reading, shopId: number): Promise<WindowTotal[]> {
  const groups = await db.prisma.backfillWindow.groupBy({
    by: ["resource", "basis", "status"],
    where: { shopId },
    _count: { _all: true },
    _sum: { appliedCount: true },
  });
  return groups.map(({ resource, basis, status, _count, _sum }) => ({
    resource: resource as SyncResource,
    basis: basis as WindowBasis,
    status: status as WindowStatus,
    windows: _count._all,
    applied: _sum.appliedCount ?? 0,
  }));
}

/** Windows of a resource that have not begun, the latest first. */
export async function pendingWindows(
  db: Reading,
  shopId: number,
  resource: SyncResource,
  atMost: number,
): Promise<BackfillWindow[]> {
  const rows = await db.prisma.backfillWindow.findMany({
    where: { shopId, resource, status: "pending" },
    orderBy: { fromAt: "desc" },
    take: atMost,
  });
  return rows.map((row) => plain(row) as BackfillWindow);
}

/** The error of a window that was tried so often and is not done. */
export async function windowFailure(
  db: Reading,
  shopId: number,
  attempts: number,
): Promise<{ error: string | null } | null> {
  return db.prisma.backfillWindow.findFirst({
    where: { shopId, status: { not: "done" }, attempts: { gte: attempts } },
    select: { error: true },
  });
}

export async function findWindowOf(
  db: Reading,
  shopId: number,
  bulkOperationId: string,
): Promise<BackfillWindow | null> {
  const row = await db.prisma.backfillWindow.findFirst({ where: { shopId, bulkOperationId } });
  return row && (plain(row) as BackfillWindow);
}

export async function loadWindow(
  db: Reading,
  shopId: number,
  resource: SyncResource,
  fromAt: number,
): Promise<BackfillWindow | null> {
  // In SQL for speed, as the shop itself is found: each step of each window asks.
  const [row] = await db.prisma.$queryRaw<WindowRow[]>`
    SELECT * FROM "BackfillWindow" WHERE "shopId" = ${shopId} AND "resource" = ${resource} AND "fromAt" = ${fromAt}`;
  return row ? (plain(row) as BackfillWindow) : null;
}

export async function changeWindow(
  tx: Transaction,
  shopId: number,
  resource: SyncResource,
  fromAt: number,
  changes: Partial<Omit<BackfillWindow, "shopId" | "resource" | "fromAt">>,
): Promise<void> {
  await tx.prisma.backfillWindow.update({
    where: { shopId_resource_fromAt: { shopId, resource, fromAt } },
    data: changes,
  });
}
