/** What the merchant says of a file, as the first line of what the page sends, before the file itself. */
import { z } from "zod";
import { SEPARATORS } from "../../core/csv-reader.ts";
import { IMPORT_FIELDS } from "../../core/loyalty/import-columns.ts";
import { DATE_ORDERS } from "../../core/loyalty/import-row.ts";

const column = z.number().int().min(0).max(999);

export const importOptions = z.strictObject({
  id: z.uuid(),
  separator: z.enum(SEPARATORS),
  decimal: z.enum([".", ","]),
  dates: z.enum(DATE_ORDERS),
  columns: z.partialRecord(z.enum(IMPORT_FIELDS), column),
  /** By the name that the file gives a tier, in lower case: the programme's tier, or none. */
  tiers: z.record(z.string().max(200), z.string().max(100).nullable()),
  /** A day of the shop, to whose end a tier is given where the file does not say; `null`: until it is taken back. */
  tierUntil: z.iso.date().nullable(),
  /** Also to members whom an earlier import gave points. */
  again: z.boolean(),
});

export type ImportOptions = z.infer<typeof importOptions>;
