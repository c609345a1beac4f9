/** Says once, for all figures, which orders count and which of them is a customer's first. */
import { ORDER_FLAGS } from "../order-flags.ts";
import type { OrderColumns } from "./order-columns.ts";

/** What an order is to the figures. */
export const ORDER_KIND = { leftOut: 0, guest: 1, first: 2, repeat: 3 } as const;

export interface CountedOrders {
  /** ORDER_KIND per order. */
  readonly kind: Uint8Array;
  /** Per customer: day of the first counted order, `NO_DAY` without one. */
  readonly firstDay: Int32Array;
  /** Per customer: day of the second counted order, `NO_DAY` without one. */
  readonly secondDay: Int32Array;
  /** Per customer: index of the first counted order, -1 without one. */
  readonly firstOrder: Int32Array;
  readonly orders: number;
  readonly guestOrders: number;
  /** Customers with at least one counted order. */
  readonly customers: number;
  readonly leftOut: { test: number; cancelled: number; excludedCustomers: number };
  /** First and last day with a counted order; `null` without any. The last one is the end of what is observed. */
  readonly firstOrderDay: number | null;
  readonly lastOrderDay: number | null;
}

export const NO_DAY = -2_147_483_648;

/**
 * Test orders, cancelled orders and all orders of excluded customers count nowhere. An order that is several of these is
 * told once, in that order. Guests' orders count as orders and as money, but guests are not customers.
 */
export function countOrders(columns: OrderColumns): CountedOrders {
  const { orderCount, flags, customer, day, customerExcluded } = columns;
  const customerCount = columns.customerIds.length;
  const kind = new Uint8Array(orderCount);
  const firstDay = new Int32Array(customerCount).fill(NO_DAY);
  const secondDay = new Int32Array(customerCount).fill(NO_DAY);
  const firstOrder = new Int32Array(customerCount).fill(-1);
  const leftOut = { test: 0, cancelled: 0, excludedCustomers: 0 };
  let orders = 0;
  let guestOrders = 0;
  let customers = 0;
  let firstOrderDay = Infinity;
  let lastOrderDay = -Infinity;

  for (let i = 0; i < orderCount; i++) {
    const bits = flags[i] as number;
    const who = customer[i] as number;
    if ((bits & ORDER_FLAGS.test) !== 0) leftOut.test++;
    else if ((bits & ORDER_FLAGS.cancelled) !== 0) leftOut.cancelled++;
    else if (who >= 0 && customerExcluded[who] === 1) leftOut.excludedCustomers++;
    else {
      const on = day[i] as number;
      orders++;
      if (on < firstOrderDay) firstOrderDay = on;
      if (on > lastOrderDay) lastOrderDay = on;
      if (who < 0) {
        guestOrders++;
        kind[i] = ORDER_KIND.guest;
      } else if ((firstDay[who] as number) === NO_DAY) {
        customers++;
        firstDay[who] = on;
        firstOrder[who] = i;
        kind[i] = ORDER_KIND.first;
      } else {
        kind[i] = ORDER_KIND.repeat;
        if ((secondDay[who] as number) === NO_DAY) secondDay[who] = on;
      }
    }
  }
  const any = orders > 0;
  return {
    kind,
    firstDay,
    secondDay,
    firstOrder,
    orders,
    guestOrders,
    customers,
    leftOut,
    firstOrderDay: any ? firstOrderDay : null,
    lastOrderDay: any ? lastOrderDay : null,
  };
}
