/** Reads order columns from SQLite on a connection of its own, which only reads and never waits for the writer. */
import Sqlite from "better-sqlite3";
import { lineRows, type LineColumns } from "../../core/metrics/line-columns.ts";
import {
  addOrderRow,
  orderRows,
  refundRows,
  type OrderRows,
  type ShopFacts,
} from "../../core/metrics/order-columns.ts";
import { addRow, type RowBuffer } from "../../core/metrics/row-buffer.ts";
import { sqliteFile } from "../url.ts";
import {
  COLUMN_SQL,
  extentOf,
  storedFacts,
  type ColumnRows,
  type ColumnRowsReader,
  type FactsRow,
  type LinesAsked,
  type LinesRead,
  type StoredFacts,
} from "./column-rows.ts";

/** The shared texts name each parameter once and in order, as this driver's plain `?` needs it. */
const positional = (sql: string) => sql.replace(/\$\d/g, "?");

export function sqliteColumnsReader(databaseUrl: string): ColumnRowsReader {
  const connection = new Sqlite(sqliteFile(databaseUrl), { readonly: true, fileMustExist: true });
  connection.pragma("busy_timeout = 5000");

  function fill<Field extends string>(
    rows: RowBuffer<Field>,
    sql: string,
    values: number[],
  ): RowBuffer<Field> {
    const statement = connection.prepare(positional(sql)).raw();
    for (const row of statement.iterate(...values)) addRow(rows, row as (number | null)[]);
    return rows;
  }

  function fillOrders(rows: OrderRows, sql: string, values: number[]): OrderRows {
    const statement = connection.prepare(positional(sql)).raw();
    for (const row of statement.iterate(...values)) addOrderRow(rows, row as (number | string | null)[]);
    return rows;
  }

  function ids(sql: string, values: number[]): number[] {
    return connection
      .prepare(positional(sql))
      .pluck()
      .all(...values) as number[];
  }

  function readLines(facts: StoredFacts, cached: LineColumns | null): LinesRead {
    const { shopId } = facts;
    const extent = extentOf(facts, cached);
    if (extent === "none") return { extent, rows: lineRows(0), changedOrderIds: [] };
    if (extent === "all" || !cached) {
      return { extent: "all", rows: fill(lineRows(), COLUMN_SQL.lines, [shopId]), changedOrderIds: [] };
    }
    const since = [shopId, cached.dataVersion];
    return {
      extent,
      rows: fill(lineRows(), COLUMN_SQL.changedLines, since),
      changedOrderIds: ids(COLUMN_SQL.changedOrderIds, since),
    };
  }

  const readAll = connection.transaction(
    (shopId: number, cached: ShopFacts | null, asked: LinesAsked): ColumnRows | null => {
      const row = connection.prepare(positional(COLUMN_SQL.facts)).raw().get(shopId) as FactsRow | undefined;
      if (!row) return null;
      const facts = storedFacts(shopId, row);
      const extent = extentOf(facts, cached);
      const since = extent === "changes" && cached ? [shopId, cached.dataVersion] : [shopId];
      const changes = extent === "changes";
      const none = extent === "none";
      return {
        facts,
        extent,
        orders: none
          ? orderRows(0)
          : fillOrders(orderRows(), changes ? COLUMN_SQL.changedOrders : COLUMN_SQL.orders, since),
        refunds: none
          ? refundRows(0)
          : fill(refundRows(), changes ? COLUMN_SQL.changedRefunds : COLUMN_SQL.refunds, since),
        deletedOrderIds: changes ? ids(COLUMN_SQL.deletedOrders, since) : [],
        excludedCustomerIds: none ? [] : ids(COLUMN_SQL.excludedCustomers, [shopId]),
        lines: asked && readLines(facts, asked.cached),
      };
    },
  );

  return {
    read: async (shopId, cached, lines) => readAll(shopId, cached, lines),
    close: async () => {
      connection.close();
    },
  };
}
