/** Joins what the mapper of orders needs of a shop: its days and its currency. What goods cost is known where rows are written. */
import { shopCalendar } from "../../core/calendar.ts";
import type { Order } from "../../core/order.ts";
import { mapOrder } from "../../shopify/mapping.ts";
import type { OrderNode } from "../../shopify/order-nodes.ts";

export type OrderMapper = (node: OrderNode) => Order;

export function orderMapper({ timeZone, currency }: { timeZone: string; currency: string }): OrderMapper {
  const context = { calendar: shopCalendar(timeZone), currency };
  return (node) => mapOrder(node, context);
}
