/** Remembers the last tick of each cron job, so that of several processes one acts on it. */
import type { Transaction } from "../database.server.ts";

/** Whether this transaction is the one that passes the tick; the first ever is only noted. */
export async function passTick(
  tx: Transaction,
  shopId: number,
  kind: string,
  tickAt: number,
): Promise<boolean> {
  const values = tx.dialect === "sqlite" ? "?, ?, ?" : "$1::int, $2, $3::bigint";
  const noted = await tx.prisma.$executeRawUnsafe(
    `INSERT INTO "CronTick" ("shopId", "kind", "tickAt") VALUES (${values}) ON CONFLICT DO NOTHING`,
    shopId,
    kind,
    tickAt,
  );
  if (noted > 0) return false;
  const passed = await tx.prisma.cronTick.updateMany({
    where: { shopId, kind, tickAt: { lt: BigInt(tickAt) } },
    data: { tickAt: BigInt(tickAt) },
  });
  return passed.count > 0;
}
