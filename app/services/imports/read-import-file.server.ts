/**
 * Reads another app's file as it arrives: each row is matched in memory and forgotten, and what is kept of it is a number of Shopify's and
 * numbers of points. Rows that are left out go back to the browser by their places in the file, which it still has. Nothing of a file is
 * written down that names a person, and nothing at all of one whose reading was cut off.
 */
import { createHash, createHmac } from "node:crypto";
import { dayFromIso, shopCalendar, startOfDay, type ShopCalendar } from "../../core/calendar.ts";
import { CsvBroken, csvReader, type ReadRow } from "../../core/csv-reader.ts";
import { columnsFault } from "../../core/loyalty/import-columns.ts";
import type { FileRead, FileReading, ImportOptions, RowSpan } from "../../core/loyalty/import-file.ts";
import { countTo, emptyReport, type ImportReport, type NotGiven } from "../../core/loyalty/import-report.ts";
import { readImportRow, type ImportedRow } from "../../core/loyalty/import-row.ts";
import { rankOf, type TierRules } from "../../core/loyalty/tiers.ts";
import { membersOf } from "../../db/stores/members.server.ts";
import {
  changeImport,
  deleteImportRows,
  findImport,
  importedMembers,
  importOfFile,
  saveImportRows,
  type PointsImport,
  type PointsImportRow,
} from "../../db/stores/points-imports.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { pollBulkOperation } from "../../shopify/bulk.server.ts";
import { gidOf } from "../../shopify/gid.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { mayWriteCustomers } from "../storefront/publishing-scopes.ts";
import { birthdayLine, stageBirthdays } from "./birthdays.server.ts";
import { customersByEmail, type CustomersByEmail } from "./customers-by-email.server.ts";
import { parseImportOptions } from "./import-options.ts";

const MOST_FAULTS = 100;
const MOST_UNKNOWN_TIERS = 50;
const ROWS_AT_ONCE = 1_000;
const OPTIONS_LETTERS = 64 * 1024;
/** More than any shop has customers: what is told of rows that are left out is held until the file's end. */
const MOST_ROWS = 2_000_000;

/** The merchant's mistake, told in one sentence. */
class FileRefused extends Error {
  override name = "FileRefused";
}

