/**
 * SQL as it is, on the connection and in the transaction that Prisma has. For what somebody waits for: Prisma's engine takes several times
 * as long for a statement as the database does, and prepares it anew each time.
 */
import { createHash } from "node:crypto";
import type Sqlite from "better-sqlite3";
import pg from "pg";
import type { Prisma } from "./generated/sqlite/client.ts";

export interface DirectSql {
  /** Integers are numbers, as all of ours are below 2^53; columns of truth values are booleans. */
  rows<Row extends object>(statement: Prisma.Sql): Promise<Row[]>;
  /** Answers how many rows were written. */
  run(statement: Prisma.Sql): Promise<number>;
  /**
   * Does what does not wait for one another, and answers once all of it has ended. PostgreSQL is sent the statements of each before those of
   * the others are answered, and works them one after another; the first that fails is thrown.
   */
  together<Answers extends readonly unknown[]>(...parts: Parts<Answers>): Promise<Answers>;
}

type Parts<Answers extends readonly unknown[]> = {
  [Index in keyof Answers]: () => Promise<Answers[Index]>;
};

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
    together: (...parts) => allEnded(parts),
  };
}

/** Unlike Promise.all it leaves nothing under way; what fails after the first, fails because of it. */
async function allEnded<Answers extends readonly unknown[]>(parts: Parts<Answers>): Promise<Answers> {
  const failures: unknown[] = [];
  const answers = await Promise.all(
    parts.map((part) => part().catch((error: unknown) => void failures.push(error))),
  );
  if (failures.length > 0) throw failures[0];
  return answers as unknown as Answers;
}

/** Types by their number in PostgreSQL's catalogue, which `pg` answers as text. */
const NUMBERS: readonly number[] = [pg.types.builtins.INT8, pg.types.builtins.NUMERIC];

const types = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    NUMBERS.includes(oid)
      ? Number
      : (pg.types.getTypeParser(oid, format ?? "text") as (text: string) => unknown),
};

/** Of statements by their text. A connection prepares a named one once, and planning takes as long as much of what is asked here. */
const names = new Map<string, string>();
/** Counts what other processes have changed about tables: what was prepared before then cannot be used. */
let generation = 0;

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size === MOST_PREPARED) names.clear();
  const name = `${generation}-${createHash("sha256").update(text).digest("base64url").slice(0, 22)}`;
  names.set(text, name);
  return name;
}

/** A client's switch for sending statements before those before them are answered, which its types do not name. */
interface Pipelined {
  pipeline: boolean;
}

/** `connection`: who has the transaction now, or the pool where there is none. */
export function postgresqlSql(connection: () => Pick<pg.ClientBase | pg.Pool, "query">): DirectSql {
  const query = async ({ text, values }: Prisma.Sql) => {
    try {
      return await connection().query({ name: nameOf(text), text, values, types });
    } catch (error) {
      if (!isOfOldTables(error)) throw error;
      generation += 1;
      names.clear();
      throw new TablesChanged({ cause: error });
    }
  };
  return {
    rows: async <Row extends object>(asked: Prisma.Sql) => (await query(asked)).rows as Row[],
    run: async (asked) => (await query(asked)).rowCount ?? 0,
    async together<Answers extends readonly unknown[]>(...parts: Parts<Answers>) {
      const client = connection();
      if (!(client instanceof pg.Client)) return allEnded(parts);
      // Only meanwhile: what copies rows in must have the connection to itself.
      const pipelined = client as unknown as Pipelined;
      pipelined.pipeline = true;
      try {
        return await allEnded(parts);
      } finally {
        pipelined.pipeline = false;
      }
    },
  };
}

/** The transaction is lost, and the next attempt prepares anew: see `retried`. */
class TablesChanged extends Error {
  override name = "TablesChanged";
  readonly code = "TABLES_CHANGED";

  constructor(options: ErrorOptions) {
    super("tables have changed since the statement was prepared", options);
  }
}

function isOfOldTables(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.routine === "RevalidateCachedQuery";
}
