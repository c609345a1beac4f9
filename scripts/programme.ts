/** `npm run programme`: a shop's whole points programme as a file, and such a file into a shop that has none. */
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { findShop, type Shop } from "../app/db/stores/shops.server.ts";
import type { Database } from "../app/db/types.ts";
import { exportProgramme } from "../app/services/loyalty/export-programme.server.ts";
import { importProgramme, ImportRefused } from "../app/services/loyalty/import-programme.server.ts";
import { say } from "./demo/display.ts";
import { CannotRun } from "./demo/options.ts";
import { openExisting } from "./open-existing.ts";

const USAGE = "Usage: npm run programme -- --shop DOMAIN --export FILE | --import FILE";

async function main(): Promise<void> {
  const { domain, to, from } = parse();
  const db = await openExisting(process.env.DATABASE_URL ?? "file:.data/perennial.db");
  try {
    const shop = await findShop(db, domain);
    if (!shop) throw new CannotRun(`The database knows no shop ${domain}.`);
    if (to === undefined) await importFrom(db, shop, from ?? "");
    else await exportTo(db, shop, to);
  } finally {
    await db.close();
  }
}

function parse() {
  try {
    const { values } = parseArgs({
      options: { shop: { type: "string" }, export: { type: "string" }, import: { type: "string" } },
    });
    const { shop: domain, export: to, import: from } = values;
    if (domain && (to === undefined) !== (from === undefined)) return { domain, to, from };
  } catch {
    // Unknown arguments get the usage, too.
  }
  throw new CannotRun(USAGE);
}

async function exportTo(db: Database, shop: Shop, file: string): Promise<void> {
  const lines = await exportProgramme(db, shop);
  if (!lines) throw new CannotRun(`${shop.domain} has no points programme.`);
  if (existsSync(file)) throw new CannotRun(`${file} is there already.`);
  await pipeline(Readable.from(lines), createWriteStream(file, { mode: 0o600 }));
  say(
    `The programme is in ${file}. It holds customers' ids and codes that can be used: keep it as you keep money.`,
  );
}

async function importFrom(db: Database, shop: Shop, file: string): Promise<void> {
  if (!existsSync(file)) throw new CannotRun(`There is no file ${file}.`);
  const open = () => createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  const rows = await importProgramme(db, shop.id, open);
  for (const [table, count] of rows) say(`${table}: ${count}`);
  say("All balances are the sums of their lines.");
}

main().catch((error: unknown) => {
  console.error(error instanceof CannotRun || error instanceof ImportRefused ? error.message : error);
  process.exitCode = 1;
});
