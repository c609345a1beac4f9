/**
 * Customers who are kept out of the programme, so that what it brings can be told from what would have happened anyway
 * (core/experiments/programme-effect.ts). They are drawn once; who was a member before stays one.
 */
import { isHeldOut } from "../experiments/assignment.ts";

/** Of all customers, in hundredths of a percent. */
export const HELD_OUT_SHARES: readonly number[] = [200, 500, 1_000, 2_000];
export const SUGGESTED_SHARE = 500;

export interface HoldOut {
  key: string;
  basisPoints: number;
  since: number;
  /** When it was ended; `null`: it runs. */
  until: number | null;
}

/** May not become a member now. `null`: nobody is kept out. */
export function isKeptOut(holdOut: HoldOut | null, customerId: number): boolean {
  if (!holdOut || holdOut.until !== null) return false;
  return isHeldOut(holdOut.key, customerId, holdOut.basisPoints / 10_000);
}
