/** A shop's orders as the models read them: who bought on which day, and what of it stayed with the shop. */
import { grossOf, PRODUCTS_ONLY, refundOf, type Included } from "../metrics/amounts.ts";
import { countOrders, ORDER_KIND, type CountedOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import type { Transactions } from "./purchase-statistics.ts";

export interface ShopPurchases extends Transactions {
  /** Index into `columns.customerIds`. */
  readonly customer: Int32Array;
  readonly day: Int32Array;
  /** Minor units: gross - discounts - refunds, at the order's date; at least 0. */
  readonly amount: Float64Array;
}

/** The orders that count and have a customer. An order given back whole remains a purchase, of an amount of 0. */
export function shopPurchases(
  columns: OrderColumns,
  counted: CountedOrders = countOrders(columns),
  included: Included = PRODUCTS_ONLY,
): ShopPurchases {
  const { orderCount, customer, day, discountMinor, refunds, customerIds } = columns;
  const { kind } = counted;
  const placeOf = new Int32Array(orderCount).fill(-1);
  let count = 0;
  for (let i = 0; i < orderCount; i++) if ((kind[i] as number) >= ORDER_KIND.first) placeOf[i] = count++;
  const purchases = {
    customers: customerIds.length,
    customer: new Int32Array(count),
    day: new Int32Array(count),
    amount: new Float64Array(count),
  };
  for (let i = 0; i < orderCount; i++) {
    const place = placeOf[i] as number;
    if (place < 0) continue;
    purchases.customer[place] = customer[i] as number;
    purchases.day[place] = day[i] as number;
    purchases.amount[place] = grossOf(columns, i, included) - (discountMinor[i] as number);
  }
  for (let r = 0; r < refunds.count; r++) {
    const place = placeOf[refunds.order[r] as number] as number;
    if (place < 0) continue;
    purchases.amount[place] = (purchases.amount[place] as number) - refundOf(refunds, r, included);
  }
  // What was given back beyond the order's price says nothing of the next order.
  purchases.amount.forEach((minor, place) => (purchases.amount[place] = Math.max(0, minor)));
  return purchases;
}
