/** Two figures of the whole installation for its operators: how far behind Shopify it may be, and how much it has written. */
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
