/**
 * `npm run check:migrations`: do the committed migrations make exactly the tables of the models? Deploys them to an empty
 * database of each kind and lets Prisma compare.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { migrateDatabase } from "../app/db/migrate.server.ts";
import { startLocalPostgres } from "./local-postgres.ts";

/** Whether Prisma finds nothing to change in the migrated database. */
async function isInStep(url: string): Promise<boolean> {
  await migrateDatabase(url);
  const env = { ...process.env, DATABASE_URL: url };
  const push = spawn("node_modules/.bin/prisma", ["db", "push", "--skip-generate"], { env });
  let said = "";
  const hear = (part: Buffer) => {
    said += part.toString();
    // On PostgreSQL it has nothing more to do then, and stays for another minute.
    if (said.includes("in sync with")) push.kill();
  };
  push.stdout.on("data", hear);
  push.stderr.on("data", hear);
  await once(push, "close");
  const isKnown = said.includes("in sync with") || said.includes("--accept-data-loss");
  if (!isKnown) throw new Error(`prisma db push: ${said}`);
  return said.includes("already in sync");
}

process.chdir(path.resolve(import.meta.dirname, ".."));
const folder = mkdtempSync(path.join(tmpdir(), "perennial-migrations-"));
const postgres = await startLocalPostgres();
try {
  const databases = [
    ["sqlite", `file:${path.join(folder, "check.db")}`],
    ["postgresql", await postgres.create("check")],
  ] as const;
  for (const [provider, url] of databases) {
    if (await isInStep(url)) continue;
    process.exitCode = 1;
    console.error(
      [
        `The migrations of ${provider} do not make the tables of prisma/models.prisma. Write what is missing to a new file`,
        `prisma/${provider}/migrations/<YYYYMMDDhhmmss>_<name>/migration.sql; with the models before the change in a folder`,
        `OLD, this prints it: DATABASE_URL=${provider === "sqlite" ? "file:.data/perennial.db" : "postgresql://..."} npx prisma migrate diff --from-schema-datamodel OLD`,
        `--to-schema-datamodel prisma/${provider} --script`,
      ].join("\n"),
    );
  }
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
