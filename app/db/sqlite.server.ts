/** Opens a SQLite database: one connection that only reads, one that only runs transactions, and the lock between writers. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { PrismaBetterSQLite3 } from "@prisma/adapter-better-sqlite3";
import type Sqlite from "better-sqlite3";
import { RARE_CHECKPOINTS } from "./bulk/checkpoint.sqlite.ts";
import { sqliteSql, type DirectSql } from "./direct-sql.ts";
import { PrismaClient } from "./generated/sqlite/client.ts";
import { createLogSync } from "./log-sync.ts";
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

/** For connections of this event loop, which wait for `synced` after each commit: as durable as FULL, and nobody else has to wait. */
export const SYNCED_BESIDE = "PRAGMA synchronous = NORMAL;";

/** Prisma on a connection of its own, which SQL past it uses, too. */
async function connect(file: string, pragmas: string): Promise<{ prisma: PrismaClient; sql: DirectSql }> {
  const factory = new PrismaBetterSQLite3({ url: file });
  const adapter = await factory.connect();
  await adapter.executeScript(pragmas);
  const prisma = new PrismaClient({
    adapter: {
      provider: factory.provider,
      adapterName: factory.adapterName,
      connect: () => Promise.resolve(adapter),
    },
  });
  await prisma.$connect();
  return { prisma, sql: sqliteSql(Reflect.get(adapter, "client") as Sqlite.Database) };
}

export async function openSqlite(
  url: string,
  subjectKeys: Transaction["subjectKeys"],
  lock: WriteLock = createWriteLock(),
): Promise<SqliteDatabase> {
  const file = sqliteFile(url);
  mkdirSync(path.dirname(file), { recursive: true });
  // The writer goes first: only it can make a new file WAL.
  const writer = await connect(file, `${SQLITE_PRAGMAS} ${SYNCED_BESIDE} ${RARE_CHECKPOINTS}`);
  const log = createLogSync(file);
  const reader = await connect(file, `${SQLITE_PRAGMAS} PRAGMA query_only = ON;`);
  const beforeClose: (() => Promise<void>)[] = [];
  const writes = writesUnderWay();
  return {
    dialect: "sqlite",
    url,
    file,
    lock,
    beforeClose,
    subjectKeys,
    prisma: reader.prisma,
    sql: reader.sql,
    synced: () => log.synced(),
    write: (work, limits) =>
      writes.run(async () => {
        const result = await runTransaction(
          writer.prisma,
          (prisma) => work({ dialect: "sqlite", prisma, sql: writer.sql, subjectKeys }),
          { lock, ...limits },
        );
        await log.synced();
        return result;
      }),
    async close() {
      await writes.end();
      for (const end of beforeClose) await end();
      await log.close();
      await reader.prisma.$disconnect();
      await writer.prisma.$disconnect();
    },
  };
}
