/** A shop's order columns in the form that recommendations are computed from: of all customers, or of a few. */
import type { CountedOrders } from "../metrics/counted-orders.ts";
import { ORDER_KIND } from "../metrics/counted-orders.ts";
import { stableByPosition } from "../metrics/id-index.ts";
import type { LineColumns } from "../metrics/line-columns.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import type { BasketHistory } from "./basket-history.ts";
import type { Baskets } from "./goes-with.ts";

/** What was kept: a line refunded in full is in no order here. */
export interface BoughtHistory extends BasketHistory {
  orderDay: Int32Array;
  /** Of customer c the products whose last order with them was given back: those from firstReturned[c] to before firstReturned[c + 1]. */
  firstReturned: Int32Array;
  returned: Int32Array;
}

/** What the columns' products are called in a history. */
export interface Numbering {
  productCount: number;
  /** Of each of the lines' products. */
  ofLine: Int32Array;
}

/**
 * `customers`: places among the columns' customers, whose numbers in the history are their places in this list; all of them unless told.
 * Time: one look at each order, and the lines of those asked for.
 */
export function boughtHistory(
  columns: OrderColumns,
  counted: CountedOrders,
  lines: LineColumns,
  { productCount, ofLine }: Numbering,
  customers?: Int32Array,
): BoughtHistory {
  const numbers = customers && numbersOf(customers, columns.customerIds.length);
  const customerCount = customers ? customers.length : columns.customerIds.length;
  const whose = new Int32Array(columns.orderCount);
  for (let i = 0; i < columns.orderCount; i++) {
    const isKnown = (counted.kind[i] as number) >= ORDER_KIND.first;
    const who = columns.customer[i] as number;
    whose[i] = !isKnown ? -1 : numbers ? (numbers[who] as number) : who;
  }
  const orders = stableByPosition(whose, customerCount);
  const firstOrder = new Int32Array(customerCount + 1);
  for (const order of orders) (firstOrder[(whose[order] as number) + 1] as number)++;
  for (let c = 0; c < customerCount; c++) {
    firstOrder[c + 1] = (firstOrder[c + 1] as number) + (firstOrder[c] as number);
  }

  const linesInAll = orders.reduce((sum, order) => sum + sizeOf(lines, order), 0);
  const orderDay = new Int32Array(orders.length);
  const firstLine = new Int32Array(orders.length + 1);
  const product = new Int32Array(linesInAll);
  const firstReturned = new Int32Array(customerCount + 1);
  const returned: number[] = [];
  const lastKept = new Map<number, boolean>();
  let kept = 0;
  for (let c = 0; c < customerCount; c++) {
    lastKept.clear();
    for (let o = firstOrder[c] as number; o < (firstOrder[c + 1] as number); o++) {
      const order = orders[o] as number;
      orderDay[o] = columns.day[order] as number;
      for (let line = lines.start[order] as number; line < (lines.start[order + 1] as number); line++) {
        const p = ofLine[lines.product[line] as number] as number;
        const isReturned = wasReturned(lines, line);
        if (!isReturned) product[kept++] = p;
        if (isReturned || lastKept.size > 0) lastKept.set(p, !isReturned);
      }
      firstLine[o + 1] = kept;
    }
    for (const [p, isKept] of lastKept) if (!isKept) returned.push(p);
    firstReturned[c + 1] = returned.length;
  }
  return {
    customerCount,
    productCount,
    firstOrder,
    firstLine,
    product: product.slice(0, kept),
    orderDay,
    firstReturned,
    returned: Int32Array.from(returned),
  };
}

/** Every order's products, guests' too. */
export function basketsOf(
  columns: OrderColumns,
  counted: CountedOrders,
  lines: LineColumns,
  { productCount, ofLine }: Numbering,
): Baskets {
  const firstLine = new Int32Array(columns.orderCount + 1);
  const product = new Int32Array(lines.product.length);
  let kept = 0;
  for (let i = 0; i < columns.orderCount; i++) {
    if (counted.kind[i] !== ORDER_KIND.leftOut) {
      for (let line = lines.start[i] as number; line < (lines.start[i + 1] as number); line++) {
        product[kept++] = ofLine[lines.product[line] as number] as number;
      }
    }
    firstLine[i + 1] = kept;
  }
  return { productCount, firstLine, product: product.slice(0, kept) };
}

/** Refunded in full, whether or not the goods came back; of what cost nothing nobody knows. */
export function wasReturned({ netMinor, refundMinor }: LineColumns, line: number): boolean {
  const net = netMinor[line] as number;
  return net > 0 && (refundMinor[line] as number) >= net;
}

function sizeOf({ start }: LineColumns, order: number): number {
  return (start[order + 1] as number) - (start[order] as number);
}

/** Of each customer of the columns the place in the list, -1 where it is not in it. */
function numbersOf(customers: Int32Array, count: number): Int32Array {
  const numbers = new Int32Array(count).fill(-1);
  customers.forEach((customer, number) => (numbers[customer] = number));
  return numbers;
}
