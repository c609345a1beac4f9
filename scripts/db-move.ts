/** `npm run db:move -- --from file:PATH --to postgresql://...`: moves a SQLite database to an empty PostgreSQL one. */
import { parseArgs } from "node:util";
import { MoveRefused, moveDatabase } from "../app/db/move.server.ts";

const USAGE = "usage: npm run db:move -- --from file:PATH --to postgresql://USER:PASSWORD@HOST/DATABASE";

function argumentsOf(): { from: string; to: string } {
  try {
    const { values } = parseArgs({ options: { from: { type: "string" }, to: { type: "string" } } });
    if (values.from && values.to) return { from: values.from, to: values.to };
  } catch {
    // Unknown arguments get the usage, too.
  }
  throw new MoveRefused(USAGE);
}

try {
  const { from, to } = argumentsOf();
  const { tables, jobs } = await moveDatabase(from, to, ({ table, rows, checksum }) => {
    if (rows > 0) console.log(`${table}: ${rows} rows, checksum ${checksum} on both sides`);
  });
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(`Moved ${rows} rows of ${tables.length} tables and ${jobs} jobs.`);
  console.log("Set DATABASE_URL to the new address; the SQLite file is as it was.");
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  console.error(error instanceof MoveRefused ? text : `Nothing was moved: ${text}`);
  process.exitCode = 1;
}
