/**
 * SQL as it is, on the connection and in the transaction that Prisma has. For what somebody waits for: Prisma's engine takes several times
 * as long for a statement as the database does, and prepares it anew each time.
 */
import type Sqlite from "better-sqlite3";
import pg from "pg";
import type { Prisma } from "./generated/sqlite/client.ts";

export interface DirectSql {
  /** Integers are numbers, as all of ours are below 2^53; columns of truth values are booleans. */
  rows<Row extends object>(statement: Prisma.Sql): Promise<Row[]>;
  /** Answers how many rows were written. */
  run(statement: Prisma.Sql): Promise<number>;
}

interface Prepared {
  statement: Sqlite.Statement;
  /** Names of columns that SQLite answers as 0 and 1. */
  booleans: readonly string[];
}

/** More than the app has of them; some are made anew by how many rows they are about. */
const MOST_PREPARED = 500;

export function sqliteSql(connection: Sqlite.Database): DirectSql {
  const known = new Map<string, Prepared>();
  const prepared = (sql: string): Prepared => {
    const found = known.get(sql);
    if (found) return found;
    const statement = connection.prepare(sql).safeIntegers(false);
    const columns = statement.reader ? statement.columns() : [];
    const booleans = columns.filter(({ type }) => type === "BOOLEAN").map(({ name }) => name);
    if (known.size === MOST_PREPARED) known.clear();
    known.set(sql, { statement, booleans });
    return { statement, booleans };
  };
  const bound = ({ values }: Prisma.Sql) =>
    values.map((value) => (typeof value === "boolean" ? Number(value) : value));
  return {
    // Async, so that what SQLite refuses comes as what PostgreSQL refuses does.
    async rows<Row extends object>(asked: Prisma.Sql) {
      const { statement, booleans } = prepared(asked.sql);
      const rows = statement.all(...bound(asked)) as Record<string, unknown>[];
      for (const row of rows)
        for (const name of booleans) if (row[name] !== null) row[name] = row[name] === 1;
      return rows as Row[];
    },
    run: async (asked) => prepared(asked.sql).statement.run(...bound(asked)).changes,
  };
}

/** Types by their number in PostgreSQL's catalogue, which `pg` answers as text. */
const NUMBERS: readonly number[] = [pg.types.builtins.INT8, pg.types.builtins.NUMERIC];

const types = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    NUMBERS.includes(oid)
      ? Number
      : (pg.types.getTypeParser(oid, format ?? "text") as (text: string) => unknown),
};

/** `connection`: who has the transaction now, or the pool where there is none. */
export function postgresqlSql(connection: () => Pick<pg.ClientBase | pg.Pool, "query">): DirectSql {
  const query = ({ text, values }: Prisma.Sql) => connection().query({ text, values, types });
  return {
    rows: async <Row extends object>(asked: Prisma.Sql) => (await query(asked)).rows as Row[],
    run: async (asked) => (await query(asked)).rowCount ?? 0,
  };
}
