/** Opens a SQLite database: one connection that only reads, one that only runs transactions, and the lock between writers. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { PrismaBetterSQLite3 } from "@prisma/adapter-better-sqlite3";
import { RARE_CHECKPOINTS } from "./bulk/checkpoint.sqlite.ts";
import { PrismaClient } from "./generated/sqlite/client.ts";
import { runTransaction } from "./run-transaction.ts";
import type { SqliteDatabase, Transaction } from "./types.ts";
import { sqliteFile } from "./url.ts";
import { createWriteLock, type WriteLock } from "./write-lock.ts";
import { writesUnderWay } from "./writes-under-way.ts";

/**
 * FULL, because a committed order or token must survive a loss of power; WAL, because readers must not wait for writers; recursive
 * triggers, because without them a row that REPLACE throws away does not meet the guard of the points ledger.
 */
export const SQLITE_PRAGMAS =
  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA recursive_triggers = ON;";

function connect(file: string, pragmas: string): PrismaClient {
  const factory = new PrismaBetterSQLite3({ url: file });
  return new PrismaClient({
    adapter: {
      provider: factory.provider,
      adapterName: factory.adapterName,
      async connect() {
        const connection = await factory.connect();
        await connection.executeScript(pragmas);
        return connection;
      },
    },
  });
}

export async function openSqlite(
  url: string,
  subjectKeys: Transaction["subjectKeys"],
  lock: WriteLock = createWriteLock(),
): Promise<SqliteDatabase> {
  const file = sqliteFile(url);
  mkdirSync(path.dirname(file), { recursive: true });
  const writer = connect(file, `${SQLITE_PRAGMAS} ${RARE_CHECKPOINTS}`);
  // The writer goes first: only it can make a new file WAL.
  await writer.$connect();
  const reader = connect(file, `${SQLITE_PRAGMAS} PRAGMA query_only = ON;`);
  await reader.$connect();
  const beforeClose: (() => Promise<void>)[] = [];
  const writes = writesUnderWay();
  return {
    dialect: "sqlite",
    url,
    file,
    lock,
    beforeClose,
    subjectKeys,
    prisma: reader,
    write: (work, limits) =>
      writes.run(() =>
        runTransaction(writer, (prisma) => work({ dialect: "sqlite", prisma, subjectKeys }), {
          lock,
          ...limits,
        }),
      ),
    async close() {
      await writes.end();
      for (const end of beforeClose) await end();
      await reader.$disconnect();
      await writer.$disconnect();
    },
  };
}
