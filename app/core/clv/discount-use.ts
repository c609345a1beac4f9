/**
 * How customers use discounts, by the share of their orders that had one: never (0), some (at most half), mostly (more than half).
 *
 * Worked example: of 4 orders 2 with a discount are some, 3 are mostly; a single order with one is mostly.
 */
import { ORDER_KIND, type CountedOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";

export const DISCOUNT_USES = ["never", "some", "mostly"] as const;

/** Per customer the place in DISCOUNT_USES; of all orders that count, whatever was given back of them. */
export function discountUses(
  { orderCount, customer, customerIds, discountMinor }: OrderColumns,
  { kind }: CountedOrders,
): Uint8Array {
  const orders = new Int32Array(customerIds.length);
  const discounted = new Int32Array(customerIds.length);
  for (let i = 0; i < orderCount; i++) {
    if ((kind[i] as number) < ORDER_KIND.first) continue;
    const who = customer[i] as number;
    orders[who] = (orders[who] as number) + 1;
    if ((discountMinor[i] as number) > 0) discounted[who] = (discounted[who] as number) + 1;
  }
  const uses = new Uint8Array(customerIds.length);
  for (let who = 0; who < uses.length; who++) {
    const count = discounted[who] as number;
    uses[who] = count === 0 ? 0 : 2 * count <= (orders[who] as number) ? 1 : 2;
  }
  return uses;
}
