/** The first and last day of a shop on which anything counts: an order, or a refund of one. */
import { ORDER_KIND, type CountedOrders } from "./counted-orders.ts";
import type { OrderColumns } from "./order-columns.ts";
import type { Bounds } from "./view.ts";

export function boundsOf({ refunds }: OrderColumns, counted: CountedOrders): Bounds {
  let lastDay = counted.lastOrderDay;
  for (let r = 0; r < refunds.count; r++) {
    const on = refunds.day[r] as number;
    const counts = counted.kind[refunds.order[r] as number] !== ORDER_KIND.leftOut;
    if (counts && lastDay !== null && on > lastDay) lastDay = on;
  }
  return { firstDay: counted.firstOrderDay, lastDay };
}
