import { describe, expect, test } from "vitest";
import { dayFromIso, isoDate, shopCalendar } from "../calendar.ts";
import { anniversaryDays, deedOf, isWithinLimit, occasionOf, yearsOfDay } from "./activity.ts";

const UTC = shopCalendar("UTC");
const noon = (date: string) => Date.parse(`${date}T12:00:00Z`);

describe("limits", () => {
  const within = (per: "ever" | "year" | "month" | "day", past: string[], most = 1) =>
    isWithinLimit({ most, per }, past.map(noon), noon("2026-03-15"), UTC);

  test("count what was earned in the shop's days, months and years", () => {
    expect(within("ever", ["2001-01-01"])).toBe(false);
    expect(within("ever", [])).toBe(true);
    expect(within("day", ["2026-03-14"])).toBe(true);
    expect(within("day", ["2026-03-15"])).toBe(false);
    expect(within("day", ["2026-03-15"], 2)).toBe(true);
    expect(within("month", ["2026-02-16"])).toBe(false);
    expect(within("month", ["2026-02-15"])).toBe(true);
  });

  test("of a year let through what is found some days late, and not a day that was moved", () => {
    expect(within("year", ["2025-03-18"])).toBe(true);
    expect(within("year", ["2025-12-01"])).toBe(false);
  });
});

test("birthdays of the last days, each with its year, also over a new year and on a leap day", () => {
  expect(yearsOfDay("03-15", noon("2026-03-15"), UTC)).toEqual([2026]);
  expect(yearsOfDay("03-13", noon("2026-03-15"), UTC)).toEqual([2026]);
  expect(yearsOfDay("03-12", noon("2026-03-15"), UTC)).toEqual([]);
  expect(yearsOfDay("03-16", noon("2026-03-15"), UTC)).toEqual([]);
  expect(yearsOfDay("12-31", noon("2026-01-01"), UTC)).toEqual([2025]);
  expect(yearsOfDay("02-29", noon("2026-02-28"), UTC)).toEqual([2026]);
  expect(yearsOfDay("02-29", noon("2028-02-28"), UTC)).toEqual([]);
  expect(yearsOfDay("02-29", noon("2028-02-29"), UTC)).toEqual([2028]);
});

test("anniversaries: every day on which somebody can have joined, with how many years that is", () => {
  const first = dayFromIso("2024-02-01");
  const days = anniversaryDays(noon("2026-02-28"), first, UTC).map(
    ({ day, years }) => `${isoDate(day)} ${years}`,
  );
  expect(days.toSorted()).toEqual(
    [
      ...["2025-02-26 1", "2025-02-27 1", "2025-02-28 1"],
      ...["2024-02-26 2", "2024-02-27 2", "2024-02-28 2", "2024-02-29 2"],
    ].toSorted(),
  );
});

test("a deed names its activity, member and occasion", () => {
  expect(deedOf({ key: "birthday" }, 7, "2026")).toBe("birthday/7/2026");
  // Whoever asks may put what they like into their key.
  expect(occasionOf(deedOf({ key: "review" }, 7, "a/once"))).toBe("a/once");
});
