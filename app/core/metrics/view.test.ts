import { describe, expect, test } from "vitest";
import { dayFromIso, isoDate } from "../calendar.ts";
import type { Period } from "./period.ts";
import {
  PRESETS,
  comparedPeriod,
  defaultPreset,
  presetPeriod,
  trendGrain,
  type CompareKind,
  type Preset,
} from "./view.ts";

const TODAY = dayFromIso("2024-03-31");
const BOUNDS = { firstDay: dayFromIso("2021-05-04"), lastDay: dayFromIso("2024-03-30") };
const dates = (period: Period | null) => period && `${isoDate(period.firstDay)} ${isoDate(period.lastDay)}`;

test.each<[Preset, string]>([
  ["last-7-days", "2024-03-24 2024-03-30"],
  ["last-30-days", "2024-03-01 2024-03-30"],
  ["last-365-days", "2023-04-01 2024-03-30"],
  ["month-to-date", "2024-03-01 2024-03-31"],
  ["last-month", "2024-02-01 2024-02-29"],
  ["year-to-date", "2024-01-01 2024-03-31"],
  ["last-year", "2023-01-01 2023-12-31"],
  ["all-time", "2021-05-04 2024-03-30"],
])("%s is %s", (preset, expected) => {
  expect(dates(presetPeriod(preset, TODAY, BOUNDS))).toBe(expected);
});

describe("what a period is compared with", () => {
  test.each<[Preset, CompareKind, string | null]>([
    ["last-30-days", "preceding", "2024-01-31 2024-02-29"],
    ["last-30-days", "year", "2023-03-01 2023-03-30"],
    // February has no 31st: its last day stands in.
    ["month-to-date", "preceding", "2024-02-01 2024-02-29"],
    ["last-month", "preceding", "2024-01-01 2024-01-31"],
    ["last-month", "year", "2023-02-01 2023-02-28"],
    ["year-to-date", "preceding", "2023-01-01 2023-03-31"],
    ["last-year", "preceding", "2022-01-01 2022-12-31"],
    ["all-time", "year", null],
    ["last-7-days", "none", null],
  ])("%s with %s: %s", (preset, kind, expected) => {
    const period = presetPeriod(preset, TODAY, BOUNDS);
    expect(dates(comparedPeriod(preset, period, kind, TODAY))).toBe(expected);
  });

  test("custom dates are compared with as many days", () => {
    const period = { firstDay: TODAY - 9, lastDay: TODAY };
    expect(comparedPeriod("custom", period, "preceding", TODAY)).toEqual({
      firstDay: TODAY - 19,
      lastDay: TODAY - 10,
    });
  });
});

test("the last 30 days are shown first, and all time where nothing happened in them", () => {
  const byDefault = (firstDay: number | null, lastDay: number | null) =>
    (["last-30-days", "last-365-days", "all-time"] as const).map((usual) =>
      defaultPreset(usual, TODAY, { firstDay, lastDay }),
    );
  const asUsual = ["last-30-days", "last-365-days", "all-time"];
  expect(byDefault(TODAY - 900, TODAY - 1)).toEqual(asUsual);
  expect(byDefault(TODAY - 900, TODAY - 31)).toEqual(["all-time", "last-365-days", "all-time"]);
  expect(byDefault(TODAY - 900, TODAY - 366)).toEqual(["all-time", "all-time", "all-time"]);
  expect(byDefault(TODAY, TODAY)).toEqual(["all-time", "all-time", "all-time"]);
  expect(byDefault(null, null)).toEqual(asUsual);
});

test("every preset has a period that does not end before it starts, in an empty shop, too", () => {
  for (const preset of PRESETS) {
    for (const bounds of [BOUNDS, { firstDay: null, lastDay: null }]) {
      const { firstDay, lastDay } = presetPeriod(preset, TODAY, bounds);
      expect(lastDay).toBeGreaterThanOrEqual(firstDay);
    }
  }
});

test("a trend goes by day, week or month", () => {
  const grains = [30, 90, 365].map((days) => trendGrain({ firstDay: 0, lastDay: days - 1 }));
  expect(grains).toEqual(["day", "week", "month"]);
});
