/** Figures of the whole installation for its operators: how far behind Shopify it may be, what it missed, how much it wrote. */
import type { Database } from "../types.ts";

/** Milliseconds since the installed shop that waits longest was swept (or installed); `null` without a shop. */
export async function longestSyncLagMs(db: Database, now: number): Promise<number | null> {
  const installed = await db.prisma.shop.findMany({
    where: { installedAt: { not: null }, uninstalledAt: null },
    select: { id: true, installedAt: true },
  });
  if (installed.length === 0) return null;
  const states = await db.prisma.syncState.findMany({ select: { shopId: true, sweptAt: true } });
  const sweptAt = new Map(states.map((state) => [state.shopId, state.sweptAt]));
  const oldest = Math.min(...installed.map((shop) => Number(sweptAt.get(shop.id) ?? shop.installedAt)));
  return Math.max(now - oldest, 0);
}

/** Transactions that changed figures, over all shops. */
export async function dataVersionSum(db: Database): Promise<number> {
  const sum = await db.prisma.shop.aggregate({ _sum: { dataVersion: true } });
  return sum._sum.dataVersion ?? 0;
}

/** Records that sweeps and audits begun since then found wrong and put right, over all shops: the target is none. */
export async function driftSums(
  db: Database,
  since: number,
): Promise<{ missing: number; stale: number; surplus: number }> {
  const { _sum: sums } = await db.prisma.reconciliation.aggregate({
    where: { startedAt: { gte: since }, finishedAt: { not: null } },
    _sum: { missingCount: true, staleCount: true, surplusCount: true },
  });
  return { missing: sums.missingCount ?? 0, stale: sums.staleCount ?? 0, surplus: sums.surplusCount ?? 0 };
}
