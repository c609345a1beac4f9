/** A million members with points, made of one real one: its rows, as the app wrote them, with another number in each. */
import Sqlite from "better-sqlite3";
import pg from "pg";
import { isPostgresql, sqliteFile } from "../../app/db/url.ts";

/** What stands for the first member in its rows, by column. */
const FIRST = { member: 1, customer: 900_000_001, gift: "gift-00000001" };

/** The one that is copied: who gives it its points calls them so. */
export const FIRST_MEMBER = FIRST;

export const customerOf = (member: number): number => FIRST.customer - FIRST.member + member;

const TABLES = [
  "Member",
  "MemberLink",
  "MemberBalance",
  "Lot",
  "LedgerTransaction",
  "LedgerPosting",
] as const;

interface Session {
  columnsOf(table: string): Promise<string[]>;
  run(sql: string): Promise<void>;
  end(): Promise<void>;
}

/** Members 2 to `count`, in as many transactions as there are tables. */
export async function copyMembers(url: string, shopId: number, count: number): Promise<void> {
  const isPg = isPostgresql(url);
  const session = isPg ? await openPostgresql(url) : openSqlite(sqliteFile(url));
  const numbers = isPg
    ? `generate_series(2, ${count}) AS numbers(n)`
    : `(WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count}) SELECT n FROM numbers) AS numbers`;
  const padded = isPg ? "lpad(numbers.n::text, 8, '0')" : "printf('%08d', numbers.n)";
  try {
    for (const table of TABLES) {
      const columns = await session.columnsOf(table);
      const values = columns.map((column) => {
        if (column === "memberId" || (table === "Member" && column === "id")) return "numbers.n";
        if (column === "customerId") return `numbers.n + ${FIRST.customer - FIRST.member}`;
        // Names that hold the gift's.
        if (["id", "sourceId", "lotId"].includes(column))
          return `replace(first."${column}", '${FIRST.gift}', 'gift-' || ${padded})`;
        if (["fromAccount", "toAccount"].includes(column))
          return `replace(first."${column}", ':${FIRST.member}', ':' || numbers.n)`;
        return `first."${column}"`;
      });
      const own = table === "Member" ? "id" : "memberId";
      const names = columns.map((column) => `"${column}"`).join(", ");
      await session.run(
        `INSERT INTO "${table}" (${names}) SELECT ${values.join(", ")} FROM "${table}" AS first, ${numbers}
         WHERE first."shopId" = ${shopId} AND first."${own}" = ${FIRST.member}`,
      );
    }
    await session.run(`UPDATE "LoyaltyProgramme" SET "lastMemberId" = ${count} WHERE "shopId" = ${shopId}`);
    // As a database stands that has held them for a while: else it tidies up while it is measured.
    if (isPg) for (const tidying of ["VACUUM (ANALYZE)", "CHECKPOINT"]) await session.run(tidying);
  } finally {
    await session.end();
  }
}

function openSqlite(file: string): Session {
  const db = new Sqlite(file);
  db.pragma("synchronous = OFF");
  return {
    columnsOf: async (table) =>
      db.prepare("SELECT name FROM pragma_table_info(?)").pluck().all(table) as string[],
    run: async (sql) => void db.exec(sql),
    async end() {
      db.pragma("wal_checkpoint(TRUNCATE)");
      db.close();
    },
  };
}

async function openPostgresql(url: string): Promise<Session> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    async columnsOf(table) {
      const { rows } = await client.query<{ name: string }>(
        "SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1 AND table_schema = current_schema()",
        [table],
      );
      return rows.map(({ name }) => name);
    },
    run: async (sql) => void (await client.query(sql)),
    end: () => client.end(),
  };
}
