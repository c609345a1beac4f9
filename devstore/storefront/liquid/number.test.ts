import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arithmetic, LiquidFloat, parseLiquidJson } from "./number.ts";

const shown = (value: unknown) => (value instanceof LiquidFloat ? value.toString() : value);
const float = (value: number) => new LiquidFloat(value);

describe("Liquid's arithmetic", () => {
  it("keeps integers whole and divides them by floor", () => {
    expect(arithmetic.divided_by(7, 2)).toBe(3);
    expect(arithmetic.divided_by(-7, 2)).toBe(-4);
    expect(arithmetic.modulo(-7, 3)).toBe(2);
    expect(arithmetic.times(3, 4)).toBe(12);
    expect(arithmetic.plus("12 apples", null)).toBe(12);
    expect(() => arithmetic.divided_by(1, 0)).toThrow("divided by 0");
    expect(() => arithmetic.times(2 ** 52, 4)).toThrow("too large");
  });

  it("works exactly in decimals where a number has a point", () => {
    expect(shown(arithmetic.divided_by(20, float(7)))).toBe("2.857142857142857");
    expect(shown(arithmetic.plus(float(0.1), float(0.2)))).toBe("0.3");
    expect(shown(arithmetic.times(4, float(1)))).toBe("4.0");
    expect(shown(arithmetic.times(3, "1.1"))).toBe("3.3");
    expect(shown(arithmetic.minus(float(1e-7), 0))).toBe("1e-7");
  });

  it("rounds halves away from zero, and to integers unless told", () => {
    expect(arithmetic.round(float(2.5))).toBe(3);
    expect(arithmetic.round(float(-2.5))).toBe(-3);
    expect(shown(arithmetic.round(float(1.005), 2))).toBe("1.01");
    expect(arithmetic.ceil(float(1.2))).toBe(2);
    expect(arithmetic.floor(float(-1.2))).toBe(-2);
    expect(arithmetic.ceil("4.0")).toBe(4);
  });

  it("bounds without changing what kind of number it is", () => {
    expect(arithmetic.at_least(3, 5)).toBe(5);
    expect(shown(arithmetic.at_most(float(5.5), 7))).toBe("5.5");
    expect(arithmetic.abs(-4)).toBe(4);
  });

  it("divides any integers as floor does", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer().filter((divisor) => divisor !== 0),
        (dividend, divisor) => {
          const quotient = Number(arithmetic.divided_by(dividend, divisor));
          const rest = Number(arithmetic.modulo(dividend, divisor));
          expect(quotient).toBe(Math.floor(dividend / divisor));
          expect(quotient * divisor + rest).toBe(dividend);
        },
      ),
    );
  });

  it("tells floats of JSON from integers", () => {
    expect(parseLiquidJson('{"a":1,"b":[1.0,2e3]}')).toEqual({ a: 1, b: [float(1), float(2000)] });
  });
});
