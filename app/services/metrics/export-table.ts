/** What a table is that a merchant can take away as a file. */
import type { CsvRow } from "../../core/csv.ts";
import type { Preset, View } from "../../core/metrics/view.ts";
import type { Database } from "../../db/database.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";

export interface ExportTable {
  name: string;
  /** The period of the page that shows the table where its address names none; `null`: the page has no period. */
  usual: Preset | null;
  /** `params` are those of the page that shows the table. Rows may be read piece by piece. */
  load(db: Database, shop: Shop, view: View, params: URLSearchParams): Promise<LoadedTable>;
}

export interface LoadedTable {
  headings: readonly string[];
  rows: Iterable<CsvRow> | AsyncIterable<CsvRow>;
}
