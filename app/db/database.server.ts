/**
 * The one way to the database, SQLite or PostgreSQL by DATABASE_URL: reads through `prisma`, every change through `write`.
 */
import { config } from "../config.server.ts";
import { openPostgresql } from "./postgresql.server.ts";
import { openSqlite } from "./sqlite.server.ts";
import { subjectKeys } from "./subject-hash.ts";
import type { Database } from "./types.ts";
import { isPostgresql } from "./url.ts";
import type { WriteLock } from "./write-lock.ts";

export type { Database, PostgresqlDatabase, SqliteDatabase, Transaction } from "./types.ts";

export interface DatabaseOptions {
  /** Instead of the ones derived from ENCRYPTION_KEYS. */
  subjectKeys?: readonly Uint8Array[];
  /** Of SQLite's writers, where another thread of this process has it. */
  lock?: WriteLock;
}

export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const keys = () => options.subjectKeys ?? subjectKeys(config().ENCRYPTION_KEYS);
  return isPostgresql(url) ? openPostgresql(url, keys) : openSqlite(url, keys, options.lock);
}

let opened: Promise<Database> | undefined;

/** The process's own database. */
export function database(): Promise<Database> {
  opened ??= openDatabase(config().DATABASE_URL);
  return opened;
}
