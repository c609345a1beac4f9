/** A page's table as a file, line by line, for the period and filters in the address. */
import { csvLine } from "../../core/csv.ts";
import { isoDate } from "../../core/calendar.ts";
import type { View } from "../../core/metrics/view.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import type { ExportTable, LoadedTable } from "./export-table.ts";
import { readView } from "./read-view.server.ts";
import { shopBounds } from "./shop-bounds.server.ts";
import { findTable } from "./tables.server.ts";

interface Export {
  fileName: string;
  /** Made as they are taken: a table may have a million rows. */
  lines: AsyncGenerator<string, void>;
}

/** `null`: no such table. */
export async function makeExport(
  db: Database,
  shop: Shop,
  name: string,
  request: Request,
): Promise<Export | null> {
  const table = findTable(name);
  if (!table) return null;
  const bounds = await shopBounds(db.url, shop);
  const view = readView(request, shop, bounds, Date.now(), table.usual ?? undefined);
  const loaded = await table.load(db, shop, view, new URL(request.url).searchParams);
  return { fileName: fileName(table, view), lines: linesOf(loaded) };
}

/** Named after the days that it is about, or after the day on which it was made. */
function fileName({ name, usual }: ExportTable, { period, today }: View): string {
  const days = usual === null ? [today] : [period.firstDay, period.lastDay];
  return `${[name, ...days.map(isoDate)].join("-")}.csv`;
}

async function* linesOf({ headings, rows }: LoadedTable): AsyncGenerator<string, void> {
  yield csvLine(headings);
  for await (const row of rows) yield csvLine(row);
}
