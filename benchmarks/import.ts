/**
 * Another app's file of as many members as a large shop has: read, matched and counted against Shopify's list of customers, given, and undone.
 * Sums are held against the file after each step. The floor of the reading is the file's own parsing, row by row, with nothing done with a row.
 * `npm run bench -- import [--members 100000] [--database sqlite,postgresql]`.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { shopCalendar } from "../app/core/calendar.ts";
import { csvReader } from "../app/core/csv-reader.ts";
import { addsUp } from "../app/core/loyalty/import-report.ts";
import { readImportRow, type ImportFormat } from "../app/core/loyalty/import-row.ts";
import { openDatabase } from "../app/db/database.server.ts";
import { migrateDatabase } from "../app/db/migrate.server.ts";
import { differences } from "../app/db/queries/ledger-proof.server.ts";
import { addProgrammeVersion, saveProgramme } from "../app/db/stores/programmes.server.ts";
import { findShopById } from "../app/db/stores/shops.server.ts";
import type { Database } from "../app/db/types.ts";
import { applyImport } from "../app/services/imports/apply-import.server.ts";
import { changeImports } from "../app/services/imports/change-imports.server.ts";
import { openImports } from "../app/services/imports/open-imports.server.ts";
import { readImportFile } from "../app/services/imports/read-import-file.server.ts";
import { undoImportRows } from "../app/services/imports/undo-import.server.ts";
import { createCustomer } from "../devstore/state/actions.ts";
import { createShop } from "../devstore/state/world.ts";
import { startLocalPostgres, type LocalPostgres } from "../scripts/local-postgres.ts";
import { installApp, startLocalShopify, type LocalShopify } from "../tests/support/local-shopify.ts";
import { makeRules } from "../tests/support/loyalty-rules.ts";
import type { Result } from "./result.ts";

const { values: options } = parseArgs({
  options: {
    members: { type: "string", default: "100000" },
    database: { type: "string", default: "sqlite,postgresql" },
  },
});
const MEMBERS = Number(options.members);
/** Of a hundred rows: customers who stand in the file twice, whom the shop does not have, and whose points cannot be read. */
const [TWICE, UNKNOWN, BROKEN] = [1, 3, 1];
const FORMAT: ImportFormat = { columns: { email: 0, points: 1 }, decimal: ".", dates: "ymd" };
const PIECE = 65_536;

const results: Result[] = [];

function record(name: string, value: number, unit: string, floor: number | null = null): void {
  const ratio = floor && Number((value / floor).toFixed(2));
  results.push({ case: name, value: Number(value.toFixed(1)), unit, floor, ratio });
  console.log(`${name}: ${value.toFixed(1)} ${unit}${floor === null ? "" : ` (floor ${floor.toFixed(1)})`}`);
}

async function seconds(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}

function fileOf(): { text: string; given: number } {
  const lines = ["Email,Points Balance,Notes"];
  let given = 0;
  for (let index = 0; index < MEMBERS; index += 1) {
    const points = (index * 37) % 5_000;
    const at = index % 100;
    if (at < UNKNOWN) lines.push(`nobody${index}@example.com,${points},"left, long ago"`);
    else if (at < UNKNOWN + BROKEN) lines.push(`person${index}@example.com,-${1 + points},`);
    else if (at < UNKNOWN + BROKEN + TWICE)
      lines.push(`person${index - 50 < 0 ? index : index - 50}@example.com,${points},`);
    else lines.push(`PERSON${index}@example.com,${points},"<b>""quoted""</b>"`);
    if (at >= UNKNOWN + BROKEN + TWICE || (at >= UNKNOWN + BROKEN && index < 50)) given += points;
  }
  return { text: lines.join("\r\n"), given };
}

async function* pieces(head: string, text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(`${head}\n${text}`);
  for (let from = 0; from < bytes.length; from += PIECE) yield bytes.subarray(from, from + PIECE);
  await Promise.resolve();
}

async function expectBalances(db: Database, shopId: number, step: string, points: number): Promise<void> {
  const { _sum } = await db.prisma.memberBalance.aggregate({ where: { shopId }, _sum: { available: true } });
  const wrong = await db.write((tx) => differences(tx, shopId));
  if (Number(_sum.available ?? 0) !== points || wrong.balances + wrong.lots > 0)
    throw new Error(`${step}: ${_sum.available} points instead of ${points}, ${JSON.stringify(wrong)}`);
}

async function measure(local: LocalShopify, database: string, url: string): Promise<void> {
  await migrateDatabase(url);
  const db = await openDatabase(url);
  const made = createShop(local.world, { domain: `bench-${database}.myshopify.com`, plan: "plus" });
  if (!made.ok) throw new Error(made.reason);
  for (let index = 0; index < MEMBERS; index += 1) {
    const customer = createCustomer(local.world, made.value, {});
    // Said afterwards: each that is said before is looked for among all others.
    if (customer.ok) customer.value.email = `person${index}@example.com`;
  }
  const shopId = await installApp(local, db, made.value);
  await db.write(async (tx) => {
    await saveProgramme(tx, shopId, { state: "running", membership: "joining", startedAt: 0 });
    await addProgrammeVersion(tx, shopId, 0, makeRules());
  });
  const shop = await findShopById(db, shopId);
  if (!shop) throw new Error("no shop");
  const { text, given } = fileOf();
  const calendar = shopCalendar(shop.timeZone);
  const floor = await seconds(() => {
    const reader = csvReader(",");
    for (const { cells } of [...reader.push(text), ...reader.end()]) readImportRow(cells, FORMAT, calendar);
  });
  const id = randomUUID();
  await changeImports(db, shop, { intent: "begin", id });
  while ((await openImports(db, shop, null))?.customers?.state !== "ready") await sleep(100);
  const said = { id, separator: ",", ...FORMAT, tiers: {}, tierUntil: null, again: false };
  const signal = new AbortController().signal;
  const reading = await seconds(async () => {
    const read = await readImportFile(db, shop, pieces(JSON.stringify(said), text), signal);
    if (!read.ok || !addsUp(read.read.report)) throw new Error("the report does not add up");
    const { matched, notGiven } = read.read.report;
    if (matched.points !== given) throw new Error(`${matched.points} points matched instead of ${given}`);
    console.log(
      `${database}: ${matched.rows} matched, ${notGiven.unmatched.rows} unmatched, ${notGiven.duplicate.rows} twice, ${notGiven["negative-points"].rows} refused`,
    );
  });
  record(`${database}: reading, matching and counting`, reading, "s", floor);
  await changeImports(db, shop, { intent: "apply", id });
  record(`${database}: giving`, await seconds(() => applyImport(db, shopId, id, signal)), "s");
  await expectBalances(db, shopId, "given", given);
  await changeImports(db, shop, { intent: "undo", id, spent: "left" });
  record(`${database}: undoing`, await seconds(() => undoImportRows(db, shopId, id, signal)), "s");
  await expectBalances(db, shopId, "undone", 0);
  record(`${database}: memory at most`, process.resourceUsage().maxRSS / 1_024, "MB");
  await db.close();
}

const local = await startLocalShopify();
const folder = mkdtempSync(path.join(tmpdir(), "perennial-bench-import-"));
let postgres: LocalPostgres | undefined;
try {
  for (const database of options.database.split(",")) {
    if (database === "sqlite") await measure(local, database, `file:${path.join(folder, "bench.db")}`);
    else {
      postgres = await startLocalPostgres({ durable: true });
      await measure(local, database, await postgres.create("import"));
    }
  }
} finally {
  await local.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}
console.log(JSON.stringify({ name: "import", results }));
