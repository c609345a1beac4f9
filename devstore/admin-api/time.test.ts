import { describe, expect, it } from "vitest";
import { dateTime, parseSearchTime } from "./time.ts";

describe("times", () => {
  it.each([0, 1, 999, 1000, -1, 951_782_399_999, 1_761_440_400_123, 4_102_444_799_000])(
    "writes %i in whole seconds, as the platform does",
    (ms) => {
      expect(dateTime(ms)).toBe(`${new Date(ms).toISOString().slice(0, 19)}Z`);
    },
  );

  it("reads a date as the shop's own day, an hour longer when its clocks go back", () => {
    const day = parseSearchTime("2026-10-25", "Europe/Berlin");
    expect(day && dateTime(day.from)).toBe("2026-10-24T22:00:00Z");
    expect(day && dateTime(day.until)).toBe("2026-10-25T23:00:00Z");
  });

  it("reads times with an offset, and without one as the shop's wall clock", () => {
    const from = (text: string) => parseSearchTime(text, "Europe/Berlin")?.from;
    expect(from("2026-07-01T10:00:00Z")).toBe(Date.parse("2026-07-01T10:00:00Z"));
    expect(from("2026-07-01T10:00:00.500+02:00")).toBe(Date.parse("2026-07-01T08:00:00.500Z"));
    expect(from("2026-07-01T10:00:00")).toBe(Date.parse("2026-07-01T08:00:00Z"));
    expect(from("yesterday")).toBeUndefined();
  });
});
