/**
 * The life of a redemption, as values: what an event makes of it, and what it does to the points. The same event twice is one. The
 * order that a code was used on is the last word, also about a code that was thought unused.
 */

export type RedemptionStatus = "reserved" | "issued" | "used" | "cancelled" | "expired" | "failed";

export interface RedemptionState {
  status: RedemptionStatus;
  usedOrderId: number | null;
  /** The points have gone back to the member. */
  isRestored: boolean;
}

export type RedemptionEvent =
  | { happened: "issued" }
  /** Shopify refused for good. */
  | { happened: "refused" }
  /** It was made sure before that the code cannot be used any more. */
  | { happened: "cancelled" }
  | { happened: "expired-unused"; returnsPoints: boolean }
  /** What was promised was done without an order: the cause is owed it, the shop has confirmed it, or its day is over. */
  | { happened: "fulfilled" }
  /** The merchant takes back what was given without an order. */
  | { happened: "undone" }
  | { happened: "used"; orderId: number };

/** What is done with the points. */
type PointsEffect = "none" | "restore" | "take-again";

export type RedemptionStep =
  | { ok: true; state: RedemptionState; points: PointsEffect }
  | { ok: false; reason: "already-used" | "already-over" };

/** Points are taken when it is reserved, before Shopify is asked for anything. */
export const RESERVED: RedemptionState = { status: "reserved", usedOrderId: null, isRestored: false };

export function afterEvent(state: RedemptionState, event: RedemptionEvent): RedemptionStep {
  switch (event.happened) {
    case "issued":
      return state.status === "reserved" ? moved(state, "issued") : { ok: true, state, points: "none" };
    case "refused":
      return ended(state, "failed", state.status === "reserved");
    case "cancelled":
      return ended(state, "cancelled", isPending(state));
    case "expired-unused":
      return ended(state, "expired", isPending(state), event.returnsPoints);
    case "fulfilled":
      return fulfilled(state);
    case "undone":
      return isFulfilled(state)
        ? ended({ ...state, status: "issued" }, "cancelled", true)
        : ended(state, "cancelled", isPending(state));
    case "used":
      return used(state, event.orderId);
  }
}

function isPending({ status }: RedemptionState): boolean {
  return status === "reserved" || status === "issued";
}

function isFulfilled({ status, usedOrderId }: RedemptionState): boolean {
  return status === "used" && usedOrderId === null;
}

function fulfilled(state: RedemptionState): RedemptionStep {
  if (isFulfilled(state)) return { ok: true, state, points: "none" };
  if (state.status === "used") return { ok: false, reason: "already-used" };
  return isPending(state) ? moved(state, "used") : { ok: false, reason: "already-over" };
}

function moved(state: RedemptionState, status: RedemptionStatus): RedemptionStep {
  return { ok: true, state: { ...state, status }, points: "none" };
}

function ended(
  state: RedemptionState,
  status: "failed" | "cancelled" | "expired",
  isPossible: boolean,
  returnsPoints = true,
): RedemptionStep {
  if (state.status === status) return { ok: true, state, points: "none" };
  if (state.status === "used") return { ok: false, reason: "already-used" };
  if (!isPossible) return { ok: false, reason: "already-over" };
  if (!returnsPoints) return moved(state, status);
  return { ok: true, state: { ...state, status, isRestored: true }, points: "restore" };
}

function used(state: RedemptionState, orderId: number): RedemptionStep {
  if (state.status === "used") {
    return state.usedOrderId === orderId
      ? { ok: true, state, points: "none" }
      : { ok: false, reason: "already-used" };
  }
  const points = state.isRestored ? "take-again" : "none";
  return { ok: true, state: { status: "used", usedOrderId: orderId, isRestored: false }, points };
}
