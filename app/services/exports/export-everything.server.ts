/** Everything of a shop that is its merchant's as one archive: each table as CSV, the programme as the file that brings it back, and what is what. */
import { csvLine, type CsvCell } from "../../core/csv.ts";
import {
  exportedRows,
  loyaltyColumns,
  type ExportedTable,
  type LoyaltyRow,
} from "../../db/bulk/loyalty-rows.ts";
import { shownCode } from "../../db/gift-card-code.server.ts";
import { customersOfMembers, presentMembersAfter } from "../../db/stores/members.server.ts";
import { findProgramme, type Programme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import { memberTiers } from "../../db/stores/tiers.server.ts";
import type { Database } from "../../db/types.ts";
import { exportProgramme } from "../loyalty/export-programme.server.ts";
import { zipOf, type ZippedFile } from "./zip-of.ts";

/** As many as a spreadsheet opens, with the heading. */
const LINES_OF_FILE = 1_000_000;
const MEMBERS_AT_ONCE = 500;

export function exportEverything(
  db: Database,
  shop: Shop,
  now = Date.now(),
): AsyncGenerator<Uint8Array, void> {
  return zipOf(filesOf(db, shop, now), new Date(now));
}

async function* filesOf(db: Database, shop: Shop, now: number): AsyncGenerator<ZippedFile> {
  const programme = await findProgramme(db, shop.id);
  yield { name: "README.txt", lines: [aboutFiles(shop, programme !== null, now)] };
  yield { name: "settings.json", lines: [json(settingsOf(shop, programme))] };
  if (programme) {
    yield { name: "rules.json", lines: [json(programme.versions)] };
    yield { name: "activities.json", lines: [json(programme.activities)] };
    yield { name: "tiers.json", lines: [json(programme.versions.at(-1)?.rules.tiers ?? null)] };
    const lines = await exportProgramme(db, shop, now);
    if (lines) yield { name: "points-programme.ndjson", lines };
    yield { name: "members.csv", lines: memberLines(db, shop, programme) };
  }
  yield* tableFiles(exportedRows(db.url, shop.id));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function settingsOf(shop: Shop, programme: Programme | null) {
  const { domain, currency, timeZone, excludedTags, flatMarginBasisPoints, refundBasis } = shop;
  const { countsTax, countsShipping, countsGiftCards } = shop;
  return {
    shop: { domain, currency, timeZone },
    figures: { excludedTags, flatMarginBasisPoints, refundBasis, countsTax, countsShipping, countsGiftCards },
    programme: programme && {
      state: programme.state,
      membership: programme.membership,
      startedAt: programme.startedAt,
      pointValue: programme.pointValue,
      remindDays: programme.remindDays,
      surveyPoints: programme.surveyPoints,
    },
  };
}

/** With headings that an import knows by itself. */
async function* memberLines(
  db: Database,
  { id: shopId }: Shop,
  programme: Programme,
): AsyncGenerator<string> {
  yield csvLine([
    ...["Shopify customer id", "Points balance", "Points pending", "Points owed", "VIP tier", "Member since"],
  ]);
  const ladder = programme.versions.at(-1)?.rules.tiers?.ladder ?? [];
  const nameOf = new Map(ladder.map(({ id, name }) => [id, name]));
  let after = 0;
  for (;;) {
    const ids = await presentMembersAfter(db, shopId, after, MEMBERS_AT_ONCE);
    if (ids.length === 0) return;
    const customers = await customersOfMembers(db, shopId, ids);
    const tiers = await memberTiers(db, shopId, ids);
    const where = { shopId, memberId: { in: ids } };
    const balances = await db.prisma.memberBalance.findMany({ where, orderBy: { memberId: "asc" } });
    const members = await db.prisma.member.findMany({ where: { shopId, id: { in: ids } } });
    const joined = new Map(members.map(({ id, joinedAt }) => [id, Number(joinedAt)]));
    for (const { memberId, available, pending, debt } of balances) {
      const customerId = customers.get(memberId);
      // Who was erased is nobody any more.
      if (customerId === undefined) continue;
      yield csvLine([
        ...[customerId, Number(available), Number(pending), Number(debt)],
        nameOf.get(tiers.get(memberId)?.tierId ?? "") ?? null,
        new Date(joined.get(memberId) ?? 0).toISOString(),
      ]);
    }
    after = ids.at(-1) ?? after;
  }
}

/** One pass over the tables, whose rows come one table after the other; a long one is cut into parts. */
async function* tableFiles(rows: AsyncGenerator<LoyaltyRow<ExportedTable>>): AsyncGenerator<ZippedFile> {
  let next = await rows.next();
  try {
    while (!next.done) {
      const { table } = next.value;
      for (let part = 1; !next.done && next.value.table === table; part += 1) {
        const name = part === 1 ? `tables/${table}.csv` : `tables/${table}-${part}.csv`;
        yield { name, lines: partLines(table) };
      }
    }
  } finally {
    await rows.return(undefined);
  }

  async function* partLines(table: ExportedTable): AsyncGenerator<string> {
    const columns = loyaltyColumns(table);
    yield csvLine(columns);
    for (let lines = 1; !next.done && next.value.table === table && lines < LINES_OF_FILE; lines += 1) {
      const { row } = next.value;
      yield csvLine(columns.map((column) => cellOf(column, row[column] ?? null)));
      next = await rows.next();
    }
  }
}

function cellOf(column: string, value: string | number | boolean | null): CsvCell {
  if (typeof value === "boolean") return value ? "true" : "false";
  // Whoever knows a gift card's code can pay with it.
  return column === "code" && typeof value === "string" ? shownCode(value) : value;
}

function aboutFiles({ domain }: Shop, hasProgramme: boolean, now: number): string {
  const lines = [
    `Everything that Perennial keeps for ${domain}, made ${new Date(now).toISOString()}.`,
    "",
    "Customers are named by Shopify's number alone, members by a number of Perennial's. Names and e-mail addresses are with",
    "Shopify. Times are milliseconds since 1970 (UTC), amounts are in the smallest unit of the currency.",
    "Text that a spreadsheet would run as a formula has an apostrophe in front.",
    "",
    "settings.json            What the shop and the programme are set to.",
    ...(hasProgramme
      ? [
          "rules.json               Every version of the earning rules, with the tiers of each.",
          "activities.json          What is earned for beside orders.",
          "tiers.json               The tiers that hold now.",
          "members.csv              Each member's balance and tier. The page “Import” reads it again, by Shopify's number.",
          "points-programme.ndjson  The whole programme: `npm run programme -- --import` brings it back into this shop, line by",
          "                         line, where there is no programme yet. It has codes that can be used: keep it as you keep money.",
        ]
      : []),
    "tables/*.csv             Each table as it is stored, cut after 1,000,000 lines. They are to be read, and not imported.",
    "",
  ];
  return lines.join("\r\n");
}
