/**
 * Writes whole histories to PostgreSQL by COPY straight into the tables. The lock on the shop's row makes that safe: no
 * other transaction writes this shop's orders between looking what is there, removing it and copying the new rows in.
 */
import type pg from "pg";
import type { AbandonedCheckout } from "../../core/checkout.ts";
import type { Customer } from "../../core/customer.ts";
import type { Order } from "../../core/order.ts";
import { failpoint } from "../../observability/failpoint.ts";
import {
  applicableCheckouts,
  applicableCustomers,
  loadKnownOrders,
  loadOrderFacts,
  type FactSource,
} from "../order-facts.ts";
import { addOrderRows, applicableOrders, customerRow, type OrderRows } from "../order-rows.ts";
import { chunks } from "../plain.ts";
import { retried } from "../run-transaction.ts";
import type { PostgresqlDatabase } from "../types.ts";
import { copyInto, type CopyValue } from "./copy-into.ts";
import { factSql } from "./fact-sql.ts";
import {
  CHECKOUT_COLUMNS,
  CUSTOMER_COLUMNS,
  LINE_COLUMNS,
  ORDER_COLUMNS,
  REFUND_COLUMNS,
  valuesOf,
  type BulkRow,
} from "./row-columns.ts";

/** Rows of one transaction; more would hold the shop's row for longer and build longer texts. */
const ORDERS_PER_TRANSACTION = 2000;
const CUSTOMERS_PER_TRANSACTION = 5000;
const CHECKOUTS_PER_TRANSACTION = 5000;

export async function writeOrdersToPostgresql(
  db: PostgresqlDatabase,
  shopId: number,
  orders: readonly Order[],
): Promise<{ applied: number }> {
  let applied = 0;
  for (const part of chunks(orders, ORDERS_PER_TRANSACTION)) {
    applied += await inTransaction(db, shopId, (client) => replaceOrders(db, client, shopId, part));
  }
  await keepStatistics(db, applied);
  return { applied };
}

/** Orders that this process has copied in, and how many of them PostgreSQL's planner knew of when it last looked. */
const copied = new WeakMap<PostgresqlDatabase, { orders: number; known: number }>();
/** With fewer rows no plan is slow. */
const ORDERS_WORTH_A_LOOK = 5_000;

/**
 * Lets the planner look at tables that have doubled: of tables just filled it thinks that a shop has a row or two, and joins them
 * in ways that take minutes; autovacuum would look a minute too late.
 */
async function keepStatistics(db: PostgresqlDatabase, applied: number): Promise<void> {
  const { orders, known } = copied.get(db) ?? { orders: 0, known: 0 };
  const now = orders + applied;
  const isWorthIt = now - known >= Math.max(ORDERS_WORTH_A_LOOK, known);
  copied.set(db, { orders: now, known: isWorthIt ? now : known });
  if (isWorthIt) await db.pool.query(`ANALYZE "Order", "OrderLine", "Refund"`);
}

export async function writeCustomersToPostgresql(
  db: PostgresqlDatabase,
  shopId: number,
  customers: readonly Customer[],
): Promise<{ applied: number }> {
  let applied = 0;
  for (const part of chunks(customers, CUSTOMERS_PER_TRANSACTION)) {
    applied += await inTransaction(db, shopId, (client) => replaceCustomers(db, client, shopId, part));
  }
  return { applied };
}

export async function writeCheckoutsToPostgresql(
  db: PostgresqlDatabase,
  shopId: number,
  checkouts: readonly AbandonedCheckout[],
): Promise<{ applied: number }> {
  let applied = 0;
  for (const part of chunks(checkouts, CHECKOUTS_PER_TRANSACTION)) {
    applied += await inTransaction(db, shopId, (client) => replaceCheckouts(db, client, shopId, part));
  }
  return { applied };
}

async function inTransaction(
  db: PostgresqlDatabase,
  shopId: number,
  work: (client: pg.PoolClient) => Promise<number>,
): Promise<number> {
  return retried(async () => {
    const client = await db.pool.connect();
    try {
      await client.query("BEGIN");
      const { rowCount } = await client.query(`SELECT 1 FROM "Shop" WHERE "id" = $1 FOR UPDATE`, [shopId]);
      if (rowCount === 0) throw new Error(`no shop ${shopId}`);
      const applied = await work(client);
      failpoint("bulk-write:before-commit");
      await client.query("COMMIT");
      failpoint("bulk-write:after-commit");
      client.release();
      return applied;
    } catch (error) {
      // The connection may be in the middle of a COPY: it is ended, which rolls back, instead of mended.
      client.release(true);
      throw error;
    }
  });
}

