/**
 * Tells the Prisma command line which database it works on. DATABASE_URL chooses: `file:...` is SQLite, `postgresql://...`
 * PostgreSQL. The JavaScript schema engine is used, because the native one would be downloaded at first use.
 */
import pg from "pg";
import { defineConfig } from "prisma/config";

const url = process.env.DATABASE_URL ?? "file:.data/perennial.db";
const provider = url.startsWith("postgres") ? "postgresql" : "sqlite";

/** Types of PostgreSQL's own catalogue that the schema engine cannot read, as ones that it can: name and char are text. */
const READABLE_TYPES: Readonly<Record<number, number>> = { 18: 25, 19: 25, 1003: 1009 };

type Callback = (error: unknown, result?: pg.QueryResult) => void;
type Parsers = { getTypeParser: (type: number, format: string) => unknown };

class CatalogueClient extends pg.Client {
  override query = ((...given: unknown[]) => {
    const query = Reflect.get(pg.Client.prototype, "query") as (...given: unknown[]) => unknown;
    const [question] = given as { types?: Parsers }[];
    const parsers = question?.types;
    // Values are parsed as the readable type, and the answer says so.
    if (question && parsers) {
      question.types = {
        getTypeParser: (type, format) => parsers.getTypeParser(READABLE_TYPES[type] ?? type, format),
      };
    }
    const readable = (result?: pg.QueryResult) => {
      for (const field of result?.fields ?? []) {
        field.dataTypeID = READABLE_TYPES[field.dataTypeID] ?? field.dataTypeID;
      }
      // PostgreSQL 18 lists NOT NULL among the constraints, and the engine stops at a kind that it does not know.
      const kind = result?.fields?.findIndex(({ name }) => name === "constraint_type") ?? -1;
      if (result && kind >= 0) {
        const rows = result.rows as unknown as unknown[][];
        result.rows = rows.filter((row) => row[kind] !== "n");
      }
      return result;
    };
    // The pool asks with a callback, Prisma for a promise.
    const callback = given.at(-1);
    if (typeof callback !== "function") {
      return (query.apply(this, given) as Promise<pg.QueryResult>).then(readable);
    }
    const answered: Callback = (error, result) => (callback as Callback)(error, readable(result));
    return query.apply(this, [...given.slice(0, -1), answered]);
  }) as typeof pg.Client.prototype.query;
}

export default defineConfig({
  schema: `prisma/${provider}`,
  migrations: { path: `prisma/${provider}/migrations` },
  experimental: { adapter: true },
  engine: "js",
  adapter: async () => {
    if (provider === "sqlite") {
      const { PrismaBetterSQLite3 } = await import("@prisma/adapter-better-sqlite3");
      return new PrismaBetterSQLite3({ url });
    }
    const { PrismaPg } = await import("@prisma/adapter-pg");
    return new PrismaPg(new pg.Pool({ connectionString: url, Client: CatalogueClient }), {
      disposeExternalPool: true,
    });
  },
});
