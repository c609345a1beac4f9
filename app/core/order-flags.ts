/** The yes-or-no facts of an order as bits of one integer, because a shop's order columns are folded in memory. */
import type { Order } from "./order.ts";

export const ORDER_FLAGS = {
  test: 1,
  cancelled: 2,
  draft: 4,
  subscription: 8,
  pos: 16,
  b2b: 32,
  guest: 64,
} as const;

type Flagged = Pick<Order, "isTest" | "cancelledAt" | "isDraft" | "isSubscription" | "isPos" | "isB2b">;

/** Bits of an order that belongs to `customerId`, which may differ from the order's own after a merge or an erasure. */
export function orderFlags(order: Flagged, customerId: number | null): number {
  return (
    (order.isTest ? ORDER_FLAGS.test : 0) |
    (order.cancelledAt !== null ? ORDER_FLAGS.cancelled : 0) |
    (order.isDraft ? ORDER_FLAGS.draft : 0) |
    (order.isSubscription ? ORDER_FLAGS.subscription : 0) |
    (order.isPos ? ORDER_FLAGS.pos : 0) |
    (order.isB2b ? ORDER_FLAGS.b2b : 0) |
    (customerId === null ? ORDER_FLAGS.guest : 0)
  );
}
