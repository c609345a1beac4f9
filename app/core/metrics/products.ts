/** What each product sold, and how many of its buyers came back: for anything, and for the same product. */
import { NO_DAY, ORDER_KIND, type CountedOrders } from "./counted-orders.ts";
import { ordersByCustomer } from "./customer-orders.ts";
import { addDays, dayCounts, quantileOf } from "./day-counts.ts";
import { stableByPosition } from "./id-index.ts";
import type { LineColumns } from "./line-columns.ts";
import type { OrderColumns } from "./order-columns.ts";
import { periodOf, type Period } from "./period.ts";
import { MINIMUM_CUSTOMERS, repeatRateFrom, type RepeatRate } from "./repeat-rate.ts";
import { ratio } from "./rounding.ts";

export interface ProductOptions {
  /** Orders of these days; all unless told. */
  period?: Period | undefined;
  /** Counts later orders within so many days, of buyers seen for that long; ever, unless told. */
  withinDays?: number | undefined;
  /** Products with fewer buyers have no rates. */
  minimumCustomers?: number;
}

export interface ProductFigures {
  productId: number;
  /** Orders of the period that hold the product, guests' included. */
  orders: number;
  /** Customers with such an order. */
  buyers: number;
  units: number;
  /** Net sales: after discounts and refunds. */
  netMinor: number;
  /** Refunds / sales after discounts. */
  refundRate: number | null;
  /** Buyers with any later order; `null` for too few buyers. */
  again: RepeatRate | null;
  /** Buyers with a later order of the same product. */
  same: RepeatRate | null;
  /** Of those who bought it again, from the first purchase to the next. */
  medianDaysToSame: number | null;
}

export interface Products {
  /** Products of the period's orders, by net sales. */
  products: ProductFigures[];
  /** Customers with an order of any product, for comparison. */
  all: { buyers: number; again: RepeatRate | null };
  /** Counted orders of the period, and those of them that name no product. */
  orders: number;
  ordersWithoutProduct: number;
}

export function productsOf(
  columns: OrderColumns,
  counted: CountedOrders,
  lines: LineColumns,
  options: ProductOptions = {},
): Products {
  const { minimumCustomers = MINIMUM_CUSTOMERS } = options;
  const period = periodOf(counted, options.period);
  const sold = soldIn(columns, counted, lines, period);
  const bought = boughtAgain(columns, counted, lines, period, options.withinDays ?? Infinity);
  const medians = medianPerProduct(bought.repeats, lines.productIds.length);
  const products: ProductFigures[] = [];
  lines.productIds.forEach((productId, product) => {
    const orders = sold.orders[product] as number;
    if (orders === 0) return;
    const seen = bought.seen[product] as number;
    const gross = sold.netMinor[product] as number;
    const refunds = sold.refundMinor[product] as number;
    const same = repeatRateFrom(bought.same[product] as number, seen, minimumCustomers);
    products.push({
      productId,
      orders,
      buyers: bought.buyers[product] as number,
      units: sold.units[product] as number,
      netMinor: gross - refunds,
      refundRate: ratio(refunds, gross),
      again: repeatRateFrom(bought.again[product] as number, seen, minimumCustomers),
      same,
      medianDaysToSame: same && (medians[product] ?? null),
    });
  });
  products.sort((a, b) => b.netMinor - a.netMinor || a.productId - b.productId);
  const { all } = bought;
  return {
    products,
    all: { buyers: all.buyers, again: repeatRateFrom(all.again, all.seen, minimumCustomers) },
    orders: sold.counted,
    ordersWithoutProduct: sold.withoutProduct,
  };
}

