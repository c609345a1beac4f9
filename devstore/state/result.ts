/** What an action answers: its value, or why it could not be done, with nothing changed. */

export type FailureReason =
  /** The input is malformed or out of its range. */
  | "invalid"
  | "not-found"
  /** The name or key is used already. */
  | "taken"
  /** The thing is not in a state in which this can happen. */
  | "wrong-state"
  /** More than there is left: quantity, money, shipping. */
  | "exceeds"
  /** Someone else changed it in between. */
  | "stale";

export interface Failure {
  ok: false;
  reason: FailureReason;
  /** A sentence that a person can read, as in Shopify's userErrors. */
  message: string;
  /** Path of the input that it is about. */
  field: string[] | null;
}

export type Result<T> = { ok: true; value: T } | Failure;

export function succeed<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

export function fail(reason: FailureReason, message: string, field: string[] | null = null): Failure {
  return { ok: false, reason, message, field };
}
