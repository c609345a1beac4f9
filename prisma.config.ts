/**
 * Tells the Prisma command line which database it works on. DATABASE_URL chooses: `file:...` is SQLite, `postgresql://...`
 * PostgreSQL. The JavaScript schema engine is used, because the native one would be downloaded at first use.
 */
import { defineConfig } from "prisma/config";

const url = process.env.DATABASE_URL ?? "file:.data/perennial.db";
const provider = url.startsWith("postgres") ? "postgresql" : "sqlite";

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
    return new PrismaPg({ connectionString: url });
  },
});
