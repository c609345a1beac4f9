/**
 * The floor of a sync: the results of the same bulk operations, read and mapped by the same code into the same rows, and
 * written by the driver's fastest idempotent write, with nothing looked up, locked or remembered.
 */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import Sqlite from "better-sqlite3";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { shopCalendar } from "../../app/core/calendar.ts";
import { LINE_COLUMNS, ORDER_COLUMNS, REFUND_COLUMNS } from "../../app/db/bulk/row-columns.ts";
import { openDatabase } from "../../app/db/database.server.ts";
import { migrateDatabase } from "../../app/db/migrate.server.ts";
import { addOrderRows, type OrderFacts, type OrderRows } from "../../app/db/order-rows.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import { loadWindows } from "../../app/db/stores/sync-state.server.ts";
import { isPostgresql, sqliteFile } from "../../app/db/url.ts";
import { adminFor } from "../../app/services/access/admin-access.server.ts";
import { assembleOrders } from "../../app/shopify/bulk-assembly.ts";
import { pollBulkOperation, readBulkResult, type BulkResult } from "../../app/shopify/bulk.server.ts";
import { mapOrder } from "../../app/shopify/mapping.ts";
import type { FloorResult } from "./messages.ts";

type Row = Record<string, number | string | boolean | null>;
const TABLES = [
  { table: "Order", columns: ORDER_COLUMNS, key: ["shopId", "id"], rowsOf: (rows: OrderRows) => rows.orders },
  {
    table: "OrderLine",
    columns: LINE_COLUMNS,
    key: ["shopId", "orderId", "id"],
    rowsOf: (rows: OrderRows) => rows.lines,
  },
  {
    table: "Refund",
    columns: REFUND_COLUMNS,
    key: ["shopId", "orderId", "id"],
    rowsOf: (rows: OrderRows) => rows.refunds,
  },
] as const;

interface Writer {
  write(rows: OrderRows): Promise<void>;
  close(): Promise<void>;
}

const { DATABASE_URL = "", FLOOR_URL = "", SHOP_DOMAIN = "" } = process.env;
const names = (columns: readonly string[]) => columns.map((column) => `"${column}"`).join(", ");

function sqliteWriter(file: string): Writer {
  const db = new Sqlite(file);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  const inserts = TABLES.map(({ table, columns, rowsOf }) => ({
    rowsOf,
    columns,
    insert: db.prepare(
      `INSERT OR REPLACE INTO "${table}" (${names(columns)}) VALUES (${columns.map(() => "?").join(", ")})`,
    ),
  }));
  return {
    async write(rows) {
      db.exec("BEGIN");
      for (const { rowsOf, columns, insert } of inserts) {
        for (const row of rowsOf(rows) as unknown as Row[]) {
          insert.run(
            columns.map((column) => {
              const value = row[column] ?? null;
              return typeof value === "boolean" ? Number(value) : value;
            }),
          );
        }
      }
      db.exec("COMMIT");
    },
    async close() {
      db.close();
    },
  };
}

async function postgresqlWriter(url: string): Promise<Writer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    async write(rows) {
      await client.query("BEGIN");
      for (const { table, columns, key, rowsOf } of TABLES) {
        const list = rowsOf(rows) as unknown as Row[];
        await client.query(`CREATE TEMP TABLE "new" (LIKE "${table}") ON COMMIT DROP`);
        await pipeline(
          Readable.from(copyTexts(columns, list)),
          client.query(copyFrom(`COPY "new" (${names(columns)}) FROM STDIN`)),
        );
        const updates = columns.map((column) => `"${column}" = excluded."${column}"`).join(", ");
        await client.query(
          `INSERT INTO "${table}" (${names(columns)}) SELECT ${names(columns)} FROM "new" ON CONFLICT (${names(key)}) DO UPDATE SET ${updates}`,
        );
        await client.query(`DROP TABLE "new"`);
      }
      await client.query("COMMIT");
    },
    close: () => client.end(),
  };
}

function* copyTexts(columns: readonly string[], rows: readonly Row[]): Generator<string> {
  let text = "";
  for (const row of rows) {
    text += `${columns.map((column) => row[column] ?? "\\N").join("\t")}\n`;
    if (text.length < 200_000) continue;
    yield text;
    text = "";
  }
  yield text;
}

async function unitCosts(
  db: Awaited<ReturnType<typeof openDatabase>>,
  shopId: number,
): Promise<OrderFacts["unitCosts"]> {
  const costs = new Map<number, { validFrom: number; costMinor: number }[]>();
  for (const cost of await db.prisma.unitCost.findMany({
    where: { shopId },
    orderBy: { validFrom: "asc" },
  })) {
    const known = costs.get(Number(cost.variantId)) ?? [];
    known.push({ validFrom: Number(cost.validFrom), costMinor: Number(cost.costMinor) });
    costs.set(Number(cost.variantId), known);
  }
  return costs;
}

/** The results that the sync read: their addresses still work. */
async function bulkResults(
  db: Awaited<ReturnType<typeof openDatabase>>,
  shopId: number,
): Promise<BulkResult[]> {
  const client = await adminFor(db, shopId);
  const results: BulkResult[] = [];
  for (const { bulkOperationId } of await loadWindows(db, shopId, "orders")) {
    if (bulkOperationId === null) continue;
    const operation = await pollBulkOperation(client, bulkOperationId);
    if (operation.state === "done") results.push(operation.result);
  }
  return results;
}

const db = await openDatabase(DATABASE_URL);
const shop = await findShop(db, SHOP_DOMAIN);
if (!shop) throw new Error("the shop was not synced");
const facts: OrderFacts = {
  storedUpdatedAt: new Map(),
  storedCosts: new Map(),
  deletedOrderIds: new Set(),
  owners: { changed: new Map(), rejoined: new Map() },
  unitCosts: await unitCosts(db, shop.id),
};
const results = await bulkResults(db, shop.id);
await migrateDatabase(FLOOR_URL);
const writer = isPostgresql(FLOOR_URL)
  ? await postgresqlWriter(FLOOR_URL)
  : sqliteWriter(sqliteFile(FLOOR_URL));

const startedAt = performance.now();
const context = { calendar: shopCalendar(shop.timeZone), currency: shop.currency };
let count = 0;
for (const result of results) {
  const nodes = await readBulkResult(result, assembleOrders);
  const rows: OrderRows = { orders: [], lines: [], refunds: [] };
  for (const node of nodes) addOrderRows(rows, shop.id, mapOrder(node, context), facts, 1);
  await writer.write(rows);
  count += rows.orders.length + rows.lines.length + rows.refunds.length;
}
const seconds = (performance.now() - startedAt) / 1000;
await writer.close();
await db.close();
const answer: FloorResult = { seconds, rows: count };
process.send?.(answer, () => process.exit());
