/**
 * What orders say of redemptions, in the transaction that saves the orders: the one that carries a code has used it, and of the points
 * spent on an order that is cancelled or refunded some come back.
 */
import type { Order } from "../../core/order.ts";
import { versionAt } from "../../core/loyalty/programme.ts";
import { returnedPoints } from "../../core/loyalty/returned-points.ts";
import { findProgramme, type Programme } from "../../db/stores/programmes.server.ts";
import { redemptionsOfOrders } from "../../db/stores/redemptions.server.ts";
import type { Transaction } from "../../db/types.ts";
import { log } from "../../observability/log.server.ts";
import { lockRedemption, redemptionEvent, returnPoints } from "./change-redemption.server.ts";

type SettledOrder = Pick<
  Order,
  "id" | "placedAt" | "discountCodes" | "lines" | "refunds" | "cancelledAt" | "financialStatus"
>;

export async function settleOrderRedemptions(
  tx: Transaction,
  shopId: number,
  orders: readonly SettledOrder[],
  now: number,
): Promise<void> {
  const redemptions = await redemptionsOfOrders(tx, shopId, orders);
  if (redemptions.length === 0) return;
  const programme = await findProgramme(tx, shopId);
  // In one order of members, so that two who lock several wait for each other and not in a circle.
  for (const { id, code, usedOrderId } of redemptions.toSorted((a, b) => a.memberId - b.memberId)) {
    const order =
      orders.find((each) => each.id === usedOrderId) ?? orders.find((each) => carries(each, code));
    if (order) await settleOne(tx, shopId, id, order, policyOf(programme, order), now);
  }
}

function carries({ discountCodes }: SettledOrder, code: string): boolean {
  return discountCodes.some((each) => each.toUpperCase() === code);
}

function policyOf(programme: Programme | null, { placedAt }: SettledOrder) {
  return versionAt(programme?.versions ?? [], placedAt)?.rules.returnSpent ?? "in-proportion";
}

async function settleOne(
  tx: Transaction,
  shopId: number,
  id: string,
  order: SettledOrder,
  policy: ReturnType<typeof policyOf>,
  now: number,
): Promise<void> {
  const used = await redemptionEvent(tx, shopId, id, { happened: "used", orderId: order.id }, now);
  if (!used.ok) {
    log.warn({ shopId, redemptionId: id, orderId: order.id }, "a code was used on two orders");
    return;
  }
  const redemption = await lockRedemption(tx, shopId, id);
  const due = returnedPoints(order, redemption.points, policy) - redemption.returnedPoints;
  if (due > 0) await returnPoints(tx, shopId, redemption, "return-spent", due, now);
}
