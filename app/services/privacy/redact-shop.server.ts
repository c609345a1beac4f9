/**
 * Erases a shop that has left: first its name and tokens, then its rows in many short transactions, last the shop itself with its
 * jobs. Each step can be the last before a crash: the shop is found by nobody after the first, and doing it all again ends it.
 */
import { deleteSomeRows, SHOP_TABLES, type ShopTable } from "../../db/bulk/delete-rows.ts";
import { beginShopErasure, endShopErasure } from "../../db/stores/erasures.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";

interface ErasurePace {
  /** Rows of the first transaction. */
  rows: number;
  /** What one transaction should take: on SQLite everybody else who writes waits for it. */
  targetMs: number;
}

const PACE: ErasurePace = { rows: 250, targetMs: 10 };
const MOST_ROWS = 5_000;

export async function redactShop(
  db: Database,
  shopId: number,
  installGeneration: number,
  signal: AbortSignal,
  pace: ErasurePace = PACE,
): Promise<void> {
  failpoint("redact-shop:before-begin");
  const begun = await db.write((tx) => beginShopErasure(tx, shopId, installGeneration));
  failpoint("redact-shop:after-begin");
  if (!begun) return;
  for (const table of SHOP_TABLES) await emptyTable(db, shopId, table, signal, pace);
  await db.write(async (tx) => {
    await endShopErasure(tx, shopId);
    failpoint("redact-shop:before-commit");
  });
  failpoint("redact-shop:after-commit");
}

/** As many rows at a time as the machine deletes in the time wanted. */
async function emptyTable(
  db: Database,
  shopId: number,
  table: ShopTable,
  signal: AbortSignal,
  { rows: firstRows, targetMs }: ErasurePace,
): Promise<void> {
  let limit = firstRows;
  for (;;) {
    signal.throwIfAborted();
    const asked = limit;
    let startedAt = 0;
    const deleted = await db.write(async (tx) => {
      startedAt = performance.now();
      const count = await deleteSomeRows(tx, shopId, table, asked);
      failpoint("redact-shop:before-rows-commit");
      return count;
    });
    failpoint("redact-shop:after-rows-commit");
    if (deleted < asked) return;
    const fitting = Math.round((asked * targetMs) / Math.max(1, performance.now() - startedAt));
    limit = Math.max(1, Math.min(fitting, 2 * asked, MOST_ROWS));
  }
}
