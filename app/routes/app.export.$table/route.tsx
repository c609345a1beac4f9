/** A page's table as a file, for the period and filters in the address. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticateMerchant } from "../../authentication.server.ts";
import { csvLine } from "../../core/csv.ts";
import { isoDate } from "../../core/calendar.ts";
import type { View } from "../../core/metrics/view.ts";
import { readView } from "../../services/metrics/read-view.server.ts";
import { shopBounds } from "../../services/metrics/shop-bounds.server.ts";
import type { ExportTable, LoadedTable } from "../../services/metrics/export-table.ts";
import { findTable } from "../../services/metrics/tables.server.ts";

const PIECE_CHARACTERS = 65_536;

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const table = findTable(args.params.table ?? "");
  if (!table) throw new Response(null, { status: 404 });
  const bounds = await shopBounds(db.url, shop);
  const view = readView(args.request, shop, bounds, Date.now(), table.usual ?? undefined);
  const loaded = await table.load(db, shop, view, new URL(args.request.url).searchParams);
  return new Response(streamOf(linesOf(loaded)), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${fileName(table, view)}"`,
      "Cache-Control": "no-store",
    },
  });
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

/** Made piece by piece as the browser takes it: a table may have a million rows. */
function streamOf(lines: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      let piece = "";
      while (piece.length < PIECE_CHARACTERS) {
        const line = await lines.next();
        if (line.done) {
          if (piece) controller.enqueue(encoder.encode(piece));
          controller.close();
          return;
        }
        piece += line.value;
      }
      controller.enqueue(encoder.encode(piece));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
}
