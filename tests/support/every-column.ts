/** Yields every value of every table of a database, so that a test can say that something stands nowhere. */
import Sqlite from "better-sqlite3";
import pg from "pg";
import type { Database } from "../../app/db/database.server.ts";

export interface StoredValue {
  table: string;
  column: string;
  /** As text, whatever its type. */
  value: string;
}

export async function* everyColumn(db: Database): AsyncGenerator<StoredValue> {
  for await (const { table, row } of everyRow(db)) {
    for (const [column, value] of Object.entries(row)) {
      if (value !== null) yield { table, column, value: textOf(value) };
    }
  }
}

export interface StoredRow {
  table: string;
  row: Record<string, unknown>;
}

export function everyRow(db: Database): AsyncGenerator<StoredRow> {
  return db.dialect === "sqlite" ? sqliteRows(db.file) : postgresqlRows(db.url);
}

/** A stored value as text, whatever its type and the driver. */
export function textOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString("latin1");
  return typeof value === "object" ? JSON.stringify(value) : `${value as string | number | bigint | boolean}`;
}

async function* sqliteRows(file: string): AsyncGenerator<StoredRow> {
  const sqlite = new Sqlite(file, { readonly: true }).defaultSafeIntegers();
  try {
    const tables = sqlite
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .pluck()
      .all() as string[];
    for (const table of tables) {
      for (const row of sqlite.prepare(`SELECT * FROM "${table}"`).iterate()) {
        yield { table, row: row as Record<string, unknown> };
      }
    }
  } finally {
    sqlite.close();
  }
}

/** Every schema but PostgreSQL's own: the queue has one, too. */
async function* postgresqlRows(url: string): AsyncGenerator<StoredRow> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ schema: string; name: string }>(
      `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    for (const { schema, name } of tables) {
      const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM "${schema}"."${name}"`);
      for (const row of rows) yield { table: name, row };
    }
  } finally {
    await client.end();
  }
}
