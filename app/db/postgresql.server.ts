/** Opens a PostgreSQL database: one pool, shared by Prisma and the bulk writers. */
import { AsyncLocalStorage } from "node:async_hooks";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { log } from "../observability/log.server.ts";
import { postgresqlSql } from "./direct-sql.ts";
import { PrismaClient as PostgresqlClient } from "./generated/postgresql/client.ts";
import type { PrismaClient } from "./generated/sqlite/client.ts";
import { retried, runTransaction } from "./run-transaction.ts";
import type { PostgresqlDatabase, Transaction } from "./types.ts";
import { writesUnderWay } from "./writes-under-way.ts";

/** What a transaction under way runs on, as soon as Prisma has begun it. */
const underWay = new AsyncLocalStorage<{ connection: pg.ClientBase | null }>();

/** Prisma on the pool, telling us on which of its connections it begins a transaction. */
function clientOn(pool: pg.Pool): PostgresqlClient {
  const factory = new PrismaPg(pool);
  return new PostgresqlClient({
    adapter: {
      provider: factory.provider,
      adapterName: factory.adapterName,
      async connect() {
        const adapter = await factory.connect();
        const begin = adapter.startTransaction.bind(adapter);
        adapter.startTransaction = async (isolationLevel) => {
          const transaction = await begin(isolationLevel);
          const holder = underWay.getStore();
          if (holder) holder.connection = Reflect.get(transaction, "client") as pg.ClientBase;
          return transaction;
        };
        return adapter;
      },
    },
  });
}

export async function openPostgresql(
  url: string,
  subjectKeys: Transaction["subjectKeys"],
): Promise<PostgresqlDatabase> {
  // A worker keeps two (LISTEN, and the lock that proves it alive); a job may read on a second one while it writes.
  const pool = new pg.Pool({ connectionString: url, max: 20 });
  // An idle connection that the server ends is replaced by the pool; without a listener it would end the process.
  pool.on("error", (error) => log.warn({ reason: error.message }, "an idle database connection was lost"));
  // So would a connection in use: whoever uses it gets the error from its query.
  pool.on("connect", (connection) => {
    connection.on("error", (error) => log.debug({ reason: error.message }, "a database connection was lost"));
  });
  const client = clientOn(pool);
  // Both clients are generated from the same models and differ only in what this app does not use (see the contract tests):
  // the SQLite one's types stand for both.
  const prisma = client as unknown as PrismaClient;
  await prisma.$connect();
  const sql = postgresqlSql(() => pool);
  const writes = writesUnderWay();
  return {
    dialect: "postgresql",
    url,
    pool,
    subjectKeys,
    prisma,
    sql: { rows: (statement) => retried(() => sql.rows(statement)) },
    write: (work, limits) => writes.run(() => writeOn(prisma, work, subjectKeys, limits)),
    async close() {
      await writes.end();
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

function writeOn<T>(
  prisma: PrismaClient,
  work: (tx: Transaction) => Promise<T>,
  subjectKeys: Transaction["subjectKeys"],
  limits?: { timeoutMs: number },
): Promise<T> {
  const holder: { connection: pg.ClientBase | null } = { connection: null };
  const sql = postgresqlSql(() => {
    if (!holder.connection)
      throw new Error("Prisma has begun a transaction on a connection that is not known");
    return holder.connection;
  });
  return underWay.run(holder, () =>
    runTransaction(
      prisma,
      (transaction) => work({ dialect: "postgresql", prisma: transaction, sql, subjectKeys }),
      limits,
    ),
  );
}
