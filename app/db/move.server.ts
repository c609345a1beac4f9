/**
 * Moves everything from a SQLite database to an empty PostgreSQL one and proves it: every table is counted and summed up
 * on both sides before the one transaction commits, so that a move that failed has moved nothing and is simply run again.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import Sqlite from "better-sqlite3";
import pg from "pg";
import type { NewJob } from "../core/job.ts";
import { copyInto, type CopyValue } from "./bulk/copy-into.ts";
import { openDatabase } from "./database.server.ts";
import { migrateDatabase } from "./migrate.server.ts";
import { chunks } from "./plain.ts";
import { addDeadJobs, enqueueMany } from "./stores/jobs.server.ts";
import { isPostgresql, sqliteFile } from "./url.ts";

/** Something the person who moves can put right; the message says what. */
export class MoveRefused extends Error {
  override name = "MoveRefused";
}

export interface MovedTable {
  table: string;
  rows: number;
  /** Sum of every row's hash: the same on both sides, whatever the order. */
  checksum: string;
}

interface Table {
  name: string;
  columns: string[];
  /** Columns that SQLite keeps as 0 and 1. */
  booleans: ReadonlySet<string>;
}

export async function moveDatabase(
  from: string,
  to: string,
  told: (table: MovedTable) => void,
): Promise<{ tables: MovedTable[]; jobs: number }> {
  if (!from.startsWith("file:")) throw new MoveRefused(`--from must be a SQLite database, file:PATH.`);
  if (!isPostgresql(to)) throw new MoveRefused(`--to must be a PostgreSQL database, postgresql://...`);
  const file = sqliteFile(from);
  if (!existsSync(file)) throw new MoveRefused(`There is no database at ${file}.`);
  await migrateDatabase(from);
  await migrateDatabase(to);

  const source = new Sqlite(file, { timeout: 2000 }).defaultSafeIntegers();
  const target = new pg.Client({ connectionString: to });
  await target.connect();
  try {
    holdStill(source);
    await target.query("BEGIN");
    const tables = await commonTables(source, target);
    await refuseUnlessEmpty(target, tables);
    const jobs = await moveJobs(source, to);
    const moved: MovedTable[] = [];
    for (const table of tables) {
      const { name, columns } = table;
      await copyInto(target, name, columns, sourceRows(source, table));
      const before = sumUp(name, sourceRows(source, table));
      const after = await sumUpTarget(target, table);
      if (before.rows !== after.rows || before.checksum !== after.checksum) {
        throw new Error(
          `${name} differs after the copy: ${before.rows} rows (${before.checksum}) became ${after.rows} (${after.checksum}). Nothing was moved.`,
        );
      }
      moved.push(after);
      told(after);
    }
    // The next new shop's id comes after all moved ones.
    await target.query(
      `SELECT setval(pg_get_serial_sequence('"Shop"', 'id'), coalesce(max("id"), 0) + 1, false) FROM "Shop"`,
    );
    await target.query("COMMIT");
    return { tables: moved, jobs };
  } finally {
    await target.end();
    source.close();
  }
}

/** Takes SQLite's write lock: nothing may change underneath, and a running app would go on writing to the old place. */
function holdStill(source: Sqlite.Database): void {
  try {
    source.exec("BEGIN IMMEDIATE");
  } catch (cause) {
    throw new MoveRefused("The SQLite database is being written to. Stop the app first.", { cause });
  }
}

