/** What the rest of the app knows of a database: how to read, how to change it, and which of the two it is. */
import type pg from "pg";
import type { DirectSql } from "./direct-sql.ts";
import type { Prisma, PrismaClient } from "./generated/sqlite/client.ts";
import type { WriteLock } from "./write-lock.ts";

type ReadMethod =
  | "findMany"
  | "findFirst"
  | "findFirstOrThrow"
  | "findUnique"
  | "findUniqueOrThrow"
  | "count"
  | "aggregate"
  | "groupBy";
type Model = Exclude<keyof PrismaClient, `$${string}` | symbol>;

/**
 * Prisma without its writing methods. On SQLite they would run in whatever transaction is open on the connection, so
 * the compiler forbids them here and the connection itself is read-only.
 */
type Reader = { [M in Model]: Pick<PrismaClient[M], ReadMethod & keyof PrismaClient[M]> } & Pick<
  PrismaClient,
  "$queryRaw" | "$queryRawUnsafe"
>;

/** A database or a transaction, for whoever only reads. */
export interface Reading {
  dialect: "sqlite" | "postgresql";
  prisma: Reader;
  sql: Pick<DirectSql, "rows">;
}

/** What one transaction's work gets. Stores take it first and the shop's id second. */
export interface Transaction {
  dialect: "sqlite" | "postgresql";
  prisma: Prisma.TransactionClient;
  /** The same transaction, past Prisma's engine. */
  sql: DirectSql;
  /** Keys of the hash that remembers an erased customer; the first one writes, all are recognised. */
  subjectKeys: () => readonly Uint8Array[];
}

interface Common {
  url: string;
  prisma: Reader;
  sql: Pick<DirectSql, "rows">;
  /**
   * Runs `work` in one transaction and returns its result. It may run more than once (a busy or deadlocked database), so it
   * does nothing outside the transaction. It cannot be nested. Two minutes are the most that it takes, unless told.
   */
  write<T>(work: (tx: Transaction) => Promise<T>, limits?: { timeoutMs: number }): Promise<T>;
  close(): Promise<void>;
  subjectKeys: () => readonly Uint8Array[];
}

export interface SqliteDatabase extends Common {
  dialect: "sqlite";
  /** Path of the database file. */
  file: string;
  /** Held by `write` and by the bulk writer's thread for each of their transactions. */
  lock: WriteLock;
  /** Resolves once all that was committed before outlives a loss of power: `write` waits for it. */
  synced(): Promise<void>;
  /** Work to do before the connections close, such as ending the bulk writer's thread. */
  beforeClose: (() => Promise<void>)[];
}

export interface PostgresqlDatabase extends Common {
  dialect: "postgresql";
  pool: pg.Pool;
}

export type Database = SqliteDatabase | PostgresqlDatabase;
