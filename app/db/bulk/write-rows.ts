/**
 * Writes many rows in one statement, over those of the same key where it is asked to. They come to the database as one text of JSON:
 * Prisma writes rows one by one, and spends more on a parameter than the database on a row.
 */
import { Prisma } from "../generated/sqlite/client.ts";
import { chunks } from "../plain.ts";
import type { Transaction } from "../types.ts";

type SqlRow = Readonly<Record<string, string | number | boolean | null>>;

const ROWS_AT_ONCE = 2_000;

/** Rows of one table. All have the columns of the first. */
export interface TableRows {
  table: string;
  rows: readonly SqlRow[];
  /** Over those of the same key, of which the last is written. Without it a row that is there already is an error. */
  key?: readonly string[];
}

export async function writeRows(
  tx: Transaction,
  table: string,
  rows: readonly SqlRow[],
  key: readonly string[] = [],
): Promise<void> {
  for (const some of chunks(lastOfEach(rows, key), ROWS_AT_ONCE))
    await tx.sql.run(insertion(tx, { table, rows: some, key }));
}

/** Rows of several tables: where they are few, PostgreSQL is asked once, because each asking costs more than what it asks. */
export async function writeTables(tx: Transaction, tables: readonly TableRows[]): Promise<void> {
  const filled = tables.filter(({ rows }) => rows.length > 0);
  if (tx.dialect === "sqlite" || filled.some(({ rows }) => rows.length > ROWS_AT_ONCE)) {
    for (const { table, rows, key } of filled) await writeRows(tx, table, rows, key);
    return;
  }
  const insertions = filled.map(({ rows, key = [], ...each }) =>
    insertion(tx, { ...each, key, rows: lastOfEach(rows, key) }),
  );
  const last = insertions.pop();
  if (!last) return;
  const parts = insertions.map((each, at) => Prisma.sql`${Prisma.raw(`part${at}`)} AS (${each})`);
  await tx.sql.run(parts.length === 0 ? last : Prisma.sql`WITH ${Prisma.join(parts)} ${last}`);
}

function insertion({ dialect }: Transaction, { table, rows, key }: Required<TableRows>): Prisma.Sql {
  const columns = Object.keys(rows[0] ?? {});
  const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");
  const changed = columns
    .filter((name) => !key.includes(name))
    .map((name) => `"${name}" = excluded."${name}"`);
  const over = key.length === 0 ? "" : `ON CONFLICT (${quoted(key)}) DO UPDATE SET ${changed.join(", ")}`;
  const [before, after] =
    dialect === "sqlite"
      ? [`SELECT ${columns.map((_, at) => `value ->> ${at}`).join(", ")} FROM json_each(`, ") WHERE true"]
      : [`SELECT ${quoted(columns)} FROM json_populate_recordset(NULL::"${table}", `, "::json)"];
  const content = dialect === "sqlite" ? rows.map((row) => columns.map((name) => row[name])) : rows;
  const text = [`INSERT INTO "${table}" (${quoted(columns)}) ${before}`, `${after} ${over}`];
  return new Prisma.Sql(text, [JSON.stringify(content)]);
}

function lastOfEach(rows: readonly SqlRow[], key: readonly string[]): readonly SqlRow[] {
  if (key.length === 0) return rows;
  const byKey = new Map(rows.map((row) => [JSON.stringify(key.map((name) => row[name])), row]));
  return [...byKey.values()];
}
