/** Reads order columns from SQLite on a connection of its own, which only reads and never waits for the writer. */
import Sqlite from "better-sqlite3";
import { addRow, orderRows, refundRows, type RowBuffer } from "../../core/metrics/order-columns.ts";
import { sqliteFile } from "../url.ts";
import {
  COLUMN_SQL,
  extentOf,
  storedFacts,
  type ColumnRows,
  type ColumnRowsReader,
  type FactsRow,
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

  function ids(sql: string, values: number[]): number[] {
    return connection
      .prepare(positional(sql))
      .pluck()
      .all(...values) as number[];
  }

  const readAll = connection.transaction(
    (shopId: number, cached: Parameters<ColumnRowsReader["read"]>[1]): ColumnRows | null => {
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
          : fill(orderRows(), changes ? COLUMN_SQL.changedOrders : COLUMN_SQL.orders, since),
        refunds: none
          ? refundRows(0)
          : fill(refundRows(), changes ? COLUMN_SQL.changedRefunds : COLUMN_SQL.refunds, since),
        deletedOrderIds: changes ? ids(COLUMN_SQL.deletedOrders, since) : [],
        excludedCustomerIds: none ? [] : ids(COLUMN_SQL.excludedCustomers, [shopId]),
      };
    },
  );

  return {
    read: async (shopId, cached) => readAll(shopId, cached),
    close: async () => {
      connection.close();
    },
  };
}
