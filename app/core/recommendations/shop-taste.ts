/**
 * What all of a shop's orders say about its products, learnt at once and kept: what one customer is shown follows from it and from their own orders
 * of the moment, so a new order needs only its customer's lists anew.
 *
 * What sells now is each product's orders, each weighing half as much for every HALF_LIFE_DAYS that it is older than the shop's newest. A product
 * is often returned where the share of its lines that were refunded in full surely (Wilson, 95%) exceeds both OFTEN and TIMES_USUAL times the shop's own.
 */
import { ORDER_KIND, type CountedOrders } from "../metrics/counted-orders.ts";
import type { LineColumns } from "../metrics/line-columns.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import { wilsonInterval } from "../metrics/wilson.ts";
import { orderCounts } from "./basket-history.ts";
import { basketsOf, boughtHistory, wasReturned } from "./bought-columns.ts";
import { coPurchases, type CoPurchases } from "./co-purchases.ts";
import { usualGaps } from "./due-dates.ts";
import { goesWith, type GoesWith } from "./goes-with.ts";
import { rebuyRates, type RebuyRates } from "./rebuy-rates.ts";

const HALF_LIFE_DAYS = 14;
const OFTEN = 0.1;
const TIMES_USUAL = 2;
/** Learnt anew when it is so old, or when so large a share of orders has come since. */
const STALE_AFTER_MS = 6 * 3_600_000;
const STALE_GROWTH = 0.05;
/** What is learnt in a blink is learnt at every change. */
const ALWAYS_ANEW_BELOW = 20_000;

export interface ShopTaste {
  /** Ascending; a product's place is its number in all of the columns below. */
  productIds: Float64Array;
  /** Orders that customers placed with each product. */
  popularity: Float64Array;
  sellsNow: Float64Array;
  isOftenReturned: Uint8Array;
  rates: RebuyRates;
  /** Of each product; NaN where it is no consumable. */
  usualGap: Float64Array;
  near: CoPurchases;
  goesWith: GoesWith;
  /** Of what it was learnt. */
  orders: number;
  orderId: Float64Array;
  learntAt: number;
}

export function learnTaste(columns: OrderColumns, counted: CountedOrders, lines: LineColumns): ShopTaste {
  const productCount = lines.productIds.length;
  const numbering = { productCount, ofLine: Int32Array.from(lines.productIds.keys()) };
  const history = boughtHistory(columns, counted, lines, numbering);
  return {
    productIds: lines.productIds,
    popularity: orderCounts(history),
    ...sales(columns, counted, lines),
    rates: rebuyRates(history),
    usualGap: usualGaps(history),
    near: coPurchases(history),
    goesWith: goesWith(basketsOf(columns, counted, lines, numbering)),
    orders: columns.orderCount,
    orderId: columns.orderId,
    learntAt: columns.shop.readAt,
  };
}

export function isFresh(taste: ShopTaste, { orderId, orderCount, shop }: OrderColumns): boolean {
  if (taste.orderId === orderId) return true;
  if (orderCount < ALWAYS_ANEW_BELOW) return false;
  const growth = Math.abs(orderCount - taste.orders) / taste.orders;
  return growth < STALE_GROWTH && shop.readAt - taste.learntAt < STALE_AFTER_MS;
}

function sales(columns: OrderColumns, counted: CountedOrders, lines: LineColumns) {
  const productCount = lines.productIds.length;
  const sellsNow = new Float64Array(productCount);
  const sold = new Int32Array(productCount);
  const returned = new Int32Array(productCount);
  for (let i = 0; i < columns.orderCount; i++) {
    if (counted.kind[i] === ORDER_KIND.leftOut) continue;
    const age = (counted.lastOrderDay ?? 0) - (columns.day[i] as number);
    const weight = 0.5 ** (age / HALF_LIFE_DAYS);
    for (let line = lines.start[i] as number; line < (lines.start[i + 1] as number); line++) {
      const p = lines.product[line] as number;
      sellsNow[p] = (sellsNow[p] as number) + weight;
      (sold[p] as number)++;
      if (wasReturned(lines, line)) (returned[p] as number)++;
    }
  }
  const soldInAll = sold.reduce((sum, count) => sum + count, 0);
  const usual = soldInAll === 0 ? 0 : returned.reduce((sum, count) => sum + count, 0) / soldInAll;
  const often = Math.max(OFTEN, TIMES_USUAL * usual);
  const isOftenReturned = Uint8Array.from(sold, (count, p) =>
    count > 0 && wilsonInterval(returned[p] as number, count).low > often ? 1 : 0,
  );
  return { sellsNow, isOftenReturned };
}

/** The same taste with `more` products that nobody had bought when it was learnt, numbered on. */
export function withMoreProducts(taste: ShopTaste, more: readonly number[]): ShopTaste {
  if (more.length === 0) return taste;
  const { rates, near, goesWith } = taste;
  const room = more.length;
  const isOftenReturned = new Uint8Array(taste.isOftenReturned.length + room);
  isOftenReturned.set(taste.isOftenReturned);
  return {
    ...taste,
    productIds: joinedIds(taste.productIds, more),
    popularity: padded(taste.popularity, room, 0),
    sellsNow: padded(taste.sellsNow, room, 0),
    isOftenReturned,
    rates: { ...rates, again: padded(rates.again, room, rates.usual), first: padded(rates.first, room, 0) },
    usualGap: padded(taste.usualGap, room, NaN),
    near: { ...near, first: paddedByLast(near.first, room) },
    goesWith: { ...goesWith, first: paddedByLast(goesWith.first, room) },
  };
}

function padded(values: Float64Array, room: number, by: number): Float64Array {
  const longer = new Float64Array(values.length + room).fill(by, values.length);
  longer.set(values);
  return longer;
}

function paddedByLast(first: Int32Array, room: number): Int32Array {
  const longer = new Int32Array(first.length + room).fill(first.at(-1) ?? 0, first.length);
  longer.set(first);
  return longer;
}

function joinedIds(ids: Float64Array, more: readonly number[]): Float64Array {
  const joined = new Float64Array(ids.length + more.length);
  joined.set(ids);
  joined.set(more, ids.length);
  return joined;
}
