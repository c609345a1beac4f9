/** `npm run db:migrate`: creates the database of DATABASE_URL or brings it to the present models. */
import { migrateDatabase } from "../app/db/migrate.server.ts";

const url = process.env.DATABASE_URL ?? "file:.data/perennial.db";
try {
  const applied = await migrateDatabase(url);
  console.log(applied.length > 0 ? `Applied ${applied.join(", ")}.` : "The database is up to date.");
} catch (error) {
  console.error(`The database was not migrated: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
