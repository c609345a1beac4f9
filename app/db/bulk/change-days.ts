/** Moves orders and refunds to other days by key: a shop that changes its time zone has every one of them counted anew. */
import { bumpDataVersion } from "../stores/shops.server.ts";
import type { Transaction } from "../types.ts";
import { changeDaysOnPostgresql } from "./change-days.postgresql.ts";
import { changeDaysOnSqlite } from "./change-days.sqlite.ts";

export interface OrderDay {
  id: number;
  day: number;
}

export interface RefundDay extends OrderDay {
  orderId: number;
}

/** Readers of changes see the orders of both, because the version that they go by is the order's. */
export async function changeDays(
  tx: Transaction,
  shopId: number,
  orders: readonly OrderDay[],
  refunds: readonly RefundDay[],
): Promise<void> {
  if (orders.length === 0 && refunds.length === 0) return;
  const version = await bumpDataVersion(tx, shopId);
  const change = tx.dialect === "sqlite" ? changeDaysOnSqlite : changeDaysOnPostgresql;
  await change(tx, shopId, JSON.stringify(orders), JSON.stringify(refunds), version);
}
