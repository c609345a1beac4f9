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
  const counted = kindsOfOrders(columns);
  return { ...counted, ...firstOrders(columns, counted.kind) };
}

/** As if every order of a customer were a repeat. */
function kindsOfOrders({ orderCount, flags, customer, day, customerExcluded }: OrderColumns) {
  const kind = new Uint8Array(orderCount);
  const leftOut = { test: 0, cancelled: 0, excludedCustomers: 0 };
  const anyExcluded = customerExcluded.includes(1);
  let orders = 0;
  let guestOrders = 0;
  let firstOrderDay = Infinity;
  let lastOrderDay = -Infinity;
  for (let i = 0; i < orderCount; i++) {
    const bits = flags[i] as number;
    const who = customer[i] as number;
    if ((bits & ORDER_FLAGS.test) !== 0) leftOut.test++;
    else if ((bits & ORDER_FLAGS.cancelled) !== 0) leftOut.cancelled++;
    else if (anyExcluded && who >= 0 && customerExcluded[who] === 1) leftOut.excludedCustomers++;
    else {
      const on = day[i] as number;
      orders++;
      if (who < 0) guestOrders++;
      if (on < firstOrderDay) firstOrderDay = on;
      if (on > lastOrderDay) lastOrderDay = on;
      kind[i] = who < 0 ? ORDER_KIND.guest : ORDER_KIND.repeat;
    }
  }
  const hasOrders = orders > 0;
  return {
    kind,
    orders,
    guestOrders,
    leftOut,
    firstOrderDay: hasOrders ? firstOrderDay : null,
    lastOrderDay: hasOrders ? lastOrderDay : null,
  };
}

/**
 * Finds each customer's first order, which it marks, and second. Seen from the end, each order is the first so far and the one that
 * was is the second: nothing is decided by what is read, so that the processor need not wait for one customer before it fetches the next.
 */
function firstOrders({ customer, day, customerIds }: OrderColumns, kind: Uint8Array) {
  const firstOrder = new Int32Array(customerIds.length).fill(-1);
  const secondOrder = new Int32Array(customerIds.length).fill(-1);
  for (let i = kind.length - 1; i >= 0; i--) {
    if (kind[i] !== ORDER_KIND.repeat) continue;
    const who = customer[i] as number;
    secondOrder[who] = firstOrder[who] as number;
    firstOrder[who] = i;
  }
  const firstDay = new Int32Array(firstOrder.length);
  const secondDay = secondOrder;
  let customers = 0;
  for (let who = 0; who < firstOrder.length; who++) {
    const first = firstOrder[who] as number;
    const second = secondOrder[who] as number;
    if (first >= 0) {
      customers++;
      kind[first] = ORDER_KIND.first;
    }
    firstDay[who] = first < 0 ? NO_DAY : (day[first] as number);
    secondDay[who] = second < 0 ? NO_DAY : (day[second] as number);
  }
  return { firstOrder, firstDay, secondDay, customers };
}
