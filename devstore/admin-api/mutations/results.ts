/** From what an action answers to what a mutation's payload says. */
import type { FailureReason, Result } from "../../state/result.ts";
import { notSimulated, userError, type UserError } from "../errors.ts";
import { parseGid } from "../ids.ts";

const CODES: Record<FailureReason, string> = {
  invalid: "INVALID",
  "not-found": "NOT_FOUND",
  taken: "TAKEN",
  "wrong-state": "INVALID",
  exceeds: "INVALID",
  stale: "INVALID",
};

/** The payload's userErrors; `field` takes the place of the action's own name of the input. */
export function userErrorsOf(result: Result<unknown>, field?: string[]): UserError[] {
  if (result.ok) return [];
  return [userError(field ?? result.field, result.message, CODES[result.reason])];
}

/** The number of a global id; 0, which nothing has, for anything else. */
export function idOf(id: unknown): number {
  return parseGid(String(id))?.id ?? 0;
}

/** Refuses loudly what an input names and the state cannot carry. */
export function onlyKnows(input: object, type: string, known: readonly string[]): void {
  for (const [key, value] of Object.entries(input)) {
    const empty =
      value === null ||
      value === undefined ||
      value === false ||
      (Array.isArray(value) && value.length === 0);
    if (!empty && !known.includes(key)) throw notSimulated(`${type}.${key}`);
  }
}
