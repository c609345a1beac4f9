/** What the page says of a file, checked. */
import { z } from "zod";
import { SEPARATORS } from "../../core/csv-reader.ts";
import { IMPORT_FIELDS } from "../../core/loyalty/import-columns.ts";
import type { ImportOptions } from "../../core/loyalty/import-file.ts";
import { DATE_ORDERS } from "../../core/loyalty/import-row.ts";

const column = z.number().int().min(0).max(999);

const importOptions = z.strictObject({
  id: z.uuid(),
  separator: z.enum(SEPARATORS),
  decimal: z.enum([".", ","]),
  dates: z.enum(DATE_ORDERS),
  columns: z.partialRecord(z.enum(IMPORT_FIELDS), column),
  tiers: z.record(z.string().max(200), z.string().max(100).nullable()),
  tierUntil: z.iso.date().nullable(),
  again: z.boolean(),
});

/** `null`: not what the page sends. */
export function parseImportOptions(line: string): ImportOptions | null {
  try {
    return importOptions.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
