import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectDateForm, readDate } from "./dates.ts";
import { zoneOf } from "./zone.ts";

const utc = zoneOf("UTC");
const two = (number: number) => String(number).padStart(2, "0");
const day = fc
  .integer({ min: Date.UTC(1990, 0, 1) / 86_400_000, max: Date.UTC(2030, 0, 1) / 86_400_000 })
  .map((number) => new Date(number * 86_400_000));
const writers = {
  iso: (date: Date) => date.toISOString().slice(0, 10),
  dmy: (date: Date) => `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}/${date.getUTCFullYear()}`,
  mdy: (date: Date) => `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()} 8:26`,
  epoch: (date: Date) => String(date.getTime() / 1000),
} as const;
const forms = ["iso", "dmy", "mdy", "epoch"] as const;

describe("the form of dates", () => {
  it("is found out and read back wherever one date tells", () => {
    const decisive = new Date(Date.UTC(2026, 2, 31));
    fc.assert(
      fc.property(fc.constantFrom(...forms), fc.array(day), (form, days) => {
        const dates = [...days, decisive];
        const values = dates.map(writers[form]);
        expect(detectDateForm(values)).toEqual({ ok: true, form });
        const read = values.map((value) =>
          new Date(readDate(value, form, utc) ?? 0).toISOString().slice(0, 10),
        );
        expect(read).toEqual(dates.map((date) => date.toISOString().slice(0, 10)));
      }),
    );
  });

  it("is an error where none tells, and what is passed decides", () => {
    const early = day.map(
      (date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1 + (date.getUTCDate() % 12))),
    );
    fc.assert(
      fc.property(fc.array(early, { minLength: 1 }), (days) => {
        const values = days.map(writers.dmy);
        expect(detectDateForm(values)).toMatchObject({
          ok: false,
          reason: expect.stringContaining("--dates dmy") as string,
        });
        expect(detectDateForm(values, "mdy")).toEqual({ ok: true, form: "mdy" });
      }),
    );
  });

  it("is an error where dates contradict each other or none is one", () => {
    expect(detectDateForm(["13/01/2026", "01/13/2026"])).toMatchObject({ ok: false });
    expect(detectDateForm(["yesterday", ""])).toMatchObject({ ok: false });
    expect(detectDateForm([])).toMatchObject({ ok: false });
  });
});

describe("a date", () => {
  it("is refused where the calendar has none such", () => {
    for (const value of ["2026-02-29", "2026-13-01", "2026-01-01 25:00", "2026-01-01 10:61", "31/04/2026", "x"]) {
      expect(readDate(value, "iso", utc)).toBeNull();
      expect(readDate(value, "dmy", utc)).toBeNull();
    }
  });

  it("keeps its offset, its half of the day and its zone", () => {
    const newYork = zoneOf("America/New_York");
    expect(readDate("2026-03-01 10:00:00 -0500", "iso", utc)).toBe(Date.UTC(2026, 2, 1, 15));
    expect(readDate("2026-03-01T10:00:00Z", "iso", newYork)).toBe(Date.UTC(2026, 2, 1, 10));
    expect(readDate("3/1/2026 12:05 AM", "mdy", utc)).toBe(Date.UTC(2026, 2, 1, 0, 5));
    expect(readDate("1.3.26 1:05 pm", "dmy", utc)).toBe(Date.UTC(2026, 2, 1, 13, 5));
    expect(readDate("20260301", "iso", newYork)).toBe(Date.UTC(2026, 2, 1, 17));
    expect(readDate("1772000000123", "epoch", utc)).toBe(1_772_000_000_123);
  });
}); // prettier-ignore
