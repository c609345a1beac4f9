import { expect, test } from "vitest";
import { csvText, moneyCell } from "./csv.ts";

test("writes headings and rows with lines ended by CR LF, and quotes where it must", () => {
  const text = csvText(
    ["Month", "Name, of it"],
    [
      ["2026-01", 'a "big" one'],
      ["x\ny", null],
    ],
  );
  expect(text).toBe('Month,"Name, of it"\r\n2026-01,"a ""big"" one"\r\n"x\ny",\r\n');
});

test("makes text that a spreadsheet would run harmless, wherever it stands, and leaves numbers alone", () => {
  const cells = ["=1+1", "+1", "-1", "@sum", "\tx", "\rx", '=HYPERLINK("a","b")', "a=b"];
  expect(csvText(cells, [[-5, 1.5, Number.NaN, moneyCell(-1234, "EUR"), moneyCell(null, "EUR")]])).toBe(
    `'=1+1,'+1,'-1,'@sum,'\tx,"'\rx","'=HYPERLINK(""a"",""b"")",a=b\r\n-5,1.5,,-12.34,\r\n`,
  );
});

test("writes money with its currency's own decimals", () => {
  expect(moneyCell(5, "JPY")).toEqual({ decimal: "5" });
  expect(moneyCell(5, "KWD")).toEqual({ decimal: "0.005" });
});
