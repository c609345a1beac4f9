import fc from "fast-check";
import { expect, it } from "vitest";
import { readMinor, readWhole } from "./amounts.ts";

it("reads amounts however they are written", () => {
  const written = { "12.5": 1250, "1,234.50": 123_450, "12,50": 1250, "1.234,50": 123_450, "$ 3": 300, "-0.005": -1, ".5": 50, "0.001": 0, "-0": 0 };
  for (const [text, minor] of Object.entries(written)) expect(readMinor(text, "USD"), text).toBe(minor);
  expect([readMinor("1200", "JPY"), readMinor("1.2345", "KWD")]).toEqual([1200, 1235]);
  for (const text of ["", "-", "1e3", "twelve", "1.2.3", "99999999999999999"]) expect(readMinor(text, "USD"), text).toBeNull();
}); // prettier-ignore

it("reads back every amount it is given", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), (minor) => {
      expect(readMinor((minor / 100).toFixed(2), "EUR")).toBe(minor || 0);
    }),
  );
});

it("takes only whole numbers as quantities", () => {
  expect(["6", "-3", "2.0", "0", "1.5", "", "x"].map(readWhole)).toEqual([6, -3, 2, 0, null, null, null]);
});
