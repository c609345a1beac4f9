/** Reads order columns from PostgreSQL through a cursor, so that a million rows are never in memory as objects. */
import pg from "pg";
import { lineRows, type LineColumns } from "../../core/metrics/line-columns.ts";
import {
  addOrderRow,
  orderRows,
  refundRows,
  type OrderRows,
  type ShopFacts,
} from "../../core/metrics/order-columns.ts";
import { addRow, type RowBuffer } from "../../core/metrics/row-buffer.ts";
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

const ROWS_PER_FETCH = 20_000;

/** Type of bigint in PostgreSQL's catalogue. */
const INT8: number = pg.types.builtins.INT8;

/** Eight-byte integers arrive as text; all of ours are below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (Number(oid) === INT8 ? Number : textParser(oid, format)),
};

const textParser = pg.types.getTypeParser as (oid: number, format?: string) => (value: string) => unknown;

export function postgresqlColumnsReader(databaseUrl: string): ColumnRowsReader {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  // The next read opens a new connection; without a listener a lost one would end the thread.
  pool.on("error", () => undefined);

  async function read(
    shopId: number,
    cached: ShopFacts | null,
    lines: LinesAsked,
  ): Promise<ColumnRows | null> {
    const client = await pool.connect();
    try {
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      const found = await readRows(client, shopId, cached, lines);
      await client.query("COMMIT");
      client.release();
      return found;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  return { read, close: () => pool.end() };
}

async function readRows(
  client: pg.PoolClient,
  shopId: number,
  cached: ShopFacts | null,
  asked: LinesAsked,
): Promise<ColumnRows | null> {
  const [row] = await rowsOf<FactsRow>(client, COLUMN_SQL.facts, [shopId]);
  if (!row) return null;
  const facts = storedFacts(shopId, row);
  const extent = extentOf(facts, cached);
  const changes = extent === "changes";
  const none = extent === "none";
  const since = changes && cached ? [shopId, cached.dataVersion] : [shopId];
  return {
    facts,
    extent,
    orders: none
      ? orderRows(0)
      : await fillOrders(client, changes ? COLUMN_SQL.changedOrders : COLUMN_SQL.orders, since),
    refunds: none
      ? refundRows(0)
      : await fill(client, refundRows(), changes ? COLUMN_SQL.changedRefunds : COLUMN_SQL.refunds, since),
    deletedOrderIds: changes ? await idsOf(client, COLUMN_SQL.deletedOrders, since) : [],
    excludedCustomerIds: none ? [] : await idsOf(client, COLUMN_SQL.excludedCustomers, [shopId]),
    lines: asked && (await readLines(client, facts, asked.cached)),
  };
}

async function readLines(
  client: pg.PoolClient,
  facts: StoredFacts,
  cached: LineColumns | null,
): Promise<LinesRead> {
  const { shopId } = facts;
  const extent = extentOf(facts, cached);
  if (extent === "none") return { extent, rows: lineRows(0), changedOrderIds: [] };
  if (extent === "all" || !cached) {
    const rows = await fill(client, lineRows(), COLUMN_SQL.lines, [shopId]);
    return { extent: "all", rows, changedOrderIds: [] };
  }
  const since = [shopId, cached.dataVersion];
  return {
    extent,
    rows: await fill(client, lineRows(), COLUMN_SQL.changedLines, since),
    changedOrderIds: await idsOf(client, COLUMN_SQL.changedOrderIds, since),
  };
}

async function rowsOf<Row extends unknown[]>(
  client: pg.PoolClient,
  text: string,
  values: number[],
): Promise<Row[]> {
  const result = await client.query<Row>({ text, values, rowMode: "array", types });
  return result.rows;
}

async function idsOf(client: pg.PoolClient, text: string, values: number[]): Promise<number[]> {
  return (await rowsOf<[number]>(client, text, values)).map(([id]) => id);
}

async function fillOrders(client: pg.PoolClient, sql: string, values: number[]): Promise<OrderRows> {
  const rows = orderRows();
  await forEachRow<(number | string | null)[]>(client, sql, values, (row) => addOrderRow(rows, row));
  return rows;
}

async function fill<Field extends string>(
  client: pg.PoolClient,
  rows: RowBuffer<Field>,
  sql: string,
  values: number[],
): Promise<RowBuffer<Field>> {
  await forEachRow<(number | null)[]>(client, sql, values, (row) => addRow(rows, row));
  return rows;
}

async function forEachRow<Row extends unknown[]>(
  client: pg.PoolClient,
  sql: string,
  values: number[],
  take: (row: Row) => void,
): Promise<void> {
  await client.query(`DECLARE column_rows NO SCROLL CURSOR FOR ${sql}`, values);
  for (;;) {
    const fetched = await rowsOf<Row>(client, `FETCH ${ROWS_PER_FETCH} FROM column_rows`, []);
    for (const row of fetched) take(row);
    if (fetched.length < ROWS_PER_FETCH) break;
  }
  await client.query("CLOSE column_rows");
}
