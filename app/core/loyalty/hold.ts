/** A reward held for one checkout: points are reserved and a code is made, until the order, its release, or the end of its time. */
import type { RewardKind } from "./reward.ts";

/** After the last touch. Longer than anybody takes to pay, and short enough for points not to be missed. */
export const HOLD_MINUTES = 60;

/** A checkout takes codes; a gift card and a credit are the customer's own money at once and could not be taken back. */
const HOLDABLE: ReadonlySet<RewardKind> = new Set([
  "amount-off",
  "percentage",
  "free-shipping",
  "free-product",
]);

export function isHoldable(kind: RewardKind): boolean {
  return HOLDABLE.has(kind);
}

/** Until when it is held if it is touched now: never beyond the end of its code. */
export function holdEnd(now: number, expiresAt: number): number {
  return Math.min(now + HOLD_MINUTES * 60_000, expiresAt);
}
