/** What asking for a reward can come to, and how Shopify's refusals are read. */
import { ShopifyError } from "../shopify-error.ts";

export type Granted =
  | { ok: true; shopifyId: number }
  /** For good: asking again changes nothing. */
  | { ok: false; reason: "refused"; codes: readonly string[] }
  /** The merchant has not granted, or has taken back, what this kind of reward needs. Nothing was done by this question. */
  | { ok: false; reason: "scope-missing" };

export interface PayloadError {
  code?: string | null;
  field?: readonly string[] | null;
  message: string;
}

export function codesOf(errors: readonly PayloadError[]): string[] {
  return errors.map(({ code }) => code ?? "INVALID");
}

/** Shopify's own trouble, which passes. */
const PASSING = new Set(["INTERNAL_ERROR"]);

/** A refusal for good is an answer; one that passes is an error that says to come back. */
export function refusal(errors: readonly PayloadError[]): Granted {
  const codes = codesOf(errors);
  if (codes.length === 0) throw new ShopifyError("server", "Shopify answered a reward with nothing.");
  if (codes.some((code) => PASSING.has(code)))
    throw new ShopifyError("server", "Shopify could not make the reward now.", { codes });
  return { ok: false, reason: "refused", codes };
}

/** A missing scope is a value; every other error goes on. */
export async function orScopeMissing<T>(
  work: Promise<T>,
): Promise<T | { ok: false; reason: "scope-missing" }> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ShopifyError && error.codes.includes("ACCESS_DENIED"))
      return { ok: false, reason: "scope-missing" };
    throw error;
  }
}
