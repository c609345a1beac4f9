import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addMonths,
  dayFromIso,
  firstDayOfMonth,
  isoDate,
  isoMonth,
  monthOf,
  shopCalendar,
  startOfDay,
  weekOf,
} from "./calendar.ts";

const at = (iso: string) => Date.parse(iso);

describe("shopCalendar", () => {
  test.each([
    ["Europe/London", "2026-03-29T00:59:59Z", "2026-03-29"],
    ["Europe/London", "2026-07-31T23:00:00Z", "2026-08-01"],
    ["Europe/London", "2026-12-31T23:59:59Z", "2026-12-31"],
    ["America/New_York", "2026-11-01T03:59:59Z", "2026-10-31"],
    ["America/New_York", "2026-11-01T04:00:00Z", "2026-11-01"],
    ["America/New_York", "2026-11-02T04:59:59Z", "2026-11-01"],
    ["Asia/Kathmandu", "2026-01-01T18:15:00Z", "2026-01-02"],
    ["Asia/Kathmandu", "2026-01-01T18:14:59Z", "2026-01-01"],
    // Samoa skipped 30 December 2011 altogether.
    ["Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29"],
    ["Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31"],
    ["UTC", "1969-12-31T23:59:59Z", "1969-12-31"],
  ])("%s at %s is %s", (zone, instant, date) => {
    expect(isoDate(shopCalendar(zone).dayOf(at(instant)))).toBe(date);
  });

  test("agrees with Intl at any instant", () => {
    const zones = [
      "Europe/London",
      "America/Sao_Paulo",
      "Australia/Lord_Howe",
      "Asia/Tokyo",
      "Africa/Casablanca",
    ];
    const calendars = zones.map((zone) => ({
      calendar: shopCalendar(zone),
      format: new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }),
    }));
    const instants = fc.integer({ min: at("1990-01-01T00:00:00Z"), max: at("2040-01-01T00:00:00Z") });
    fc.assert(
      fc.property(instants, fc.constantFrom(...calendars), (time, { calendar, format }) => {
        expect(isoDate(calendar.dayOf(time))).toBe(format.format(time));
      }),
      { numRuns: 500 },
    );
  });

  test("refuses an unknown zone", () => {
    expect(() => shopCalendar("Mars/Olympus")).toThrow(RangeError);
  });
});

describe("days, months and weeks", () => {
  test("round trips", () => {
    expect(isoMonth(monthOf(dayFromIso("2026-02-28")))).toBe("2026-02");
    expect(isoDate(firstDayOfMonth(monthOf(dayFromIso("2024-02-29"))))).toBe("2024-02-01");
    expect(isoMonth(monthOf(-1))).toBe("1969-12");
  });

  test("weeks begin on Monday", () => {
    expect(weekOf(dayFromIso("2026-11-22"))).toBe(weekOf(dayFromIso("2026-11-16")));
    expect(weekOf(dayFromIso("2026-11-23"))).toBe(weekOf(dayFromIso("2026-11-22")) + 1);
  });

  test.each(["2026-13-01", "2026-1-1", "yesterday", ""])("refuses %j as a date", (date) => {
    expect(() => dayFromIso(date)).toThrow();
  });
});

describe("months and days of the shop", () => {
  test.each([
    ["2026-01-15", 3, "2026-04-15"],
    ["2026-01-31", 1, "2026-02-28"],
    ["2027-12-31", 2, "2028-02-29"],
    ["2026-03-31", -13, "2025-02-28"],
  ])("%s and %i months are %s", (from, months, to) => {
    expect(isoDate(addMonths(dayFromIso(from), months))).toBe(to);
  });

  test.each([
    ["UTC", "2026-05-03", "2026-05-03T00:00:00.000Z"],
    ["Asia/Tokyo", "2026-05-03", "2026-05-02T15:00:00.000Z"],
    ["Pacific/Kiritimati", "2026-05-03", "2026-05-02T10:00:00.000Z"],
    ["America/New_York", "2026-03-09", "2026-03-09T04:00:00.000Z"],
    ["Asia/Kathmandu", "2026-05-03", "2026-05-02T18:15:00.000Z"],
    // Beirut's clocks go from midnight to one o'clock.
    ["Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00.000Z"],
  ])("a day in %s", (zone, date, begins) => {
    const calendar = shopCalendar(zone);
    const start = startOfDay(dayFromIso(date), calendar);
    expect(new Date(start).toISOString()).toBe(begins);
    expect([calendar.dayOf(start - 1), calendar.dayOf(start)]).toEqual([
      dayFromIso(date) - 1,
      dayFromIso(date),
    ]);
  });
});
