/**
 * How long all of a shop's figures take, against one full read of the same columns by the database's driver, which no
 * computation over them can beat. `npm run bench -- metrics [--orders 1000000] [--database sqlite|postgresql]`, both unless told.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import Sqlite from "better-sqlite3";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { dayFromIso } from "../app/core/calendar.ts";
import { countOrders } from "../app/core/metrics/counted-orders.ts";
import { bytesOf, type OrderColumns } from "../app/core/metrics/order-columns.ts";
import { answerMetrics, type MetricsRequest } from "../app/core/questions/shop-metrics.ts";
import { COLUMN_SQL } from "../app/db/bulk/column-rows.ts";
import { orderColumnsReader } from "../app/db/bulk/order-columns.ts";
import { migrateDatabase } from "../app/db/migrate.server.ts";
import { sqliteFile } from "../app/db/url.ts";
import { startLocalPostgres } from "../scripts/local-postgres.ts";
import { randomNumbers } from "./random-numbers.ts";
import type { Result } from "./result.ts";

const SHOP = 1;
const FIRST_DAY = dayFromIso("2023-01-01");
const DAYS = 1096;
const DAY_MS = 86_400_000;
const REPEATS = 3;

const { values: options } = parseArgs({
  options: { orders: { type: "string", default: "1000000" }, database: { type: "string" } },
});
const orderCount = Number(options.orders);

const ORDER_COLUMNS = [
  "shopId", "id", "customerId", "createdAt", "placedAt", "updatedAt", "day", "grossMinor", "discountMinor",
  "shippingMinor", "taxMinor", "tipMinor", "giftCardMinor", "feeMinor", "refundMinor", "netMinor", "costMinor",
  "costedNetMinor", "differenceMinor", "presentmentCurrency", "presentmentTotalMinor", "channel", "discountCodes",
  "financialStatus", "flags", "leadProductId", "version",
]; // prettier-ignore
const REFUND_COLUMNS = [
  "shopId", "orderId", "id", "refundedAt", "day", "productMinor", "shippingMinor", "taxMinor", "giftCardMinor",
  "otherMinor", "costMinor",
]; // prettier-ignore

type Row = (string | number | null)[];

/** Orders with their refund, if any: three years, 2.5 orders per customer, 5% guests, 6% refunded, 1% cancelled. */
function* shopRows(count: number): Generator<{ order: Row; refund: Row | null }> {
  const random = randomNumbers(20_260_731);
  const customers = Math.max(1, Math.round(count / 2.5));
  for (let i = 0; i < count; i++) {
    const id = 5_000_000_000_000 + i * 1024;
    // One in fifty was imported and keeps an older date.
    const position = random() < 0.02 ? random() * i : i;
    const placedAt = Math.floor((FIRST_DAY + (position / count) * DAYS) * DAY_MS);
    const day = Math.floor(placedAt / DAY_MS);
    const guest = random() < 0.05;
    // Customers arrive over time and leave again: each order is of one of the latest third.
    const newest = (position / count) * customers;
    const customer = Math.floor(Math.max(0, newest - (random() ** 2 * customers) / 3));
    const gross = 500 + Math.floor(random() ** 3 * 40_000);
    const discount = random() < 0.2 ? Math.floor(gross / 10) : 0;
    const refunded = random() < 0.06 ? Math.floor((gross - discount) * random()) : 0;
    const net = gross - discount - refunded;
    const cancelled = random() < 0.01;
    const costed = random() < 0.9 ? net : 0;
    const order: Row = [
      SHOP, id, guest ? null : 7_000_000_000_000 + customer * 64, placedAt, placedAt, placedAt, day, gross, discount,
      random() < 0.5 ? 490 : 0, Math.floor(net / 6), random() < 0.01 ? 200 : 0, random() < 0.01 ? 2500 : 0, 0, refunded,
      net, Math.floor(costed * 0.55), costed, 0, "EUR", net, "web", "[]", "paid",
      (cancelled ? 2 : 0) | (guest ? 64 : 0), 8_000_000_000_000 + Math.floor(random() ** 2 * 120) * 32, 1,
    ]; // prettier-ignore
    const refundedAt = placedAt + Math.floor(random() * 30) * DAY_MS;
    yield {
      order,
      refund:
        refunded === 0
          ? null
          : [SHOP, id, id + 1, refundedAt, Math.floor(refundedAt / DAY_MS), refunded, 0, 0, 0, 0, 0],
    };
  }
}

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");
const SHOP_SQL = `INSERT INTO "Shop" ("id", "domain", "currency", "dataVersion") VALUES (${SHOP}, 'bench.myshopify.com', 'EUR', 1)`;

