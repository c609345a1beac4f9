/** A file that was chosen: its beginning is read in the browser, and nothing is sent before the merchant has looked at it. */
import { CsvBroken, csvReader, guessSeparator, type ReadRow, type Separator } from "../../core/csv-reader.ts";
import { guessColumns, type ImportColumns } from "../../core/loyalty/import-columns.ts";
import { guessDates, type DateOrder } from "../../core/loyalty/import-row.ts";

const MOST_BYTES = 250 * 1024 * 1024;
const BEGINNING_BYTES = 256 * 1024;
const ROWS_LOOKED_AT = 200;

export interface ChosenFile {
  file: File;
  /** The beginning, to the last whole line. */
  beginning: string;
  separator: Separator;
}

export interface Beginning {
  headings: string[];
  rows: ReadRow[];
}

export type Choosing = { ok: true; chosen: ChosenFile } | { ok: false; reason: string };

export async function chooseFile(file: File): Promise<Choosing> {
  if (file.size === 0) return { ok: false, reason: `${file.name} is empty.` };
  if (file.size > MOST_BYTES)
    return {
      ok: false,
      reason: `${file.name} is larger than 250 MB. Cut it into parts, each with the heading.`,
    };
  const bytes = new Uint8Array(await file.slice(0, BEGINNING_BYTES).arrayBuffer());
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return { ok: false, reason: NOT_UTF8 };
  if (bytes.includes(0)) return { ok: false, reason: `${file.name} is no CSV file. Export it as CSV first.` };
  const end = file.size > bytes.length ? bytes.lastIndexOf(0x0a) + 1 : bytes.length;
  try {
    const beginning = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      bytes.subarray(0, end),
    );
    return { ok: true, chosen: { file, beginning, separator: guessSeparator(beginning) } };
  } catch {
    return { ok: false, reason: NOT_UTF8 };
  }
}

const NOT_UTF8 = "The file is not written in UTF-8. Save it as “CSV UTF-8” and choose it again.";

/** `null`: with this separator it cannot be read. */
export function beginningOf({ beginning, separator }: ChosenFile): Beginning | null {
  try {
    const [heading, ...rows] = csvReader(separator).push(`${beginning}\n`);
    return heading ? { headings: heading.cells, rows: rows.slice(0, ROWS_LOOKED_AT) } : null;
  } catch (error) {
    if (error instanceof CsvBroken) return null;
    throw error;
  }
}

export interface FileSays {
  columns: ImportColumns;
  decimal: "." | ",";
  dates: DateOrder;
  /** One order of dates alone fits what was looked at. */
  isSureOfDates: boolean;
}

export function guessed({ headings, rows }: Beginning, separator: Separator): FileSays {
  const columns = guessColumns(headings);
  const cellsOf = (at: number | undefined) =>
    at === undefined ? [] : rows.map(({ cells }) => cells[at] ?? "");
  const dates = guessDates([
    ...cellsOf(columns.birthday),
    ...cellsOf(columns.expiry),
    ...cellsOf(columns.tierExpiry),
  ]);
  const isComma = cellsOf(columns.points).some((text) => /\d,\d{1,2}$|\d\.\d{3},/.test(text.trim()));
  return {
    columns,
    decimal: separator !== "," && isComma ? "," : ".",
    dates: dates ?? "ymd",
    isSureOfDates: dates !== null,
  };
}

/** The names of tiers in the beginning of the file, as it writes them first. */
export function tierNames({ rows }: Beginning, { tier }: ImportColumns): string[] {
  if (tier === undefined) return [];
  const names = new Map<string, string>();
  for (const { cells } of rows) {
    const name = (cells[tier] ?? "").trim();
    if (name !== "" && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  }
  return [...names.values()].slice(0, MOST_TIERS);
}

const MOST_TIERS = 20;