/** Tables of the models. Prisma's own list of migrations is each database's own, and the queue moves as jobs. */
async function commonTables(source: Sqlite.Database, target: pg.Client): Promise<Table[]> {
  const { rows } = await target.query<{ table: string; column: string; type: string }>(
    `SELECT table_name AS table, column_name AS column, data_type AS type FROM information_schema.columns
     WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position`,
  );
  const names = source
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`)
    .pluck()
    .all() as string[];
  return names
    .filter((name) => name !== "_prisma_migrations" && name !== "Job")
    .map((name) => {
      const theirs = rows.filter((row) => row.table === name);
      const columns = source.prepare(`SELECT name FROM pragma_table_info(?)`).pluck().all(name) as string[];
      const missing = columns.filter((column) => !theirs.some((row) => row.column === column));
      if (missing.length > 0) throw new Error(`${name} has no ${missing.join(", ")} on PostgreSQL`);
      const booleans = new Set(theirs.filter((row) => row.type === "boolean").map((row) => row.column));
      return { name, columns, booleans };
    });
}

async function refuseUnlessEmpty(target: pg.Client, tables: readonly Table[]): Promise<void> {
  for (const { name } of tables) {
    const { rowCount } = await target.query(`SELECT 1 FROM "${name}" LIMIT 1`);
    if (rowCount !== 0) {
      throw new MoveRefused(`The PostgreSQL database is not empty: ${name} has rows. Name an empty one.`);
    }
  }
}

/** Rows as the text PostgreSQL would show, shop by shop because the shop leads every key. */
function* sourceRows(source: Sqlite.Database, { name, columns, booleans }: Table): Generator<CopyValue[]> {
  const names = columns.map((column) => `"${column}"`).join(", ");
  const rows = source.prepare(`SELECT ${names} FROM "${name}" ORDER BY 1`).raw().iterate();
  for (const row of rows) {
    yield (row as CopyValue[]).map((value, at) => {
      if (value === null || !booleans.has(columns[at] ?? "")) return value;
      return Number(value) === 1 ? "t" : "f";
    });
  }
}

function sumUp(table: string, rows: Iterable<readonly CopyValue[]>): MovedTable {
  const sum = emptySum();
  for (const row of rows) addToSum(sum, row);
  return { table, rows: sum.rows, checksum: sum.total.toString(16) };
}

const asText = { getTypeParser: () => (value: string) => value };

async function sumUpTarget(target: pg.Client, { name, columns }: Table): Promise<MovedTable> {
  const sum = emptySum();
  const names = columns.map((column) => `"${column}"`).join(", ");
  await target.query(`DECLARE moved NO SCROLL CURSOR FOR SELECT ${names} FROM "${name}"`);
  for (;;) {
    const { rows } = await target.query<(string | null)[]>({
      text: "FETCH 5000 FROM moved",
      rowMode: "array",
      types: asText,
    });
    if (rows.length === 0) break;
    for (const row of rows) addToSum(sum, row);
  }
  await target.query("CLOSE moved");
  return { table: name, rows: sum.rows, checksum: sum.total.toString(16) };
}

interface Sum {
  rows: number;
  total: bigint;
}

function emptySum(): Sum {
  return { rows: 0, total: 0n };
}

function addToSum(sum: Sum, row: readonly CopyValue[]): void {
  const text = JSON.stringify(row.map((value) => (value === null ? null : String(value))));
  const hash = createHash("sha256").update(text).digest();
  sum.rows += 1;
  sum.total = BigInt.asUintN(64, sum.total + hash.readBigUInt64BE(0));
}

interface JobRow {
  shopId: bigint;
  id: string;
  kind: NewJob["kind"];
  key: string | null;
  queue: string | null;
  payload: string;
  runAt: bigint;
  maxAttempts: bigint;
  lastError: string | null;
  createdAt: bigint;
  deadAt: bigint | null;
}

/**
 * Adds every job to PostgreSQL's queue: one that waits or ran waits there, and a dead letter is dead there, for a person to retry.
 * Each has a key, so that a repeated move adds none twice; this is done before the copy commits, because a job without its data
 * finds nothing to do but data without its job waits for good.
 */
async function moveJobs(source: Sqlite.Database, to: string): Promise<number> {
  const rows = source
    .prepare(
      `SELECT "shopId", "id", "kind", "key", "queue", "payload", "runAt", "maxAttempts", "lastError", "createdAt", "deadAt"
       FROM "Job" WHERE "maxAttempts" > 0`,
    )
    .all() as JobRow[];
  if (rows.length === 0) return 0;
  const waiting = rows
    .filter(({ deadAt }) => deadAt === null)
    .map((row) => movedJob(row, row.key ?? movedKey(row)));
  // Without its own key, as it would have lost it to the next job of that key.
  const dead = rows.flatMap((row) =>
    row.deadAt === null
      ? []
      : [
          {
            job: movedJob(row, movedKey(row)),
            error: row.lastError ?? "",
            createdAt: Number(row.createdAt),
            deadAt: Number(row.deadAt),
          },
        ],
  );
  const db = await openDatabase(to);
  try {
    for (const part of chunks(waiting, 1000)) await db.write((tx) => enqueueMany(tx, part));
    for (const part of chunks(dead, 1000)) await db.write((tx) => addDeadJobs(tx, part));
  } finally {
    await db.close();
  }
  return rows.length;
}

function movedKey({ id }: JobRow): string {
  return `moved-${id}`;
}

function movedJob(row: JobRow, key: string) {
  return {
    shopId: Number(row.shopId),
    kind: row.kind,
    payload: JSON.parse(row.payload) as NewJob["payload"],
    key,
    queue: row.queue ?? undefined,
    runAt: Number(row.runAt),
    maxAttempts: Number(row.maxAttempts),
  };
}