interface BenchDatabase {
  url: string;
  fill(): Promise<void>;
  /** Reads every row of the columns and keeps none. */
  readAll(): Promise<void>;
  touch(orders: number): Promise<void>;
  close(): Promise<void>;
}

async function sqliteDatabase(): Promise<BenchDatabase> {
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-bench-"));
  const url = `file:${path.join(folder, "bench.db")}`;
  await migrateDatabase(url);
  const connection = new Sqlite(sqliteFile(url));
  connection.pragma("journal_mode = WAL");
  const inserter = (table: string, columns: readonly string[]) =>
    connection.prepare(
      `INSERT INTO "${table}" (${quoted(columns)}) VALUES (${columns.map(() => "?").join(", ")})`,
    );
  return {
    url,
    async fill() {
      const [orders, refunds] = [inserter("Order", ORDER_COLUMNS), inserter("Refund", REFUND_COLUMNS)];
      connection.transaction(() => {
        connection.exec(SHOP_SQL);
        for (const { order, refund } of shopRows(orderCount)) {
          orders.run(...order);
          if (refund) refunds.run(...refund);
        }
      })();
      connection.pragma("wal_checkpoint(TRUNCATE)");
    },
    async readAll() {
      for (const sql of [COLUMN_SQL.orders, COLUMN_SQL.refunds]) {
        let last: unknown;
        for (const row of connection.prepare(sql.replace("$1", "?")).raw().iterate(SHOP)) last = row;
        if (last === undefined) throw new Error("nothing was read");
      }
    },
    async touch(orders) {
      connection.exec(`UPDATE "Shop" SET "dataVersion" = "dataVersion" + 1`);
      connection.exec(
        `UPDATE "Order" SET "version" = (SELECT "dataVersion" FROM "Shop"), "grossMinor" = "grossMinor" + 1
         WHERE "id" IN (SELECT "id" FROM "Order" ORDER BY "id" DESC LIMIT ${orders})`,
      );
    },
    async close() {
      connection.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function postgresqlDatabase(): Promise<BenchDatabase> {
  const server = await startLocalPostgres({ durable: true });
  const url = await server.create("bench");
  await migrateDatabase(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const copy = async (table: string, columns: readonly string[], rows: Iterable<Row>) => {
    const target = client.query(copyFrom(`COPY "${table}" (${quoted(columns)}) FROM STDIN`));
    await pipeline(Readable.from(inChunks(rows)), target);
  };
  return {
    url,
    async fill() {
      await client.query(SHOP_SQL);
      await copy(
        "Order",
        ORDER_COLUMNS,
        mapRows((row) => row.order),
      );
      await copy(
        "Refund",
        REFUND_COLUMNS,
        mapRows((row) => row.refund),
      );
      await client.query("VACUUM ANALYZE");
    },
    async readAll() {
      for (const sql of [COLUMN_SQL.orders, COLUMN_SQL.refunds]) {
        await client.query("BEGIN");
        await client.query(`DECLARE everything NO SCROLL CURSOR FOR ${sql.replace("$1", String(SHOP))}`);
        for (;;) {
          const text = "FETCH 20000 FROM everything";
          // Numbers, as the columns need them: text alone would be half a read.
          const { rowCount } = await client.query({ text, rowMode: "array", types: NUMBERS });
          if (rowCount === 0) break;
        }
        await client.query("COMMIT");
      }
    },
    async touch(orders) {
      await client.query(`UPDATE "Shop" SET "dataVersion" = "dataVersion" + 1`);
      await client.query(
        `UPDATE "Order" SET "version" = (SELECT "dataVersion" FROM "Shop"), "grossMinor" = "grossMinor" + 1
         WHERE "id" IN (SELECT "id" FROM "Order" ORDER BY "id" DESC LIMIT ${orders})`,
      );
    },
    async close() {
      await client.end();
      await server.stop();
    },
  };
}

const NUMBERS: pg.CustomTypesConfig = { getTypeParser: () => Number };

function* mapRows(pick: (row: { order: Row; refund: Row | null }) => Row | null): Generator<Row> {
  for (const row of shopRows(orderCount)) {
    const picked = pick(row);
    if (picked) yield picked;
  }
}

/** COPY's text form, some thousand rows at a time. */
function* inChunks(rows: Iterable<Row>): Generator<string> {
  let chunk = "";
  for (const row of rows) {
    chunk += `${row.map((value) => value ?? "\\N").join("\t")}\n`;
    if (chunk.length > 1 << 18) {
      yield chunk;
      chunk = "";
    }
  }
  yield chunk;
}

/** Every figure there is, under the switches that pages offer. */
function everyQuestion(columns: OrderColumns): MetricsRequest[] {
  const lastDay = columns.day.at(-1) ?? 0;
  const year = { firstDay: lastDay - 364, lastDay };
  const all = { tax: true, shipping: true, giftCards: true };
  return [
    { question: "report", options: {} },
    { question: "revenue", options: {} },
    { question: "revenue", options: { period: year } },
    { question: "revenue", options: { period: year, basis: "refund date", included: all } },
    { question: "customers", options: {} },
    { question: "customers", options: { period: year } },
    { question: "orderIntervals", options: {} },
    { question: "timeToSecondOrder", options: {} },
    { question: "cohorts", options: { grain: "month" } },
    { question: "cohorts", options: { grain: "week" } },
    { question: "firstProducts", options: {} },
    { question: "firstProducts", options: { withinDays: 180 } },
    { question: "lifetimeValue", options: {} },
  ];
}

/** Seconds of the fastest of a few runs: what the code needs when the machine lets it. */
async function fastest(work: () => unknown): Promise<number> {
  let best = Infinity;
  for (let run = 0; run < REPEATS; run++) {
    const start = performance.now();
    await work();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

const results: Result[] = [];

function note(name: string, value: number, unit: string, floor: number | null): void {
  const round = (number: number) => Number(number.toPrecision(4));
  const result = {
    case: name,
    value: round(value),
    unit,
    floor: floor === null ? null : round(floor),
    ratio: floor === null ? null : round(value / floor),
  };
  results.push(result);
  console.log(
    `${name}: ${result.value} ${unit}${result.ratio === null ? "" : ` (${result.ratio} times the floor)`}`,
  );
}

async function measure(dialect: string, database: BenchDatabase): Promise<void> {
  await database.fill();
  const reader = orderColumnsReader(database.url);
  const read = async (cached: OrderColumns | null) => {
    const columns = await reader.read(SHOP, cached, Date.now());
    if (!columns) throw new Error("the shop is missing");
    return columns;
  };
  const answerAll = (columns: OrderColumns) => {
    const counted = countOrders(columns);
    for (const request of everyQuestion(columns)) answerMetrics(columns, request, counted);
  };
  const of = `${dialect}, ${orderCount} orders`;
  const floor = await fastest(() => database.readAll());
  note(`${of}: full read of the columns by the driver`, floor, "s", null);
  const columns = await read(null);
  note(`${of}: all figures, columns cached`, await fastest(() => answerAll(columns)), "s", floor);
  note(
    `${of}: columns read anew and all figures`,
    await fastest(async () => answerAll(await read(null))),
    "s",
    floor,
  );
  for (const request of everyQuestion(columns)) {
    const counted = countOrders(columns);
    const asked = `${request.question} ${JSON.stringify(request.options)}`;
    console.log(
      `  ${asked}: ${(await fastest(() => answerMetrics(columns, request, counted))).toFixed(4)} s`,
    );
  }
  let merged = columns;
  let merging = 0;
  for (let run = 0; run < REPEATS; run++) {
    await database.touch(100);
    const start = performance.now();
    merged = await read(merged);
    merging = run === 0 ? performance.now() - start : Math.min(merging, performance.now() - start);
  }
  note(`${of}: 100 changed orders merged in`, merging / 1000, "s", floor);
  note(`${of}: columns in memory`, bytesOf(columns) / 1_000_000, "MB", null);
  await reader.close();
}

for (const [dialect, open] of [
  ["sqlite", sqliteDatabase],
  ["postgresql", postgresqlDatabase],
] as const) {
  if (options.database && options.database !== dialect) continue;
  const database = await open();
  try {
    await measure(dialect, database);
  } finally {
    await database.close();
  }
}
console.log(JSON.stringify({ name: "metrics", results }));
