/** Earning rules as they are being typed: words in fields until they make sense. */
import type { EarningRules } from "../../core/loyalty/programme.ts";
import { RULE_BOUNDS } from "../../core/loyalty/rule-bounds.ts";
import { currencyDecimals, formatMinor, parseMinor } from "../../core/money.ts";
import type { Show } from "../frame/show.ts";
import { readSpecials, typedSpecials, type SpecialFaults, type TypedSpecials } from "./typed-specials.ts";

type Chosen = Pick<EarningRules, "basis" | "includeTax" | "includeShipping" | "rounding" | "returnSpent">;

export interface TypedRules extends Chosen, TypedSpecials {
  points: string;
  amount: string;
  windowDays: string;
  /** Empty: never. */
  expiryMonths: string;
  firstOrderPoints: string;
}

export type TypedField = Exclude<keyof TypedRules, keyof Chosen | keyof TypedSpecials>;

/** In which money and by whose days the fields are read. */
type Shop = Pick<Show, "currency" | "timeZone">;

export function typedRules(rules: EarningRules, { currency, timeZone }: Shop): TypedRules {
  const { basis, includeTax, includeShipping, rounding, returnSpent, base } = rules;
  return {
    ...{ basis, includeTax, includeShipping, rounding, returnSpent },
    ...typedSpecials(rules, timeZone),
    points: String(base.points),
    amount: formatMinor(base.perMinor, currency),
    windowDays: String(rules.windowDays),
    expiryMonths: rules.expiryMonths === null ? "" : String(rules.expiryMonths),
    firstOrderPoints: String(rules.firstOrderPoints),
  };
}

export type ReadRules =
  | { ok: true; rules: Omit<EarningRules, "isAccruing"> }
  | { ok: false; faults: Partial<Record<TypedField, string>>; specialFaults: SpecialFaults };

export function readRules(typed: TypedRules, { currency, timeZone }: Shop): ReadRules {
  const read = readPlain(typed, currency);
  const { specials, faults: specialFaults } = readSpecials(typed, timeZone);
  if (!read.ok) return { ...read, specialFaults };
  if (Object.keys(specialFaults).length > 0) return { ok: false, faults: {}, specialFaults };
  return { ok: true, rules: { ...read.rules, ...specials } };
}

type ReadPlain =
  | { ok: true; rules: Omit<EarningRules, "isAccruing" | keyof TypedSpecials> }
  | { ok: false; faults: Partial<Record<TypedField, string>> };

function readPlain(typed: TypedRules, currency: string): ReadPlain {
  const { basis, includeTax, includeShipping, rounding, returnSpent } = typed;
  const points = wholeNumber(typed.points, RULE_BOUNDS.points);
  const perMinor = amountOf(typed.amount, currency);
  const windowDays = wholeNumber(typed.windowDays, RULE_BOUNDS.windowDays);
  const isForEver = typed.expiryMonths.trim() === "";
  const expiryMonths = isForEver ? null : wholeNumber(typed.expiryMonths, RULE_BOUNDS.expiryMonths);
  const firstOrderPoints = wholeNumber(typed.firstOrderPoints, RULE_BOUNDS.firstOrderPoints);
  const isExpiryRead = isForEver || expiryMonths !== null;
  if (
    points !== null &&
    perMinor !== null &&
    windowDays !== null &&
    isExpiryRead &&
    firstOrderPoints !== null
  ) {
    const base = { points, perMinor };
    const chosen = { basis, includeTax, includeShipping, rounding, returnSpent };
    return { ok: true, rules: { ...chosen, base, windowDays, expiryMonths, firstOrderPoints } };
  }
  const faults: Partial<Record<TypedField, string>> = {};
  if (points === null) faults.points = wholeNumberSaid(RULE_BOUNDS.points);
  if (perMinor === null) faults.amount = amountSaid(currency);
  if (windowDays === null) faults.windowDays = wholeNumberSaid(RULE_BOUNDS.windowDays);
  if (!isExpiryRead) faults.expiryMonths = `${wholeNumberSaid(RULE_BOUNDS.expiryMonths)}, or nothing`;
  if (firstOrderPoints === null) faults.firstOrderPoints = wholeNumberSaid(RULE_BOUNDS.firstOrderPoints);
  return { ok: false, faults };
}

interface Bounds {
  least: number;
  most: number;
}

function wholeNumber(text: string, { least, most }: Bounds): number | null {
  const typed = text.trim();
  const value = /^\d{1,9}$/.test(typed) ? Number(typed) : null;
  return value !== null && value >= least && value <= most ? value : null;
}

export function wholeNumberSaid({ least, most }: Bounds): string {
  return `A whole number from ${least} to ${most}`;
}

function amountOf(text: string, currency: string): number | null {
  const minor = readAmount(text, currency);
  return minor !== null && minor >= RULE_BOUNDS.perMinor.least && minor <= RULE_BOUNDS.perMinor.most
    ? minor
    : null;
}

/** `null`: no amount. */
export function readAmount(text: string, currency: string): number | null {
  const typed = text.trim().replace(",", ".");
  return /^\d{1,9}(\.\d{1,3})?$/.test(typed) ? parseMinor(typed, currency) : null;
}

export function amountSaid(currency: string): string {
  return currencyDecimals(currency) === 0 ? "An amount such as 50" : "An amount such as 50 or 49.90";
}
