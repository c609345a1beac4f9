/** Reads a shop's order columns, and their lines where these are asked for, wholly at first and then by what changed. */
import { buildLineColumns, mergeLineColumns, type LineColumns } from "../../core/metrics/line-columns.ts";
import { buildOrderColumns, mergeOrderColumns, type OrderColumns } from "../../core/metrics/order-columns.ts";
import { isPostgresql } from "../url.ts";
import type { ColumnRows, LinesRead } from "./column-rows.ts";
import { postgresqlColumnsReader } from "./order-columns.postgresql.ts";
import { sqliteColumnsReader } from "./order-columns.sqlite.ts";

export interface OrderColumnsReader {
  /** The shop's columns as they are now, made from the cached ones where there are; `null`: no such shop. */
  read(shopId: number, cached: OrderColumns | null, readAt: number): Promise<OrderColumns | null>;
  /** The columns with the lines of the same moment. */
  readWithLines(
    shopId: number,
    cached: { columns: OrderColumns; lines: LineColumns | null } | null,
    readAt: number,
  ): Promise<{ columns: OrderColumns; lines: LineColumns } | null>;
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
    const found = await reader.read(shopId, cached && cached.shop, null);
    return found && columnsOf(found, cached, readAt);
  }

  async function readWithLines(
    shopId: number,
    cached: { columns: OrderColumns; lines: LineColumns | null } | null,
    readAt: number,
  ): Promise<{ columns: OrderColumns; lines: LineColumns } | null> {
    const cachedLines = cached?.lines ?? null;
    const found = await reader.read(shopId, cached && cached.columns.shop, { cached: cachedLines });
    if (!found?.lines) return null;
    const columns = columnsOf(found, cached?.columns ?? null, readAt);
    return { columns, lines: linesOf(found.lines, columns, cachedLines) };
  }

  return { read, readWithLines, close: () => reader.close() };
}

function columnsOf(found: ColumnRows, cached: OrderColumns | null, readAt: number): OrderColumns {
  const { extent, orders, refunds, deletedOrderIds, excludedCustomerIds } = found;
  const shop = { ...found.facts, readAt };
  if (cached && extent === "none") return { ...cached, shop };
  return cached && extent === "changes"
    ? mergeOrderColumns(cached, shop, orders, refunds, deletedOrderIds, excludedCustomerIds)
    : buildOrderColumns(shop, orders, refunds, excludedCustomerIds);
}

function linesOf(found: LinesRead, columns: OrderColumns, cached: LineColumns | null): LineColumns {
  if (!cached || found.extent === "all") return buildLineColumns(columns, found.rows);
  // Nothing changed, and so the orders are where they were.
  if (found.extent === "none" && cached.orderId === columns.orderId) return cached;
  return mergeLineColumns(columns, cached, found.rows, found.changedOrderIds);
}
