/**
 * A ledger with a long past: as many postings as are wanted, written by the database itself from plain arithmetic, of members other than those
 * who are measured. Each order's points were earned, and spent since, so that the lots are closed as nearly all of a long past are.
 */
import Sqlite from "better-sqlite3";
import pg from "pg";
import { isPostgresql, sqliteFile } from "../../app/db/url.ts";

/** Transactions of each of these members. */
const EACH = 100;
/** Above the numbers of those who are measured. */
const FIRST_MEMBER = 10_000_000;
const DAY_MS = 86_400_000;
/** Rows that one statement writes. */
const STEP = 1_000_000;
/** Sources are as long as each other, as Shopify's numbers of orders are, so that their indexes grow at the end. */
const FIRST_SOURCE = 1_000_000_000;

/** One posting for each of the numbers n from 0: n / EACH is the member, every second one spends what the one before earned. */
function statements(shopId: number, numbers: string, isPostgres: boolean): string[] {
  const member = `${FIRST_MEMBER} + n / ${EACH}`;
  const kind = "CASE n % 2 WHEN 0 THEN 'earn' ELSE 'redeem' END";
  const source = `'past-' || (${FIRST_SOURCE} + n)`;
  const lot = `'earn/past-' || (${FIRST_SOURCE} + n - n % 2)`;
  const at = `${Date.UTC(2020, 0, 1)} + (n % ${EACH}) * ${DAY_MS}`;
  const points = "CASE n % 2 WHEN 0 THEN 100 ELSE -100 END";
  const no = isPostgres ? "false" : "0";
  return [
    `INSERT INTO "LedgerTransaction" ("shopId", "kind", "sourceId", "sequence", "memberId", "number", "at", "points")
     SELECT ${shopId}, ${kind}, ${source}, 0, ${member}, n % ${EACH}, ${at}, ${points} FROM ${numbers}`,
    `INSERT INTO "LedgerPosting" ("shopId", "kind", "sourceId", "sequence", "position", "memberId", "fromAccount", "toAccount", "points", "lotId")
     SELECT ${shopId}, ${kind}, ${source}, 0, 0, ${member},
       CASE n % 2 WHEN 0 THEN 'issued' ELSE 'available' END, CASE n % 2 WHEN 0 THEN 'available' ELSE 'redeemed' END, 100, ${lot} FROM ${numbers}`,
    `INSERT INTO "Lot" ("shopId", "id", "memberId", "kind", "sourceId", "points", "earnedAt", "ripensAt", "expiresAt", "pending", "available", "expired", "isOpen")
     SELECT ${shopId}, ${lot}, ${member}, 'earn', ${source}, 100, ${at}, ${at}, NULL, 0, 0, 0, ${no} FROM ${numbers} WHERE n % 2 = 0`,
    `INSERT INTO "MemberBalance" ("shopId", "memberId", "transactions") SELECT ${shopId}, ${member}, ${EACH} FROM ${numbers} WHERE n % ${EACH} = 0`,
  ];
}

export async function fillLedger(url: string, shopId: number, postings: number): Promise<void> {
  const isPostgres = isPostgresql(url);
  const run = isPostgres ? await postgresqlRunner(url) : sqliteRunner(sqliteFile(url));
  try {
    for (let from = 0; from < postings; from += STEP) {
      const to = Math.min(postings, from + STEP) - 1;
      const numbers = isPostgres
        ? `generate_series(${from}::bigint, ${to}) AS numbers (n)`
        : `(WITH RECURSIVE numbers (n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM numbers WHERE n < ${to}) SELECT n FROM numbers)`;
      for (const statement of statements(shopId, numbers, isPostgres)) await run.statement(statement);
    }
  } finally {
    await run.end();
  }
}

interface Runner {
  statement(sql: string): Promise<unknown>;
  end(): Promise<unknown>;
}

function sqliteRunner(file: string): Runner {
  const db = new Sqlite(file);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000");
  return {
    statement: async (sql) => db.exec(sql),
    end: async () => {
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      db.close();
    },
  };
}

async function postgresqlRunner(url: string): Promise<Runner> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    statement: (sql) => client.query(sql),
    async end() {
      await client.query("CHECKPOINT");
      await client.query("ANALYZE");
      await client.end();
    },
  };
}
