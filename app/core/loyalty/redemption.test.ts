import { describe, expect, test } from "vitest";
import { makeLine, makeOrder, makeRefund, START } from "../../../tests/support/orders.ts";
import { afterEvent, RESERVED, type RedemptionEvent, type RedemptionState } from "./redemption.ts";
import { returnedPoints } from "./returned-points.ts";

const ISSUED = { happened: "issued" } as const;
const REFUSED = { happened: "refused" } as const;
const CANCELLED = { happened: "cancelled" } as const;
const EXPIRED = { happened: "expired-unused", returnsPoints: true } as const;
const LOST = { happened: "expired-unused", returnsPoints: false } as const;
const USED = { happened: "used", orderId: 7 } as const;

function life(events: readonly RedemptionEvent[]) {
  let state: RedemptionState = RESERVED;
  const points: string[] = [];
  for (const event of events) {
    const step = afterEvent(state, event);
    points.push(step.ok ? step.points : step.reason);
    if (step.ok) state = step.state;
  }
  return { status: state.status, points };
}

describe("a redemption", () => {
  test.each([
    [[ISSUED, USED], "used", ["none", "none"]],
    [[REFUSED, REFUSED], "failed", ["restore", "none"]],
    [[CANCELLED, CANCELLED], "cancelled", ["restore", "none"]],
    [[ISSUED, EXPIRED, EXPIRED], "expired", ["none", "restore", "none"]],
    [[ISSUED, LOST, LOST], "expired", ["none", "none", "none"]],
    [[ISSUED, USED, USED, CANCELLED], "used", ["none", "none", "none", "already-used"]],
    [[ISSUED, REFUSED], "issued", ["none", "already-over"]],
    [[CANCELLED, ISSUED, EXPIRED], "cancelled", ["restore", "none", "already-over"]],
    [[ISSUED, USED, { happened: "used", orderId: 8 }], "used", ["none", "none", "already-used"]],
    // The answer that it was issued was lost, and the code was used all the same.
    [[USED, ISSUED], "used", ["none", "none"]],
    [[CANCELLED, USED, USED], "used", ["restore", "take-again", "none"]],
    [[ISSUED, LOST, USED], "used", ["none", "none", "none"]],
  ] as [RedemptionEvent[], string, string[]][])("%j", (events, status, points) => {
    expect(life(events)).toEqual({ status, points });
  });
});

describe("points spent on an order", () => {
  const lines = [makeLine({ grossMinor: 6_000 }), makeLine({ id: 2, grossMinor: 3_000 })];
  const back = (productMinor: number) => makeOrder({ lines, refunds: [makeRefund({ productMinor })] });

  test("come back in proportion, the rest with the last refund", () => {
    const returned = [0, 1_000, 2_000, 8_999, 9_000].map((minor) =>
      returnedPoints(back(minor), 100, "in-proportion"),
    );
    expect(returned).toEqual([0, 11, 22, 99, 100]);
  });

  test("come back in full when it is cancelled, unless the merchant chose none", () => {
    const cancelled = makeOrder({ lines, cancelledAt: START });
    const policies = ["in-proportion", "on-cancellation", "none"] as const;
    expect(policies.map((policy) => returnedPoints(cancelled, 100, policy))).toEqual([100, 100, 0]);
    expect(policies.map((policy) => returnedPoints(back(4_500), 100, policy))).toEqual([50, 0, 0]);
  });

  test("count by units where the reward made everything free", () => {
    const free = makeLine({ quantity: 4, grossMinor: 4_000, discountMinor: 4_000, refundedQuantity: 1 });
    expect(returnedPoints(makeOrder({ lines: [free] }), 100, "in-proportion")).toBe(25);
  });
});
