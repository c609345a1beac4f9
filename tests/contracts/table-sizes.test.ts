/** SQLite finds a shop's rows by its indexes, in tables that are empty as in full ones, and does so again after somebody's ANALYZE. */
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrateDatabase } from "../../app/db/migrate.server.ts";
import { sqliteFile } from "../../app/db/url.ts";
import { createTestDatabase } from "../support/database.ts";

let made: Awaited<ReturnType<typeof createTestDatabase>>;
beforeEach(async () => {
  made = await createTestDatabase("sqlite");
});
afterEach(() => made.remove());

interface Index {
  table: string;
  index: string;
  columns: string[];
}

function reading<T>(read: (db: Sqlite.Database) => T): T {
  const db = new Sqlite(sqliteFile(made.url));
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** Beside the rows themselves, which large tables keep in the order of their keys. */
function indexesOfLargeTables(db: Sqlite.Database): Index[] {
  return db
    .prepare<[], { table: string; index: string; columns: string }>(
      `SELECT t.name AS "table", i.name AS "index", group_concat(c.name, ',' ORDER BY c.seqno) AS columns
       FROM pragma_table_list AS t JOIN pragma_index_list(t.name) AS i JOIN pragma_index_info(i.name) AS c
       WHERE t.wr = 1 AND i.origin <> 'pk' GROUP BY 1, 2`,
    )
    .all()
    .map(({ columns, ...names }) => ({ ...names, columns: columns.split(",") }));
}

/** How SQLite looks for a shop's rows by these columns. */
function planOf(db: Sqlite.Database, table: string, columns: readonly string[]): string {
  const where = columns.map((name) => `"${name}" = ?`).join(" AND ");
  const sql = `EXPLAIN QUERY PLAN SELECT * FROM "${table}" WHERE ${where}`;
  const steps = db.prepare<number[], { detail: string }>(sql).all(...columns.map(() => 1));
  return steps.map(({ detail }) => detail).join();
}

const withoutIndex = () =>
  reading((db) =>
    indexesOfLargeTables(db)
      .map(({ table, columns }) => planOf(db, table, columns))
      .filter((plan) => plan.endsWith("USING PRIMARY KEY (shopId=?)")),
  );

test("a shop's rows are found by every index of the large tables", () => {
  expect(reading(indexesOfLargeTables).length).toBeGreaterThan(15);
  expect(withoutIndex()).toEqual([]);
});

test("starting again says the sizes anew where ANALYZE has said others", async () => {
  reading((db) => db.exec(`INSERT INTO "Member" ("shopId", "id", "joinedAt") VALUES (1, 1, 1); ANALYZE`));
  expect(withoutIndex()).not.toEqual([]);
  await migrateDatabase(made.url);
  expect(withoutIndex()).toEqual([]);
});
