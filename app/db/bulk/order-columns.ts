/** Reads a shop's order columns from either database, wholly at first and then by what changed. */
import { buildOrderColumns, mergeOrderColumns, type OrderColumns } from "../../core/metrics/order-columns.ts";
import { isPostgresql } from "../url.ts";
import { postgresqlColumnsReader } from "./order-columns.postgresql.ts";
import { sqliteColumnsReader } from "./order-columns.sqlite.ts";

export interface OrderColumnsReader {
  /** The shop's columns as they are now, made from the cached ones where there are; `null`: no such shop. */
  read(shopId: number, cached: OrderColumns | null, readAt: number): Promise<OrderColumns | null>;
  close(): Promise<void>;
}

export function orderColumnsReader(databaseUrl: string): OrderColumnsReader {
  const reader = isPostgresql(databaseUrl)
    ? postgresqlColumnsReader(databaseUrl)
    : sqliteColumnsReader(databaseUrl);

  async function read(
    shopId: number,
    cached: OrderColumns | null,
    readAt: number,
  ): Promise<OrderColumns | null> {
    const found = await reader.read(shopId, cached && cached.shop);
    if (!found) return null;
    const { extent, orders, refunds, deletedOrderIds, excludedCustomerIds } = found;
    const shop = { ...found.facts, readAt };
    if (cached && extent === "none") return { ...cached, shop };
    return cached && extent === "changes"
      ? mergeOrderColumns(cached, shop, orders, refunds, deletedOrderIds, excludedCustomerIds)
      : buildOrderColumns(shop, orders, refunds, excludedCustomerIds);
  }

  return { read, close: () => reader.close() };
}
