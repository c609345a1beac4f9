/**
 * What was spent by month, out of a CSV file: columns month and amount, any common delimiter, a row of headings or none. Lines of one month are added
 * up, so a file by day or by campaign will do. Every line is either understood or refused with its reason; none is guessed.
 */
import { isoMonth } from "../calendar.ts";
import { readCostAmount } from "./cost-amount.ts";
import { monthsMeant } from "./cost-month.ts";

export interface CostFile {
  months: { month: string; amountMinor: number; lines: number }[];
  refused: { line: number; text: string; reason: string }[];
  /** Lines that name a month and no amount. */
  withoutAmount: number;
}

export type ReadCosts = { ok: true; file: CostFile } | { ok: false; reason: string };

export interface CostBounds {
  currency: string;
  /** Month numbers (calendar.ts) of the earliest and the latest month that can have a cost. */
  firstMonth: number;
  lastMonth: number;
}

const MOST_LINES = 20_000;
const DELIMITERS = ["\t", ";", "|", ","];
const MONTH_HEADINGS = ["month", "date", "day", "period", "monat", "datum", "mois", "mes", "mese", "maand"];
const AMOUNT_HEADINGS = [
  ...["amount", "cost", "costs", "spend", "spent", "amountspent", "betrag", "kosten", "ausgaben", "montant"],
  ...["importe", "importo", "bedrag", "valor"],
];

export function readCostFile(text: string, bounds: CostBounds): ReadCosts {
  if (text.startsWith("PK")) {
    return { ok: false, reason: "This is a spreadsheet's own file. Save it as CSV and choose that." };
  }
  const lines = linesOf(text.replace(/^\ufeff/, ""));
  const first = lines[0];
  if (!first) return { ok: false, reason: "The file is empty." };
  if (lines.length > MOST_LINES) {
    return { ok: false, reason: `The file has more than ${MOST_LINES} lines.` };
  }
  const delimiter = delimiterOf(first.text);
  const rows = lines.map(({ line, text: written }) => ({
    line,
    text: written,
    cells: cellsOf(written, delimiter),
  }));
  const headings = rows[0]?.cells.map(plainHeading) ?? [];
  const places = placesOf(headings);
  if (!places && monthsMeant(rows[0]?.cells[0] ?? "").length === 0) {
    return { ok: false, reason: "The first line should name the columns: month and amount." };
  }
  const data = places ? rows.slice(1) : rows;
  return { ok: true, file: readRows(data, places ?? { month: 0, amount: 1, count: 2 }, bounds) };
}

interface Places {
  month: number;
  amount: number;
  /** Cells of a line. */
  count: number;
}

interface Row {
  line: number;
  text: string;
  cells: string[];
}

function readRows(rows: readonly Row[], places: Places, bounds: CostBounds): CostFile {
  const file: CostFile = { months: [], refused: [], withoutAmount: 0 };
  const byMonth = new Map<number, { minor: number; lines: number }>();
  const meant = meaningOf(rows.map(({ cells }) => cells[places.month] ?? ""));
  for (const { line, text, cells } of rows) {
    const refuse = (reason: string) =>
      file.refused.push({ line, text: text.slice(0, LONGEST_SHOWN), reason });
    const [written = "", amount = ""] = [cells[places.month], cells[places.amount]];
    if (cells.length > places.count) {
      refuse(`has ${cells.length} columns in place of ${places.count}: put amounts with a comma in quotes`);
      continue;
    }
    const month = meant(written);
    if (!month.ok) refuse(month.reason);
    else if (month.month > bounds.lastMonth) refuse("is a month that has not come yet");
    else if (month.month < bounds.firstMonth) refuse("is too long ago");
    else if (amount.trim() === "") file.withoutAmount++;
    else {
      const read = readCostAmount(amount, bounds.currency);
      if (!read.ok) refuse(`“${amount.trim()}” ${read.reason}`);
      else {
        const known = byMonth.get(month.month) ?? { minor: 0, lines: 0 };
        byMonth.set(month.month, { minor: known.minor + read.minor, lines: known.lines + 1 });
      }
    }
  }
  file.months = [...byMonth]
    .toSorted(([a], [b]) => a - b)
    .map(([month, { minor, lines }]) => ({ month: isoMonth(month), amountMinor: minor, lines }));
  return file;
}

const LONGEST_SHOWN = 80;

type Meant = { ok: true; month: number } | { ok: false; reason: string };

/**
 * Where some lines can be read with day before month and with month before day, the other lines decide; where these do not, nothing
 * does.
 */
function meaningOf(written: readonly string[]): (text: string) => Meant {
  const readings = written.map((text) => ({ text, months: monthsMeant(text) }));
  const isDayFirst = readings.some(({ text, months }) => months.length === 1 && firstOf(text) > 12);
  const isMonthFirst = readings.some(({ text, months }) => months.length === 1 && secondOf(text) > 12);
  return (text) => {
    const months = monthsMeant(text);
    const [dayFirst, monthFirst = dayFirst] = months;
    if (dayFirst === undefined || monthFirst === undefined) {
      return { ok: false, reason: `“${text.trim()}” is not a month` };
    }
    if (months.length === 1 || (isDayFirst && !isMonthFirst)) return { ok: true, month: dayFirst };
    if (isMonthFirst && !isDayFirst) return { ok: true, month: monthFirst };
    return { ok: false, reason: `“${text.trim()}” can be read in two ways: write the month as 2026-03` };
  };
}

const partsOf = (text: string) => /^\s*(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}/.exec(text);
const firstOf = (text: string) => Number(partsOf(text)?.[1] ?? 0);
const secondOf = (text: string) => Number(partsOf(text)?.[2] ?? 0);

function placesOf(headings: readonly string[]): Places | null {
  const month = headings.findIndex((heading) => MONTH_HEADINGS.includes(heading));
  const amount = headings.findIndex((heading) => AMOUNT_HEADINGS.includes(heading));
  return month < 0 || amount < 0 ? null : { month, amount, count: headings.length };
}

/** `Amount spent (USD)` is `amountspent`. */
function plainHeading(text: string): string {
  return text
    .toLowerCase()
    .replace(/\(.*?\)/g, "")
    .replace(/[^\p{L}]/gu, "");
}

function delimiterOf(line: string): string {
  const bare = line.replace(/"[^"]*"/g, "");
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length - 1 }));
  // Of several the earlier one: a comma may as well be a decimal mark.
  return counts.find(({ count }) => count > 0)?.delimiter ?? ",";
}

/** Lines with something in them; a quoted cell may not go over several, which no month or amount does. */
function linesOf(text: string): { line: number; text: string }[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((written, index) => ({ line: index + 1, text: written }))
    .filter(({ text: written }) => written.replace(/[\s,;|"]/g, "") !== "");
}

/** Cells of a line, quoted or not (RFC 4180). */
function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const letter = line[i] ?? "";
    if (isQuoted && letter === '"' && line[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (letter === '"' && (isQuoted || cell.trim() === "")) isQuoted = !isQuoted;
    else if (letter === delimiter && !isQuoted) {
      cells.push(cell);
      cell = "";
    } else cell += letter;
  }
  return [...cells, cell];
}