export async function readImportFile(
  db: Database,
  shop: Shop,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<FileReading> {
  try {
    return { ok: true, read: await readFile(db, shop, body, signal) };
  } catch (error) {
    if (error instanceof FileRefused) return { ok: false, message: error.message };
    if (error instanceof CsvBroken)
      return { ok: false, message: `Line ${error.line}: ${error.message}. Is the separator right?` };
    if (error instanceof ShopifyError)
      return { ok: false, message: "Shopify does not answer now. Choose the file once more in a minute." };
    throw error;
  }
}

async function readFile(
  db: Database,
  shop: Shop,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<FileRead> {
  const pieces = decoded(body);
  const options = await readOptions(pieces);
  const fault = columnsFault(options.columns);
  if (fault) throw new FileRefused(fault);
  const tiers = (await findProgramme(db, shop.id))?.versions.at(-1)?.rules.tiers;
  const { found, customers } = await customersOf(db, shop, options.id, signal);
  const run = await begin(db, found);
  const reading = newReading(db, shop, run, options, customers, tiers);
  let isHeading = true;
  const takeRows = async (rows: readonly ReadRow[]) => {
    for (const row of rows) {
      if (isHeading) checkHeading(row, options);
      else await takeRow(reading, row);
      isHeading = false;
    }
  };
  const reader = csvReader(options.separator);
  for await (const text of pieces.rest()) {
    signal.throwIfAborted();
    await takeRows(reader.push(text));
  }
  await takeRows(reader.end());
  if (isHeading) throw new FileRefused("The file is empty.");
  if (reading.row === 0) throw new FileRefused("The file has a heading and no rows.");
  await flush(reading);
  return finish(reading, pieces.hash());
}

interface Pieces {
  /** The text up to the first line's end, which is taken away. */
  firstLine(): Promise<string>;
  rest(): AsyncGenerator<string, void>;
  hash(): string;
}

function decoded(body: AsyncIterable<Uint8Array>): Pieces {
  const hash = createHash("sha256");
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const bytes = body[Symbol.asyncIterator]();
  let waiting = Buffer.alloc(0);
  const text = (piece?: Uint8Array) => {
    const read = textOf(decoder, piece);
    // UTF-16 without a mark is UTF-8 with one of these beside each letter.
    if (read === null || read.includes("\0"))
      throw new FileRefused("The file is not written in UTF-8. Save it as “CSV UTF-8” and choose it again.");
    return read;
  };
  return {
    async firstLine() {
      for (;;) {
        const end = waiting.indexOf(0x0a);
        if (end >= 0) {
          const line = waiting.toString("utf8", 0, end);
          waiting = waiting.subarray(end + 1);
          return line;
        }
        const next = await bytes.next();
        if (next.done || waiting.length > OPTIONS_LETTERS)
          throw new FileRefused("This is not what the page sends.");
        waiting = Buffer.concat([waiting, next.value]);
      }
    },
    async *rest() {
      const take = (piece: Uint8Array) => {
        hash.update(piece);
        return text(piece);
      };
      yield take(waiting);
      waiting = Buffer.alloc(0);
      for (let next = await bytes.next(); !next.done; next = await bytes.next()) yield take(next.value);
      yield text();
    },
    hash: () => hash.digest("base64url"),
  };
}

/** `null`: it cannot be read. */
function textOf(decoder: TextDecoder, piece: Uint8Array | undefined): string | null {
  try {
    return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
  } catch {
    return null;
  }
}

/** Keyed: without the key nobody can try whether a file of one address is this one. */
function keyed(tx: Transaction, shopId: number, digest: string): string {
  const [key] = tx.subjectKeys();
  if (!key) throw new Error("no key to remember files with");
  return createHmac("sha256", key).update(`${shopId}:file:${digest}`).digest("base64url");
}

async function readOptions(pieces: Pieces): Promise<ImportOptions> {
  const line = await pieces.firstLine();
  const options = parseImportOptions(line);
  if (!options) throw new FileRefused("This is not what the page sends.");
  return options;
}

async function customersOf(
  db: Database,
  shop: Shop,
  id: string,
  signal: AbortSignal,
): Promise<{ found: PointsImport; customers: CustomersByEmail }> {
  const found = await findImport(db, shop.id, id);
  if (!found || !["asking", "reading", "counted"].includes(found.state))
    throw new FileRefused("This import has ended. Begin a new one.");
  const operation = await pollBulkOperation(await adminFor(db, shop.id, { signal }), found.operation);
  if (operation.state === "running")
    throw new FileRefused("Shopify is still making the list of customers. Wait a moment.");
  if (operation.state !== "done")
    throw new FileRefused("Shopify no longer has the list of customers. Begin a new import.");
  return { found, customers: await customersByEmail(operation.result, signal) };
}

/** From here on whatever an earlier reading of the same import still writes is refused. */
async function begin(db: Database, found: PointsImport): Promise<PointsImport> {
  const { shopId, id } = found;
  const attempt = found.attempt + 1;
  const begun = {
    state: "reading",
    attempt,
    rows: 0,
    report: null,
    birthdaysPath: null,
    fileHash: null,
  } as const;
  await db.write(async (tx) => {
    if (!(await changeImport(tx, found, begun))) throw new FileRefused(READ_ELSEWHERE);
    failpoint("read-import:before-begin-commit");
  });
  failpoint("read-import:after-begin-commit");
  while ((await db.write((tx) => deleteImportRows(tx, shopId, id))) > 0);
  return { ...found, ...begun };
}

const READ_ELSEWHERE = "The file was sent again meanwhile: what counts is the later one.";

interface Reading {
  db: Database;
  shop: Shop;
  run: PointsImport;
  options: ImportOptions;
  customers: CustomersByEmail;
  tiers: TierRules | undefined;
  calendar: ShopCalendar;
  tierUntil: number | null;
  now: number;
  row: number;
  seen: Set<number>;
  waiting: (PointsImportRow & { customerId: number; birthday: string | null; referrals: number })[];
  birthdays: string[];
  unknown: Map<string, number>;
  report: ImportReport;
  leftOut: FileRead["leftOut"];
  faults: FileRead["faults"];
}

function newReading(
  db: Database,
  shop: Shop,
  run: PointsImport,
  options: ImportOptions,
  customers: CustomersByEmail,
  tiers: TierRules | undefined,
): Reading {
  const calendar = shopCalendar(shop.timeZone);
  const until = options.tierUntil;
  return {
    ...{ db, shop, run, options, customers, tiers, calendar, now: Date.now(), row: 0, seen: new Set() },
    tierUntil: until === null ? null : startOfDay(dayFromIso(until) + 1, calendar),
    ...{ waiting: [], birthdays: [], unknown: new Map(), report: emptyReport(), leftOut: {}, faults: [] },
  };
}

function checkHeading({ cells }: ReadRow, { columns }: ImportOptions): void {
  if (Math.max(...Object.values(columns)) >= cells.length)
    throw new FileRefused(
      `The heading has ${cells.length} ${cells.length === 1 ? "column" : "columns"}. Is the separator right?`,
    );
}

async function takeRow(reading: Reading, { line, cells }: ReadRow): Promise<void> {
  const { options, report, customers, seen, calendar } = reading;
  reading.row += 1;
  if (reading.row > MOST_ROWS)
    throw new FileRefused(
      `The file has more than ${MOST_ROWS.toLocaleString("en")} rows. Cut it into parts, each with the heading.`,
    );
  const read = readImportRow(cells, options, calendar);
  if (!read.ok) {
    if (read.isOtherOrder) report.otherOrder += 1;
    if (reading.faults.length < MOST_FAULTS) reading.faults.push({ line, because: read.fault });
    return leaveOut(reading, reading.row, read.fault, read.points);
  }
  const { row } = read;
  if (row.isRounded) report.rounded += 1;
  const byId = row.customerId !== null && customers.has(row.customerId) ? row.customerId : null;
  const customerId = byId ?? (row.email === null ? null : customers.ofEmail(row.email));
  if (customerId === null) return leaveOut(reading, reading.row, "unmatched", row.points);
  if (seen.has(customerId)) return leaveOut(reading, reading.row, "duplicate", row.points);
  seen.add(customerId);
  reading.waiting.push({
    ...{ row: reading.row, customerId, memberId: null, points: row.points, expiresAt: row.expiresAt },
    ...{ birthday: row.birthday, referrals: row.referrals, ...tierOf(reading, row) },
  });
  if (reading.waiting.length >= ROWS_AT_ONCE) await flush(reading);
}

function leaveOut(reading: Reading, row: number, because: NotGiven, points: number): void {
  countTo(reading.report.in, points);
  countTo(reading.report.notGiven[because], points);
  addRow((reading.leftOut[because] ??= []), row);
}

/** Those of one reason come in the order of their numbers. */
function addRow(spans: RowSpan[], row: number): void {
  const last = spans.at(-1);
  if (last && last[1] === row - 1) last[1] = row;
  else spans.push([row, row]);
}

function tierOf(
  { options, tiers, tierUntil, unknown, report, now }: Reading,
  row: ImportedRow,
): Pick<PointsImportRow, "tierId" | "tierUntil"> {
  const none = { tierId: null, tierUntil: null };
  if (row.tier === null) return none;
  const name = row.tier.toLowerCase();
  const own = tiers?.ladder.find((tier) => tier.name.toLowerCase() === name)?.id ?? null;
  const said = options.tiers[name];
  const tierId = said === undefined ? own : said;
  if (tierId === null || !tiers || rankOf(tiers, tierId) < 0) {
    report.unknownTiers += 1;
    if (said === undefined && (unknown.has(row.tier) || unknown.size < MOST_UNKNOWN_TIERS))
      unknown.set(row.tier, (unknown.get(row.tier) ?? 0) + 1);
    return none;
  }
  const until = row.tierUntil ?? tierUntil;
  if (until !== null && until <= now) {
    report.endedTiers += 1;
    return none;
  }
  return { tierId, tierUntil: until };
}

/** Matched rows become rows of the import, without what is only counted here. */
async function flush(reading: Reading): Promise<void> {
  const { db, shop, run, options, report, now } = reading;
  const some = reading.waiting.splice(0);
  if (some.length === 0) return;
  const members = await membersOf(
    db,
    shop.id,
    some.map(({ customerId }) => customerId),
  );
  const imported = options.again
    ? new Set<number>()
    : await importedMembers(db, shop.id, [...members.values()]);
  const kept: PointsImportRow[] = [];
  for (const { birthday, referrals, ...row } of some) {
    const memberId = members.get(row.customerId);
    if (memberId !== undefined && imported.has(memberId)) {
      leaveOut(reading, row.row, "already", row.points);
      continue;
    }
    const isExpired = row.expiresAt !== null && row.expiresAt <= now;
    const points = isExpired ? 0 : row.points;
    report.in.rows += 1;
    report.in.points += row.points;
    countTo(report.matched, points);
    if (isExpired && row.points > 0) countTo(report.expired, row.points);
    if (memberId === undefined) report.newMembers += 1;
    report.largest = Math.max(report.largest, points);
    if (row.tierId !== null) report.tiers[row.tierId] = (report.tiers[row.tierId] ?? 0) + 1;
    report.referrals += referrals;
    if (birthday !== null && mayWriteCustomers(shop)) {
      report.birthdays += 1;
      reading.birthdays.push(birthdayLine(gidOf("Customer", row.customerId), birthday));
    } else if (birthday !== null) report.birthdaysLeft += 1;
    kept.push({ ...row, points, expiresAt: isExpired ? null : row.expiresAt });
  }
  await db.write(async (tx) => {
    if (!(await changeImport(tx, run, { rows: report.matched.rows }))) throw new FileRefused(READ_ELSEWHERE);
    await saveImportRows(tx, shop.id, run.id, kept);
    failpoint("read-import:before-commit");
  });
  failpoint("read-import:after-commit");
}

async function finish(reading: Reading, digest: string): Promise<FileRead> {
  const { db, shop, run, report, leftOut, faults, unknown } = reading;
  const birthdaysPath = await stageBirthdays(db, shop.id, reading.birthdays);
  const same = await db.write(async (tx) => {
    await lockShop(tx, shop.id);
    const fileHash = keyed(tx, shop.id, digest);
    const counted = { state: "counted", report, fileHash, birthdaysPath, rows: report.matched.rows } as const;
    if (!(await changeImport(tx, run, counted))) throw new FileRefused(READ_ELSEWHERE);
    failpoint("read-import:before-finish-commit");
    return importOfFile(tx, shop.id, fileHash);
  });
  failpoint("read-import:after-finish-commit");
  const unknownTiers = [...unknown].map(([name, rows]) => ({ name, rows }));
  return { report, leftOut, faults, unknownTiers, sameFileAt: same?.finishedAt ?? same?.changedAt ?? null };
}
