import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMinor, parseMinor, splitMinor } from "./money.ts";

describe("parseMinor", () => {
  test.each([
    ["12.5", "USD", 1250],
    ["12.50", "USD", 1250],
    ["-0.01", "GBP", -1],
    ["1200", "JPY", 1200],
    ["1200.0", "JPY", 1200],
    ["1.2345", "KWD", 1235],
    ["0.005", "USD", 1],
    ["-0.005", "USD", -1],
    ["-0.004", "USD", 0],
    ["0.995", "USD", 100],
    ["90071992547409.91", "USD", 9007199254740991],
  ])("%s %s is %d", (amount, currency, minor) => {
    expect(parseMinor(amount, currency)).toBe(minor);
  });

  test.each(["", "1,50", "1e3", "NaN", " 1", "1.2.3", "90071992547409.92"])("refuses %j", (amount) => {
    expect(() => parseMinor(amount, "USD")).toThrow();
  });

  test("reads back what formatMinor writes", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom("USD", "JPY", "KWD"), (minor, currency) => {
        expect(parseMinor(formatMinor(minor, currency), currency)).toBe(minor === 0 ? 0 : minor);
      }),
    );
  });
});

describe("splitMinor", () => {
  test("gives the last part the rest", () => {
    expect(splitMinor(100, [1, 1, 1])).toEqual([33, 33, 34]);
    expect(splitMinor(-100, [1, 1, 1])).toEqual([-33, -33, -34]);
    expect(splitMinor(100, [1, 2, 0])).toEqual([33, 67, 0]);
    expect(splitMinor(7, [0, 0])).toEqual([0, 7]);
    expect(splitMinor(7, [])).toEqual([]);
  });

  test("parts always add up and never exceed their share by more than the rest", () => {
    const weights = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), weights, (total, parts) => {
        const split = splitMinor(total, parts);
        expect(split.reduce((a, b) => a + b, 0)).toBe(total);
      }),
    );
  });
});
