/** Fresh migrated databases for tests, each suite on SQLite and on real PostgreSQL. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, inject } from "vitest";
import { openDatabase, type Database } from "../../app/db/database.server.ts";

export type Dialect = Database["dialect"];

const TEST_SUBJECT_KEYS = [new Uint8Array(32).fill(7)];

/** Address of a fresh, migrated and empty database, and how to be rid of it. */
export async function createTestDatabase(dialect: Dialect): Promise<{ url: string; remove: () => void }> {
  if (dialect === "postgresql") {
    const url = await text(connect(inject("databaseSocket")));
    if (!url.startsWith("postgresql:")) throw new Error(`no PostgreSQL: ${url}`);
    // The whole server goes at the end of the run.
    return { url, remove: () => undefined };
  }
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-sqlite-"));
  const file = path.join(folder, "test.db");
  copyFileSync(inject("sqliteTemplate"), file);
  return { url: `file:${file}`, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function openTestDatabase(dialect: Dialect, ending: (() => Promise<void>)[]): Promise<Database> {
  const { url, remove } = await createTestDatabase(dialect);
  const db = await openDatabase(url, { subjectKeys: TEST_SUBJECT_KEYS });
  ending.push(async () => {
    await db.close();
    remove();
  });
  return db;
}

/** Inside a `describe`: opens fresh migrated databases, closed and removed after the test that opened them. */
export function usingDatabases(): (dialect: Dialect) => Promise<Database> {
  const ending: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0)) await end();
  });
  return (dialect) => openTestDatabase(dialect, ending);
}

/** Runs the same suite on both databases; each `open()` gives a fresh migrated one. */
export function describeOnBothDatabases(
  name: string,
  suite: (open: () => Promise<Database>, dialect: Dialect) => void,
): void {
  describe.each(["sqlite", "postgresql"] as const)(`${name} on %s`, (dialect) => {
    const open = usingDatabases();
    suite(() => open(dialect), dialect);
  });
}
