import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvText } from "./csv.ts";
import { CsvBroken, csvReader, guessSeparator, type Separator } from "./csv-reader.ts";

function read(text: string, separator: Separator = ",", piece = text.length || 1) {
  const reader = csvReader(separator);
  const rows = [];
  for (let from = 0; from < text.length; from += piece)
    rows.push(...reader.push(text.slice(from, from + piece)));
  return [...rows, ...reader.end()];
}

describe("reading CSV", () => {
  it("knows quotes, separators and lines in fields, a byte order mark and every kind of line's end", () => {
    const text = '\uFEFFa,"b ""c"""\r\n"d\r\ne",f\n\n,\rlast';
    const expected = [
      { line: 1, cells: ["a", 'b "c"'] },
      { line: 2, cells: ["d\r\ne", "f"] },
      { line: 5, cells: ["", ""] },
      { line: 6, cells: ["last"] },
    ];
    for (const piece of [1, 2, 3, 100]) expect(read(text, ",", piece)).toEqual(expected);
  });

  it("stops at a quotation mark that is left open instead of reading the file into memory", () => {
    expect(() => read('a\n"b\nc\n')).toThrow(CsvBroken);
    expect(() => read(`a\n"${"b".repeat(200_000)}`)).toThrow(/too long/);
  });

  it("finds the separator by the columns that it makes", () => {
    expect(guessSeparator("e-mail;points\na@example.com;1,5\nb@example.com;2,5\n")).toBe(";");
    expect(guessSeparator("email,points\na@example.com,5\n")).toBe(",");
    expect(guessSeparator('email\tname\na@example.com\t"x, y, z"\n')).toBe("\t");
  });

  it("gives back what was written, however it is cut", () => {
    const tables = fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 4 }));
    fc.assert(
      fc.property(tables, fc.integer({ min: 1, max: 9 }), (table, piece) => {
        const harmless = table.map((row) => row.map((cell) => cell.replace(/^[=+\-@\t\r]/, "x")));
        const rows = read(csvText(["first", "second"], harmless), ",", piece);
        expect(rows.slice(1).map(({ cells }) => cells)).toEqual(harmless);
      }),
    );
  });
});
