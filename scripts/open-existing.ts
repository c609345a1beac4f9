/** Opens a database for a command: one that is there and of this version, or one sentence that says why not. */
import { existsSync } from "node:fs";
import { openDatabase, type Database } from "../app/db/database.server.ts";
import { missingMigrations } from "../app/db/queries/readiness.server.ts";
import { isPostgresql, sqliteFile } from "../app/db/url.ts";
import { CannotRun } from "./demo/options.ts";

export async function openExisting(url: string): Promise<Database> {
  const db = await open(url);
  try {
    const missing = await missingMigrations(db).catch((error: unknown) => {
      throw new CannotRun(`The database cannot be read: ${reasonOf(error)}`);
    });
    if (missing.length > 0)
      throw new CannotRun("The database is not migrated to this version: run npm run db:migrate first.");
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function open(url: string): Promise<Database> {
  try {
    // Opening a SQLite database would make one where there is none.
    if (!isPostgresql(url) && !existsSync(sqliteFile(url)))
      throw new CannotRun(`There is no database at ${sqliteFile(url)}.`);
    return await openDatabase(url);
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    throw new CannotRun(`The database of DATABASE_URL cannot be opened: ${reasonOf(error)}`);
  }
}

/** The driver's own sentence, which stands last in Prisma's messages. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n").at(-1) ?? "";
}
