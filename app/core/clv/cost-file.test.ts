import { describe, expect, test } from "vitest";
import { dayFromIso, monthOf } from "../calendar.ts";
import { readCostFile, type CostFile } from "./cost-file.ts";

const month = (iso: string) => monthOf(dayFromIso(`${iso}-01`));
const BOUNDS = { currency: "EUR", firstMonth: month("1990-01"), lastMonth: month("2026-06") };

function read(text: string, bounds = BOUNDS): CostFile {
  const outcome = readCostFile(text, bounds);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.file;
}

const amounts = (text: string) =>
  Object.fromEntries(read(text).months.map(({ month: of, amountMinor }) => [of, amountMinor]));

const TWO = { "2026-01": 123_450, "2026-02": 0 };

describe("a file of costs", () => {
  test.each([
    ["commas", "month,amount\n2026-01,1234.50\n2026-02,0\n"],
    ["semicolons and commas for decimals", "Monat;Betrag\r\n01.2026;1.234,50\r\n02.2026;0\r\n"],
    ["tabs", "Date\tCost\n2026-01-01\t1234.5\n2026-02-01\t0"],
    ["bars", "amount|month\n1234.5|Jan 2026\n0|Feb 2026"],
    ["quotes", '"Month","Amount"\n"2026-01","1,234.50"\n"2026-02","0"'],
    ["no headings", "2026-01,1234.5\n2026-02,0"],
    ["a mark, empty lines and old line ends", "\ufeffmonth,amount\r\r2026-01,1234.5\r2026-02,0\r"],
    ["other columns", "campaign,month,clicks,amount spent (EUR)\nA,2026-01,5,1234.5\nB,2026-02,7,0"],
    ["several lines of a month", "month,amount\n2026-01,1000\n2026-02,0\n2026-01,234.5\n"],
    ["days first, as one of them shows", "date;amount\n05/01/2026;1234,5\n28/02/2026;0"],
    ["months first, as one of them shows", "date;amount\n01/05/2026;1234,5\n02/28/2026;0"],
  ])("with %s", (_, text) => {
    expect(read(text).refused).toEqual([]);
    expect(amounts(text)).toEqual(TWO);
  });

  test("says of each line why it was refused, and takes the others", () => {
    const file = read(
      [
        ...[
          "month,amount",
          "2026-01,100",
          "Total,100",
          "2026-07,5",
          "1989-12,5",
          "2026-02,ten",
          "2026-03,-1",
        ],
        ...["2026-04,", "2026-05,1.234", "2026-05,1,50", "2026-06,12 USD", '2026-06,"1,50"'],
      ].join("\n"),
    );
    expect(file.months).toEqual([
      { month: "2026-01", amountMinor: 10_000, lines: 1 },
      { month: "2026-06", amountMinor: 150, lines: 1 },
    ]);
    expect(file.withoutAmount).toBe(1);
    expect(file.refused.map(({ line, reason }) => [line, reason])).toEqual([
      [3, "“Total” is not a month"],
      [4, "is a month that has not come yet"],
      [5, "is too long ago"],
      [6, "“ten” is not in EUR, the currency of your shop"],
      [7, "“-1” is below 0"],
      [9, "“1.234” can be read in two ways: write 1234 or 1.23"],
      [10, "has 3 columns in place of 2: put amounts with a comma in quotes"],
      [11, "“12 USD” is not in EUR, the currency of your shop"],
    ]);
  });

  test("does not guess between day and month", () => {
    const { refused } = read("date,amount\n03/04/2026,1\n05/06/2026,1");
    expect(refused.map(({ reason }) => reason)).toEqual([
      "“03/04/2026” can be read in two ways: write the month as 2026-03",
      "“05/06/2026” can be read in two ways: write the month as 2026-03",
    ]);
  });

  test.each([
    ["", "The file is empty."],
    ["\n , \n", "The file is empty."],
    ["PK\u0003\u0004...", "This is a spreadsheet's own file. Save it as CSV and choose that."],
    ["when,how much\n2026-01,1", "The first line should name the columns: month and amount."],
    ["x\n".repeat(20_001), "The file has more than 20000 lines."],
  ])("that is none is refused whole", (text, reason) => {
    expect(readCostFile(text, BOUNDS)).toEqual({ ok: false, reason });
  });

  test("counts in the shop's currency", () => {
    const yen = { ...BOUNDS, currency: "JPY" };
    const dinars = { ...BOUNDS, currency: "KWD" };
    expect(read("month,amount\n2026-01,1234", yen).months[0]?.amountMinor).toBe(1_234);
    expect(read("month,amount\n2026-01,1.234", dinars).months[0]?.amountMinor).toBe(1_234);
  });
});
