/** Opens a PostgreSQL database: one pool, shared by Prisma and the bulk writers. */
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { log } from "../observability/log.server.ts";
import { PrismaClient as PostgresqlClient } from "./generated/postgresql/client.ts";
import type { PrismaClient } from "./generated/sqlite/client.ts";
import { runTransaction } from "./run-transaction.ts";
import type { PostgresqlDatabase, Transaction } from "./types.ts";
import { writesUnderWay } from "./writes-under-way.ts";

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
  const client = new PostgresqlClient({ adapter: new PrismaPg(pool) });
  // Both clients are generated from the same models and differ only in what this app does not use (see the contract tests):
  // the SQLite one's types stand for both.
  const prisma = client as unknown as PrismaClient;
  await prisma.$connect();
  const writes = writesUnderWay();
  return {
    dialect: "postgresql",
    url,
    pool,
    subjectKeys,
    prisma,
    write: (work, limits) =>
      writes.run(() =>
        runTransaction(
          prisma,
          (transaction) => work({ dialect: "postgresql", prisma: transaction, subjectKeys }),
          limits,
        ),
      ),
    async close() {
      await writes.end();
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