async function replaceOrders(
  db: PostgresqlDatabase,
  client: pg.PoolClient,
  shopId: number,
  orders: readonly Order[],
): Promise<number> {
  const source = postgresqlFacts(client, shopId, db.subjectKeys);
  const known = await loadKnownOrders(source, orders);
  const applicable = applicableOrders(orders, known);
  if (applicable.length === 0) return 0;
  const facts = await loadOrderFacts(source, applicable, known);
  const version = await bumpDataVersion(client, shopId);
  const rows: OrderRows = { orders: [], lines: [], refunds: [] };
  for (const order of applicable) addOrderRows(rows, shopId, order, facts, version);
  const stored = applicable.map(({ id }) => id).filter((id) => known.storedUpdatedAt.has(id));
  if (stored.length > 0) {
    const ids = [shopId, stored];
    await client.query(`DELETE FROM "OrderLine" WHERE "shopId" = $1 AND "orderId" = ANY($2::bigint[])`, ids);
    await client.query(`DELETE FROM "Refund" WHERE "shopId" = $1 AND "orderId" = ANY($2::bigint[])`, ids);
    await client.query(`DELETE FROM "Order" WHERE "shopId" = $1 AND "id" = ANY($2::bigint[])`, ids);
  }
  await copy(client, "Order", ORDER_COLUMNS, rows.orders);
  await copy(client, "OrderLine", LINE_COLUMNS, rows.lines);
  await copy(client, "Refund", REFUND_COLUMNS, rows.refunds);
  return applicable.length;
}

async function replaceCustomers(
  db: PostgresqlDatabase,
  client: pg.PoolClient,
  shopId: number,
  customers: readonly Customer[],
): Promise<number> {
  const applicable = await applicableCustomers(postgresqlFacts(client, shopId, db.subjectKeys), customers);
  if (applicable.length === 0) return 0;
  const version = await bumpDataVersion(client, shopId);
  await client.query(`DELETE FROM "Customer" WHERE "shopId" = $1 AND "id" = ANY($2::bigint[])`, [
    shopId,
    applicable.map(({ id }) => id),
  ]);
  const rows = applicable.map((customer) => customerRow(shopId, customer, version));
  await copy(client, "Customer", CUSTOMER_COLUMNS, rows);
  return applicable.length;
}

async function replaceCheckouts(
  db: PostgresqlDatabase,
  client: pg.PoolClient,
  shopId: number,
  checkouts: readonly AbandonedCheckout[],
): Promise<number> {
  const rows = await applicableCheckouts(postgresqlFacts(client, shopId, db.subjectKeys), checkouts);
  if (rows.length === 0) return 0;
  await client.query(`DELETE FROM "AbandonedCheckout" WHERE "shopId" = $1 AND "id" = ANY($2::bigint[])`, [
    shopId,
    rows.map(({ id }) => id),
  ]);
  await copy(client, "AbandonedCheckout", CHECKOUT_COLUMNS, rows);
  return rows.length;
}

async function bumpDataVersion(client: pg.PoolClient, shopId: number): Promise<number> {
  const { rows } = await client.query<{ dataVersion: number }>(
    `UPDATE "Shop" SET "dataVersion" = "dataVersion" + 1 WHERE "id" = $1 RETURNING "dataVersion"`,
    [shopId],
  );
  const [row] = rows;
  if (!row) throw new Error(`no shop ${shopId}`);
  return row.dataVersion;
}

async function copy(
  client: pg.PoolClient,
  table: string,
  columns: readonly string[],
  rows: readonly BulkRow[],
): Promise<void> {
  if (rows.length > 0) await copyInto(client, table, columns, valuesOfAll(rows));
}

function* valuesOfAll(rows: readonly BulkRow[]): Generator<CopyValue[]> {
  for (const row of rows) yield valuesOf(row);
}

const SQL = factSql((column, type) => `${column} = ANY($2::${type}[])`);

function postgresqlFacts(
  client: pg.PoolClient,
  shopId: number,
  subjectKeys: FactSource["subjectKeys"],
): FactSource {
  const ask = async (text: string, list: readonly (number | string)[]): Promise<unknown[][]> => {
    if (list.length === 0) return [];
    const { rows } = await client.query<unknown[]>({ text, values: [shopId, list], rowMode: "array" });
    return rows;
  };
  // 64-bit integers arrive as text.
  const pairs = async (text: string, ids: number[]) =>
    (await ask(text, ids)).map(([a, b]): [number, number] => [Number(a), Number(b)]);
  const triples = async (text: string, ids: number[]) =>
    (await ask(text, ids)).map(([a, b, c]): [number, number, number] => [Number(a), Number(b), Number(c)]);
  return {
    shopId,
    subjectKeys,
    storedOrders: (ids) => pairs(SQL.storedOrders, ids),
    storedCustomers: (ids) => pairs(SQL.storedCustomers, ids),
    storedCheckouts: (ids) => pairs(SQL.storedCheckouts, ids),
    deletedOrders: async (ids) => (await ask(SQL.deletedOrders, ids)).map(([id]) => Number(id)),
    storedCosts: (ids) => triples(SQL.storedCosts, ids),
    unitCosts: (ids) => triples(SQL.unitCosts, ids),
    aliases: (ids) => pairs(SQL.aliases, ids),
    hasErasures: async () => {
      const { rows } = await client.query<[boolean]>({
        text: SQL.hasErasures,
        values: [shopId],
        rowMode: "array",
      });
      return rows[0]?.[0] === true;
    },
    erased: async (hashes) =>
      (await ask(SQL.erased, hashes)).map(([hash, at]) => [String(hash), at === null ? null : Number(at)]),
  };
}
