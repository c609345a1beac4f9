/** What an order has brought its buyer, for the moments after it in which the customer's metafields do not know it yet. */
import { lotsOfOrder } from "../../db/queries/order-lots.server.ts";
import { ownOrder } from "../../db/queries/own-order.server.ts";
import { orderAccruals } from "../../db/stores/order-accruals.server.ts";
import type { Database } from "../../db/types.ts";
import type { ShopperOutcome } from "../storefront/shopper-outcome.ts";

export async function tellOrder(
  db: Database,
  shopId: number,
  customerId: number,
  orderId: number,
  now = Date.now(),
): Promise<ShopperOutcome> {
  const order = await ownOrder(db, shopId, orderId, customerId);
  const accrual = (await orderAccruals(db, shopId, [orderId])).get(orderId);
  if (!order || !accrual) return { ok: false, reason: "not-yet" };
  const lots = await lotsOfOrder(db, shopId, orderId, accrual.accrued.changes);
  // What is due is done already, whenever a job comes by to write it.
  const waiting = lots.filter(({ pending, ripensAt }) => pending > 0 && ripensAt > now);
  const ripensAt = Math.min(...waiting.map((lot) => lot.ripensAt));
  return {
    ok: true,
    points: accrual.target.points,
    pending: waiting.reduce((sum, { pending }) => sum + pending, 0),
    ripensAt: waiting.length > 0 ? new Date(ripensAt).toISOString() : null,
    /** Else the points wait until the customer joins. */
    member: accrual.memberId !== null,
  };
}
