/** Somebody to show a shop by: whoever came back last. */
import { ORDER_KIND, type CountedOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";

export function latestCustomer(
  { orderCount, customer, customerIds }: OrderColumns,
  { kind }: CountedOrders,
): number | null {
  let newest: number | null = null;
  for (let i = orderCount - 1; i >= 0; i--) {
    if ((kind[i] as number) < ORDER_KIND.first) continue;
    const id = customerIds[customer[i] as number] as number;
    if (kind[i] === ORDER_KIND.repeat) return id;
    newest ??= id;
  }
  return newest;
}
