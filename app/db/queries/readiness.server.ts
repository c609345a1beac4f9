/** Whether the database is this version's: reachable, and with exactly the migrations that this code was written for. */
import { migrationNames } from "../migrate.server.ts";
import type { Database } from "../types.ts";

/** Names of the migrations that are missing; all of them where there are no tables yet. Throws when the database cannot be reached. */
export async function missingMigrations(db: Database): Promise<string[]> {
  const wanted = migrationNames(db.dialect);
  const tables = await db.prisma.$queryRawUnsafe<unknown[]>(
    db.dialect === "sqlite"
      ? `SELECT 1 FROM sqlite_master WHERE name = '_prisma_migrations'`
      : `SELECT 1 WHERE to_regclass('_prisma_migrations') IS NOT NULL AND to_regclass('graphile_worker._private_jobs') IS NOT NULL`,
  );
  if (tables.length === 0) return wanted;
  const rows = await db.prisma.$queryRawUnsafe<{ name: string }[]>(
    `SELECT "migration_name" AS "name" FROM "_prisma_migrations" WHERE "finished_at" IS NOT NULL AND "rolled_back_at" IS NULL`,
  );
  const applied = new Set(rows.map(({ name }) => name));
  return wanted.filter((name) => !applied.has(name));
}
