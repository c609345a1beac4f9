/** Each customer's counted orders one after the other, for figures that ask what came before or after. */
import { stableByPosition } from "./id-index.ts";
import { ORDER_KIND, type CountedOrders } from "./counted-orders.ts";
import type { OrderColumns } from "./order-columns.ts";

/** Indices of the counted orders that have a customer, by customer, each customer's in the order of time. */
export function ordersByCustomer(columns: OrderColumns, counted: CountedOrders): Int32Array {
  const known = new Int32Array(columns.orderCount);
  for (let i = 0; i < columns.orderCount; i++) {
    const isOfCustomer = (counted.kind[i] as number) >= ORDER_KIND.first;
    known[i] = isOfCustomer ? (columns.customer[i] as number) : -1;
  }
  return stableByPosition(known, columns.customerIds.length);
}
