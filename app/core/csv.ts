/** Tables as CSV (RFC 4180) that a spreadsheet opens without running anything that stands in them. */
import { formatMinor } from "./money.ts";

/** Text, a number, nothing, or a number that is written already: money keeps its exact decimals. */
export type CsvCell = string | number | null | { readonly decimal: string };

export type CsvRow = readonly CsvCell[];

/** An amount as a number with the currency's own decimals. */
export function moneyCell(minor: number | null, currency: string): CsvCell {
  return minor === null ? null : { decimal: formatMinor(minor, currency) };
}

/** The whole table, each line ended by CR LF. */
export function csvText(headings: readonly string[], rows: Iterable<CsvRow>): string {
  let text = csvLine(headings);
  for (const row of rows) text += csvLine(row);
  return text;
}

export function csvLine(row: CsvRow): string {
  return `${row.map(writtenCell).join(",")}\r\n`;
}

function writtenCell(cell: CsvCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  if (typeof cell === "object") return cell.decimal;
  const harmless = startsFormula(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Spreadsheets take text that begins with one of these for a formula. */
function startsFormula(text: string): boolean {
  return /^[=+\-@\t\r]/.test(text);
}