function soldIn(
  columns: OrderColumns,
  counted: CountedOrders,
  lines: LineColumns,
  { firstDay, lastDay }: Period,
) {
  const count = lines.productIds.length;
  const sold = {
    orders: new Int32Array(count),
    units: new Float64Array(count),
    netMinor: new Float64Array(count),
    refundMinor: new Float64Array(count),
    counted: 0,
    withoutProduct: 0,
  };
  const { start, product } = lines;
  for (let i = 0; i < columns.orderCount; i++) {
    const on = columns.day[i] as number;
    if (on < firstDay || on > lastDay || counted.kind[i] === ORDER_KIND.leftOut) continue;
    const end = start[i + 1] as number;
    sold.counted++;
    if (start[i] === end) sold.withoutProduct++;
    for (let line = start[i] as number; line < end; line++) {
      const what = product[line] as number;
      sold.orders[what] = (sold.orders[what] as number) + 1;
      sold.units[what] = (sold.units[what] as number) + (lines.quantity[line] as number);
      sold.netMinor[what] = (sold.netMinor[what] as number) + (lines.netMinor[line] as number);
      sold.refundMinor[what] = (sold.refundMinor[what] as number) + (lines.refundMinor[line] as number);
    }
  }
  return sold;
}

/** Product by product how long its buyers took to buy it again; the two lists are of one length. */
interface Repeats {
  product: number[];
  days: number[];
}

/**
 * A customer is looked at from their first order in the period that holds the product. What follows may lie after the period:
 * it is watched to the end of observation.
 */
function boughtAgain(
  columns: OrderColumns,
  counted: CountedOrders,
  lines: LineColumns,
  { firstDay, lastDay }: Period,
  withinDays: number,
) {
  const count = lines.productIds.length;
  const buyers = new Int32Array(count);
  const seen = new Int32Array(count);
  const again = new Int32Array(count);
  const same = new Int32Array(count);
  const all = { buyers: 0, seen: 0, again: 0 };
  const repeats: Repeats = { product: [], days: [] };
  const lastSeenDay = (counted.lastOrderDay ?? 0) - (Number.isFinite(withinDays) ? withinDays : 0);

  const { day, customer } = columns;
  const { start, product } = lines;
  const order = ordersByCustomer(columns, counted);
  // Of each product: whom it was last counted for, and on which day; NO_DAY once that customer has bought it again.
  const whose = new Int32Array(count).fill(-1);
  const boughtOn = new Int32Array(count);
  let before = -1;
  for (let position = 0; position < order.length; position++) {
    const i = order[position] as number;
    const who = customer[i] as number;
    const on = day[i] as number;
    const next = order[position + 1];
    const waited =
      next === undefined || customer[next] !== who ? Infinity : daysFrom(on, day[next] as number);
    const isSeen = on <= lastSeenDay;
    const comesBack = isSeen && waited !== Infinity && waited <= withinDays;
    const inPeriod = on >= firstDay && on <= lastDay;
    const end = start[i + 1] as number;
    if (inPeriod && who !== before && end > (start[i] as number)) {
      before = who;
      all.buyers++;
      if (isSeen) all.seen++;
      if (comesBack) all.again++;
    }
    for (let line = start[i] as number; line < end; line++) {
      const what = product[line] as number;
      if (whose[what] !== who) {
        if (!inPeriod) continue;
        whose[what] = who;
        boughtOn[what] = isSeen ? on : NO_DAY;
        buyers[what] = (buyers[what] as number) + 1;
        if (isSeen) seen[what] = (seen[what] as number) + 1;
        if (comesBack) again[what] = (again[what] as number) + 1;
      } else if (boughtOn[what] !== NO_DAY) {
        const days = daysFrom(boughtOn[what] as number, on);
        boughtOn[what] = NO_DAY;
        if (days > withinDays) continue;
        same[what] = (same[what] as number) + 1;
        repeats.product.push(what);
        repeats.days.push(days);
      }
    }
  }
  return { buyers, seen, again, same, all, repeats };
}

/** A clock set back over midnight can put the later of two orders on the earlier day. */
function daysFrom(earlier: number, later: number): number {
  return Math.max(0, later - earlier);
}

function medianPerProduct({ product, days }: Repeats, count: number): (number | null)[] {
  const medians = new Array<number | null>(count).fill(null);
  const sorted = stableByPosition(Int32Array.from(product), count);
  let end = 0;
  for (let from = 0; from < sorted.length; from = end) {
    const what = product[sorted[from] as number] as number;
    const taken = dayCounts();
    for (end = from; end < sorted.length && product[sorted[end] as number] === what; end++) {
      addDays(taken, days[sorted[end] as number] as number);
    }
    medians[what] = quantileOf(taken, 0.5);
  }
  return medians;
}
