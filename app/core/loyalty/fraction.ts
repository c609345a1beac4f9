/** Exact fractions, because points are rounded once per order and a rate such as 1.5 points per 0.99 is no number of a computer. */

export interface Fraction {
  numerator: bigint;
  /** Positive. */
  denominator: bigint;
}

export const ZERO: Fraction = { numerator: 0n, denominator: 1n };

export function fraction(numerator: number | bigint, denominator: number | bigint = 1n): Fraction {
  return reduced(BigInt(numerator), BigInt(denominator));
}

export function plus(a: Fraction, b: Fraction): Fraction {
  return reduced(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

export function times(a: Fraction, b: Fraction): Fraction {
  return reduced(a.numerator * b.numerator, a.denominator * b.denominator);
}

export type Rounding = "down" | "nearest" | "up";

/** Of a fraction that is not negative; halves go up. */
export function rounded({ numerator, denominator }: Fraction, rounding: Rounding): number {
  const extra = { down: 0n, nearest: denominator / 2n, up: denominator - 1n }[rounding];
  return Number((numerator + extra) / denominator);
}

function reduced(numerator: bigint, denominator: bigint): Fraction {
  if (denominator <= 0n) throw new Error("the denominator of a fraction is positive");
  const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b];
  while (smaller > 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger === 0n ? 1n : larger;
}
