/** What each customer's counted orders came to, day by day, so that the sales of any stretch of days are two look-ups. */
import { refundOf, grossOf, type Included } from "../metrics/amounts.ts";
import type { CountedOrders } from "../metrics/counted-orders.ts";
import { ordersByCustomer } from "../metrics/customer-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";

export interface CustomerSales {
  /** Where a customer's orders begin below; one more than customers. */
  from: Int32Array;
  /** Of each order, by customer and in the order of time. */
  day: Int32Array;
  /** Indices into the columns. */
  order: Int32Array;
  /** Of the customer's orders up to and including this one: net sales, refunds taken off the order that they are of, and margin of products. */
  netMinor: Float64Array;
  marginMinor: Float64Array;
  /** No cost is known, and there is no flat margin. */
  lacksMargin: boolean;
}

export function customerSales(
  columns: OrderColumns,
  counted: CountedOrders,
  included: Included,
): CustomerSales {
  const order = ordersByCustomer(columns, counted);
  const { refunds, shop } = columns;
  const refunded = new Float64Array(columns.orderCount);
  const refundedProducts = new Float64Array(columns.orderCount);
  for (let r = 0; r < refunds.count; r++) {
    const of = refunds.order[r] as number;
    refunded[of] = (refunded[of] as number) + refundOf(refunds, r, included);
    refundedProducts[of] = (refundedProducts[of] as number) + (refunds.productMinor[r] as number);
  }
  const flat = (shop.flatMarginBasisPoints ?? 0) / 10_000;
  const from = new Int32Array(columns.customerIds.length + 1);
  const day = new Int32Array(order.length);
  const netMinor = new Float64Array(order.length);
  const marginMinor = new Float64Array(order.length);
  let anyCost = shop.flatMarginBasisPoints !== null;
  let before = -1;
  for (let at = 0; at < order.length; at++) {
    const i = order[at] as number;
    const who = columns.customer[i] as number;
    const discount = columns.discountMinor[i] as number;
    const net = grossOf(columns, i, included) - discount - (refunded[i] as number);
    const products = (columns.grossMinor[i] as number) - discount - (refundedProducts[i] as number);
    const [costed, cost] = [columns.costedNetMinor[i] as number, columns.costMinor[i] as number];
    anyCost ||= costed !== 0 || cost !== 0;
    const isSame = who === before;
    day[at] = columns.day[i] as number;
    netMinor[at] = net + (isSame ? (netMinor[at - 1] as number) : 0);
    marginMinor[at] =
      costed - cost + (products - costed) * flat + (isSame ? (marginMinor[at - 1] as number) : 0);
    before = who;
    from[who + 1] = at + 1;
  }
  for (let who = 1; who < from.length; who++)
    from[who] = Math.max(from[who] as number, from[who - 1] as number);
  return { from, day, order, netMinor, marginMinor, lacksMargin: !anyCost };
}

/** How many of the customer's orders are of this day or earlier, as an index below: the first later one. */
export function ordersUntil({ from, day }: CustomerSales, who: number, until: number): number {
  let low = from[who] as number;
  let high = from[who + 1] as number;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((day[middle] as number) <= until) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of the customer's orders up to the place before this one. */
export function sumBefore(sums: Float64Array, { from }: CustomerSales, who: number, place: number): number {
  return place > (from[who] as number) ? (sums[place - 1] as number) : 0;
}

/** After the first day, to the last included. */
export interface Window {
  after: number;
  until: number;
}

export interface WindowSales {
  orders: number;
  netMinor: number;
  marginMinor: number;
}

export function salesWithin(sales: CustomerSales, who: number, { after, until }: Window): WindowSales {
  const [begin, end] = [ordersUntil(sales, who, after), ordersUntil(sales, who, until)];
  const of = (sums: Float64Array) => sumBefore(sums, sales, who, end) - sumBefore(sums, sales, who, begin);
  return { orders: end - begin, netMinor: of(sales.netMinor), marginMinor: of(sales.marginMinor) };
}
