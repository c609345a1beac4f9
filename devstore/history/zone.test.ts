import { expect, it } from "vitest";
import { zoneOf } from "./zone.ts";

it("reads wall clocks as the zone's instants", () => {
  const london = zoneOf("Europe/London");
  expect(london.instantOf(Date.UTC(2011, 0, 5, 12))).toBe(Date.UTC(2011, 0, 5, 12));
  expect(london.instantOf(Date.UTC(2011, 6, 5, 12))).toBe(Date.UTC(2011, 6, 5, 11));
});

it("moves a skipped hour on and takes the first of a doubled one", () => {
  const newYork = zoneOf("America/New_York");
  expect(newYork.instantOf(Date.UTC(2026, 2, 8, 2, 30))).toBe(Date.UTC(2026, 2, 8, 7, 30));
  expect(newYork.instantOf(Date.UTC(2026, 10, 1, 1, 30))).toBe(Date.UTC(2026, 10, 1, 5, 30));
});

it("is the inverse of the clocks everywhere else", () => {
  for (const name of ["Pacific/Chatham", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia", "UTC"]) {
    const zone = zoneOf(name);
    for (let hour = 0; hour < 400; hour += 1) {
      const instant = Date.UTC(2025, 0, 1) + hour * 91 * 3_600_000;
      expect(zone.wallOf(zone.instantOf(zone.wallOf(instant)))).toBe(zone.wallOf(instant));
    }
  }
});
