/** The app's own sync of one shop, from install to complete, as server.ts runs it: the same worker, the same settings. */
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase, type Database } from "../../app/db/database.server.ts";
import { handlers } from "../../app/jobs/handlers.server.ts";
import { startWorker } from "../../app/jobs/worker.server.ts";
import { bulkTransactionDuration } from "../../app/observability/metrics.server.ts";
import { keepOfflineSession } from "../../app/services/access/offline-session.server.ts";
import { installShop } from "../../app/services/sync/install-shop.server.ts";
import type { SyncResult } from "./messages.ts";

const { DATABASE_URL = "", SHOP_DOMAIN = "", SHOP_TOKEN = "" } = process.env;

async function untilComplete(db: Database, shopId: number): Promise<void> {
  for (;;) {
    const state = await db.prisma.syncState.findUnique({ where: { shopId } });
    if (state?.phase === "complete") return;
    if (state?.phase === "failed") throw new Error(`the sync failed: ${state.error ?? "unknown"}`);
    await sleep(250);
  }
}

async function shareOfLongTransactions(): Promise<number | null> {
  const { values } = await bulkTransactionDuration.get();
  const count = values.find(({ metricName }) => metricName?.endsWith("_count"))?.value ?? 0;
  const short = values.find(({ labels }) => labels.le === 0.05)?.value ?? 0;
  return count > 0 ? (count - short) / count : null;
}

const db = await openDatabase(DATABASE_URL);
await keepOfflineSession(db, SHOP_DOMAIN, {
  sessionId: `offline_${SHOP_DOMAIN}`,
  scope: "",
  accessToken: SHOP_TOKEN,
  expiresAt: null,
  refreshToken: null,
  refreshExpiresAt: null,
});
const worker = await startWorker(db, handlers, { cron: [] });
const startedAt = performance.now();
const { shopId } = await installShop(db, SHOP_DOMAIN);
await untilComplete(db, shopId);
const seconds = (performance.now() - startedAt) / 1000;
const peakBytes = process.resourceUsage().maxRSS * 1024;
const longTransactions = await shareOfLongTransactions();
await worker.stop();
const where = { shopId };
const orders = await db.prisma.order.count({ where });
const rows =
  orders + (await db.prisma.orderLine.count({ where })) + (await db.prisma.refund.count({ where }));
await db.close();
const result: SyncResult = { seconds, peakBytes, orders, rows, longTransactions };
process.send?.(result, () => process.exit());
