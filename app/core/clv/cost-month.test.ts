import { expect, test } from "vitest";
import { isoMonth } from "../calendar.ts";
import { monthsMeant } from "./cost-month.ts";

test.each([
  ["2026-03", "2026-03"],
  ["2026/03", "2026-03"],
  ["202603", "2026-03"],
  ["2026.3", "2026-03"],
  ["3/2026", "2026-03"],
  ["03.2026", "2026-03"],
  ["2026-03-31", "2026-03"],
  ["2026-03-01T00:00:00Z", "2026-03"],
  ["2026-03-01 00:00:00", "2026-03"],
  ["31.03.2026", "2026-03"],
  ["03/31/2026", "2026-03"],
  ["March 2026", "2026-03"],
  ["Mar-26", "2026-03"],
  ["mar. 2026", "2026-03"],
  ["März 2026", "2026-03"],
  ["marzo de 2026", "2026-03"],
  ["2026年3月", "2026-03"],
  [" 1999-12 ", "1999-12"],
])("%j is %s", (text, month) => {
  expect(monthsMeant(text).map(isoMonth)).toEqual([month]);
});

test("a day that could be a month is both", () => {
  expect(monthsMeant("03/04/2026").map(isoMonth).toSorted()).toEqual(["2026-03", "2026-04"]);
  expect(monthsMeant("04.04.2026").map(isoMonth)).toEqual(["2026-04"]);
});

test.each(["", "Total", "2026", "2026-13", "13/2026", "2026-02-30", "31/31/2026", "smarch 2026", "3"])(
  "%j is no month",
  (text) => {
    expect(monthsMeant(text)).toEqual([]);
  },
);
