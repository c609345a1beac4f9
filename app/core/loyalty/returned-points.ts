/** How many of the points that were spent on an order come back when it is cancelled or refunded. */
import type { Order } from "../order.ts";
import { fraction, rounded, times } from "./fraction.ts";
import { refundedShare } from "./kept-goods.ts";
import type { EarningRules } from "./programme.ts";

/** In all so far: the ledger posts what has not come back yet, and takes none again. */
export function returnedPoints(
  order: Pick<Order, "lines" | "refunds" | "cancelledAt" | "financialStatus">,
  spentPoints: number,
  policy: EarningRules["returnSpent"],
): number {
  if (policy === "none") return 0;
  const isUndone = order.cancelledAt !== null || order.financialStatus === "voided";
  if (isUndone) return spentPoints;
  if (policy === "on-cancellation") return 0;
  // A full refund brings all back: its share is 1.
  if (order.financialStatus === "refunded") return spentPoints;
  return rounded(times(refundedShare(order), fraction(spentPoints)), "down");
}
