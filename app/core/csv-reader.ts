/** Reads CSV (RFC 4180 with any separator) piece by piece as it arrives, so that a file of any size costs one row of memory. */

export const SEPARATORS = [",", ";", "\t", "|"] as const;
export type Separator = (typeof SEPARATORS)[number];

export interface ReadRow {
  /** Of the file, counted from 1: where the row begins. A quoted field may have lines of its own. */
  line: number;
  cells: string[];
}

/** The file cannot be read on from here. */
export class CsvBroken extends Error {
  override name = "CsvBroken";
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** Of one row: more than any programme's export has, and what bounds the memory. */
const LETTERS_OF_ROW = 100_000;
const BYTE_ORDER_MARK = "\uFEFF";

export interface CsvReader {
  /** The rows that this piece ends; empty lines are none. */
  push(text: string): ReadRow[];
  /** The last row, where the file does not end with a line's end. */
  end(): ReadRow[];
}

export function csvReader(separator: Separator): CsvReader {
  let row: string[] = [];
  let field = "";
  let letters = 0;
  let line = 1;
  let startsAt = 1;
  let state: "start" | "plain" | "quoted" | "quote-in-quoted" = "start";
  let isFirst = true;
  let skipsNewline = false;
  let rows: ReadRow[] = [];

  const endField = () => {
    row.push(field);
    field = "";
    state = "start";
  };
  const endRow = () => {
    const isEmpty = row.length === 0 && state === "start";
    if (!isEmpty) {
      endField();
      rows.push({ line: startsAt, cells: row });
    }
    row = [];
    letters = 0;
  };
  const take = (letter: string) => {
    const follows = skipsNewline && letter === "\n";
    skipsNewline = false;
    if (follows) return;
    letters += 1;
    if (letters > LETTERS_OF_ROW)
      throw new CsvBroken("a row is too long: is a quotation mark left open?", startsAt);
    if (state === "quoted") {
      if (letter === '"') state = "quote-in-quoted";
      else {
        field += letter;
        if (letter === "\n") line += 1;
      }
      return;
    }
    if (letter === '"' && state === "quote-in-quoted") {
      field += letter;
      state = "quoted";
    } else if (letter === '"' && state === "start") state = "quoted";
    else if (letter === separator) endField();
    else if (letter === "\n" || letter === "\r") {
      endRow();
      skipsNewline = letter === "\r";
      line += 1;
      startsAt = line;
    } else {
      field += letter;
      state = "plain";
    }
  };
  const taken = () => {
    const ended = rows;
    rows = [];
    return ended;
  };

  return {
    push(text) {
      const rest = isFirst && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
      if (text !== "") isFirst = false;
      for (const letter of rest) take(letter);
      return taken();
    },
    end() {
      if (state === "quoted") throw new CsvBroken("a quotation mark is left open", startsAt);
      endRow();
      return taken();
    },
  };
}

/** The separator that gives the heading and the lines after it the same number of columns, and most of them. */
export function guessSeparator(text: string): Separator {
  const scored = SEPARATORS.map((separator) => ({ separator, score: scoreOf(text, separator) }));
  return scored.reduce((best, each) => (each.score > best.score ? each : best)).separator;
}

function scoreOf(text: string, separator: Separator): number {
  try {
    const [heading, ...rows] = csvReader(separator).push(text);
    if (!heading || heading.cells.length < 2) return 0;
    const same = rows.filter(({ cells }) => cells.length === heading.cells.length).length;
    return (1 + same) / (1 + rows.length) + heading.cells.length / 1_000;
  } catch (error) {
    if (error instanceof CsvBroken) return 0;
    throw error;
  }
}
