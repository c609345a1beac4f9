/**
 * Liquid's arithmetic as Shopify's: integers stay integers and divide by floor, anything with a decimal point is worked out exactly in
 * decimals and becomes a float, which prints with its point.
 */
import { Drop } from "liquidjs";

/** A number with a decimal point, told apart from an integer even where it is whole. */
export class LiquidFloat extends Drop {
  readonly value: number;

  constructor(value: number) {
    super();
    this.value = value;
  }

  override valueOf(): number {
    return this.value;
  }

  override toString(): string {
    return Number.isInteger(this.value) && Math.abs(this.value) < 1e16
      ? this.value.toFixed(1)
      : String(this.value);
  }

  toJSON(): number {
    return this.value;
  }
}

/** `digits` divided by ten to the power of `scale`. */
interface Decimal {
  digits: bigint;
  scale: number;
  isFloat: boolean;
}

/** More digits than a float holds. */
const QUOTIENT_DIGITS = 40;

function decimalOf(value: unknown): Decimal {
  if (value instanceof LiquidFloat) return { ...parsed(plain(value.value)), isFloat: true };
  if (typeof value === "number") return { ...parsed(plain(value)), isFloat: !Number.isInteger(value) };
  if (typeof value !== "string") return { digits: 0n, scale: 0, isFloat: false };
  const text = value.trim();
  if (/^-?\d+\.\d+$/.test(text)) return { ...parsed(text), isFloat: true };
  return { digits: BigInt(/^[-+]?\d+/.exec(text)?.[0] ?? "0"), scale: 0, isFloat: false };
}

/** Without an exponent. */
function plain(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  const [mantissa = "0", exponent = "0"] = text.split("e");
  const { digits, scale } = parsed(mantissa);
  const shift = Number(exponent) - scale;
  if (shift >= 0) return String(digits * 10n ** BigInt(shift));
  const sign = digits < 0n ? "-" : "";
  const padded = String(digits < 0n ? -digits : digits).padStart(-shift + 1, "0");
  return `${sign}${padded.slice(0, shift)}.${padded.slice(shift)}`;
}

function parsed(text: string): { digits: bigint; scale: number } {
  const [whole = "0", fraction = ""] = text.split(".");
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

function numberOf({ digits, scale, isFloat }: Decimal): number | LiquidFloat {
  if (isFloat) return new LiquidFloat(Number(`${digits}e${-scale}`));
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) throw new Error(`the integer ${digits} is too large for this storefront`);
  return value;
}

function aligned(left: unknown, right: unknown): { a: bigint; b: bigint; scale: number; isFloat: boolean } {
  const [one, other] = [decimalOf(left), decimalOf(right)];
  const scale = Math.max(one.scale, other.scale);
  return {
    a: one.digits * 10n ** BigInt(scale - one.scale),
    b: other.digits * 10n ** BigInt(scale - other.scale),
    scale,
    isFloat: one.isFloat || other.isFloat,
  };
}

function floorQuotient(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** To whole units, halves away from zero. */
function rounded(digits: bigint, unit: bigint): bigint {
  const magnitude = digits < 0n ? -digits : digits;
  const units = (magnitude * 2n + unit) / (unit * 2n);
  return digits < 0n ? -units : units;
}

export const arithmetic = {
  plus: (left: unknown, right: unknown) => {
    const { a, b, scale, isFloat } = aligned(left, right);
    return numberOf({ digits: a + b, scale, isFloat });
  },
  minus: (left: unknown, right: unknown) => {
    const { a, b, scale, isFloat } = aligned(left, right);
    return numberOf({ digits: a - b, scale, isFloat });
  },
  times: (left: unknown, right: unknown) => {
    const [one, other] = [decimalOf(left), decimalOf(right)];
    return numberOf({
      digits: one.digits * other.digits,
      scale: one.scale + other.scale,
      isFloat: one.isFloat || other.isFloat,
    });
  },
  divided_by: (left: unknown, right: unknown) => {
    const { a, b, isFloat } = aligned(left, right);
    if (b === 0n) throw new Error("divided by 0");
    if (!isFloat) return numberOf({ digits: floorQuotient(a, b), scale: 0, isFloat });
    return numberOf({
      digits: (a * 10n ** BigInt(QUOTIENT_DIGITS)) / b,
      scale: QUOTIENT_DIGITS,
      isFloat,
    });
  },
  modulo: (left: unknown, right: unknown) => {
    const { a, b, scale, isFloat } = aligned(left, right);
    if (b === 0n) throw new Error("divided by 0");
    return numberOf({ digits: a - floorQuotient(a, b) * b, scale, isFloat });
  },
  abs: (value: unknown) => {
    const decimal = decimalOf(value);
    return numberOf({ ...decimal, digits: decimal.digits < 0n ? -decimal.digits : decimal.digits });
  },
  at_least: (value: unknown, least: unknown) => {
    const { a, b } = aligned(value, least);
    return numberOf(decimalOf(a < b ? least : value));
  },
  at_most: (value: unknown, most: unknown) => {
    const { a, b } = aligned(value, most);
    return numberOf(decimalOf(a > b ? most : value));
  },
  ceil: (value: unknown) => {
    const { digits, scale } = decimalOf(value);
    return numberOf({ digits: -floorQuotient(-digits, 10n ** BigInt(scale)), scale: 0, isFloat: false });
  },
  floor: (value: unknown) => {
    const { digits, scale } = decimalOf(value);
    return numberOf({ digits: floorQuotient(digits, 10n ** BigInt(scale)), scale: 0, isFloat: false });
  },
  round: (value: unknown, places: unknown = 0) => {
    const decimal = decimalOf(value);
    const kept = Math.max(0, Number(decimalOf(places).digits));
    if (decimal.scale <= kept) return numberOf(kept === 0 ? { ...decimal, isFloat: false } : decimal);
    const digits = rounded(decimal.digits, 10n ** BigInt(decimal.scale - kept));
    return numberOf({ digits, scale: kept, isFloat: kept > 0 });
  },
} as const;

/** JSON as Liquid reads it: 1.0 is a float, 1 an integer. */
export function parseLiquidJson(text: string): unknown {
  const revive = (_key: string, value: unknown, { source }: { source?: string }) =>
    typeof value === "number" && source !== undefined && /[.eE]/.test(source)
      ? new LiquidFloat(value)
      : value;
  return JSON.parse(text, revive as (key: string, value: unknown) => unknown);
}

/** For comparisons: a number with its sort, else the value itself. */
export function comparable(value: unknown): unknown {
  return value instanceof LiquidFloat ? value.value : value;
}
