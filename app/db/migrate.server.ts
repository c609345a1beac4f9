/**
 * Applies the committed migrations, one transaction each, and records them as `prisma migrate deploy` would: a release
 * image needs no schema engine, and `prisma migrate status` agrees with what was done here.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import Sqlite from "better-sqlite3";
import { runMigrations } from "graphile-worker";
import pg from "pg";
import { CREATE_COUNTS } from "./shared-counts.ts";
import { SQLITE_PRAGMAS } from "./sqlite.server.ts";
import { tellTableSizes } from "./table-sizes.sqlite.ts";
import { isPostgresql, sqliteFile } from "./url.ts";

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** The two drivers' smallest common part. */
interface Session {
  run(sql: string): Promise<void>;
  record(migration: Migration): Promise<void>;
  recorded(): Promise<{ name: string; checksum: string; finished: boolean }[]>;
}

const FOLDER = path.resolve(import.meta.dirname, "../../prisma");

function migrations(provider: "sqlite" | "postgresql"): Migration[] {
  const folder = path.join(FOLDER, provider, "migrations");
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const sql = readFileSync(path.join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Of every migration that this version knows, in order. */
export function migrationNames(provider: "sqlite" | "postgresql"): string[] {
  return migrations(provider).map(({ name }) => name);
}

/** Brings the database to the present models, creating it where SQLite has none. Returns the names of what it applied. */
export async function migrateDatabase(url: string): Promise<string[]> {
  return isPostgresql(url) ? migratePostgresql(url) : migrateSqlite(sqliteFile(url));
}

async function applyMissing(session: Session, all: readonly Migration[]): Promise<string[]> {
  const recorded = new Map((await session.recorded()).map((row) => [row.name, row]));
  const known = new Set(all.map(({ name }) => name));
  for (const { name } of recorded.values()) {
    if (!known.has(name))
      throw new Error(`The database has migration ${name}, which this version does not know.`);
  }
  const applied: string[] = [];
  for (const migration of all) {
    const row = recorded.get(migration.name);
    if (row && !row.finished)
      throw new Error(`Migration ${row.name} was begun with other tools and not finished.`);
    if (row && row.checksum !== migration.checksum) {
      throw new Error(`Migration ${row.name} was changed after it was applied.`);
    }
    if (row) continue;
    await session.run("BEGIN");
    try {
      await session.run(migration.sql);
      await session.record(migration);
      await session.run("COMMIT");
    } catch (error) {
      await session.run("ROLLBACK");
      throw error;
    }
    applied.push(migration.name);
  }
  return applied;
}

async function migrateSqlite(file: string): Promise<string[]> {
  mkdirSync(path.dirname(file), { recursive: true });
  const db = new Sqlite(file);
  try {
    db.exec(SQLITE_PRAGMAS);
    db.exec(`CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
      "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
      "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
      "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`);
    const session: Session = {
      run: async (sql) => void db.exec(sql),
      record: async ({ name, checksum }) => {
        db.prepare(
          `INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "started_at", "applied_steps_count")
           VALUES (?, ?, ?, ?, ?, 1)`,
        ).run(randomUUID(), checksum, Date.now(), name, Date.now());
      },
      recorded: async () =>
        db
          .prepare<[], { name: string; checksum: string; finished_at: number | null }>(
            `SELECT "migration_name" AS name, "checksum" AS checksum, "finished_at" FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL`,
          )
          .all()
          .map(({ name, checksum, finished_at }) => ({ name, checksum, finished: finished_at !== null })),
    };
    const applied = await applyMissing(session, migrations("sqlite"));
    tellTableSizes(db);
    return applied;
  } finally {
    db.close();
  }
}

/** Prisma's own advisory lock, held for the queue's tables (graphile-worker's own migrations) and the shared counts, too: two processes that start together migrate one after the other. */
const MIGRATION_LOCK = 72707369;

async function migratePostgresql(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await client.query(`CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
      "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
      "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
      "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`);
    const session: Session = {
      run: async (sql) => void (await client.query(sql)),
      record: async ({ name, checksum }) => {
        await client.query(
          `INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "applied_steps_count")
           VALUES ($1, $2, now(), $3, 1)`,
          [randomUUID(), checksum, name],
        );
      },
      recorded: async () => {
        const { rows } = await client.query<{ name: string; checksum: string; finished: boolean }>(
          `SELECT "migration_name" AS name, "checksum" AS checksum, "finished_at" IS NOT NULL AS finished
           FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL`,
        );
        return rows;
      },
    };
    const applied = await applyMissing(session, migrations("postgresql"));
    await runMigrations({ connectionString: url });
    await client.query(CREATE_COUNTS);
    return applied;
  } finally {
    await client.end();
  }
}
