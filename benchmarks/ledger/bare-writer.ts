/** The floor of the points ledger: the same rows into the same tables by the driver alone, with nothing looked up, locked or decided. */
import Sqlite from "better-sqlite3";
import pg from "pg";
import { isPostgresql, sqliteFile } from "../../app/db/url.ts";

const TABLES = ["LedgerTransaction", "LedgerPosting", "Lot", "MemberBalance"] as const;
export type Rows = Readonly<Record<(typeof TABLES)[number], readonly (readonly unknown[])[]>>;

interface BareWriter {
  /** In one transaction, which reaches the disk. */
  write(rows: Rows): Promise<void>;
  close(): Promise<void>;
}

export async function bareWriter(url: string): Promise<BareWriter> {
  return isPostgresql(url) ? postgresqlWriter(url) : sqliteWriter(sqliteFile(url));
}

function sqliteWriter(file: string): BareWriter {
  const db = new Sqlite(file);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  const inserts = TABLES.map((table) => {
    const width = db.prepare(`SELECT count(*) FROM pragma_table_info(?)`).pluck().get(table) as number;
    const marks = Array.from({ length: width }, () => "?").join(", ");
    return { table, insert: db.prepare(`INSERT INTO "${table}" VALUES (${marks})`) };
  });
  const all = db.transaction((rows: Rows) => {
    for (const { table, insert } of inserts) for (const row of rows[table]) insert.run(...row);
  });
  return { write: async (rows) => all(rows), close: async () => void db.close() };
}

async function postgresqlWriter(url: string): Promise<BareWriter> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const table of TABLES) await client.query(`ALTER TABLE "${table}" DISABLE TRIGGER USER`);
  return {
    async write(rows) {
      await client.query("BEGIN");
      for (const table of TABLES) await insertAll(client, table, rows[table]);
      await client.query("COMMIT");
    },
    close: () => client.end(),
  };
}

async function insertAll(client: pg.Client, table: string, rows: readonly (readonly unknown[])[]) {
  const width = rows[0]?.length ?? 0;
  const marks = rows.map((_, row) => {
    const columns = Array.from({ length: width }, (_, column) => `$${row * width + column + 1}`);
    return `(${columns.join(", ")})`;
  });
  if (rows.length > 0) await client.query(`INSERT INTO "${table}" VALUES ${marks.join(", ")}`, rows.flat());
}
