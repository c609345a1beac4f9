/** One customer: what they brought, how they compare, and their orders with what came back, a page at a time. */
import { ORDER_FLAGS } from "../order-flags.ts";
import { PRODUCTS_ONLY, grossOf, marginOf, refundOf, type Included } from "./amounts.ts";
import { customerTotals, isLeftOut, type CustomerTotals } from "./customer-totals.ts";
import { addDays, dayCounts, quantileOf } from "./day-counts.ts";
import { indexOfCustomer } from "./id-index.ts";
import type { OrderColumns } from "./order-columns.ts";
import { ratio, roundHalfAway } from "./rounding.ts";

export interface CustomerHistoryOptions {
  customerId: number;
  included?: Included | undefined;
  /** Only orders that come before this one in time; the newest without it. */
  before?: number | undefined;
  size?: number | undefined;
}

export interface CustomerOrder {
  orderId: number;
  placedAt: number;
  day: number;
  /** 1 is the customer's first; `null` where the order does not count. */
  number: number | null;
  /** Days since the customer's order before this one; `null` for the first. */
  daysSince: number | null;
  isTest: boolean;
  isCancelled: boolean;
  /** gross - discounts - refunds, whether or not the order counts. */
  netMinor: number;
  refundsMinor: number;
  leadProductId: number | null;
  refunds: { day: number; minor: number }[];
}

export interface CustomerHistory {
  excluded: boolean;
  /** Orders that are neither test nor cancelled. The figures below are of these. */
  orders: number;
  leftOutOrders: number;
  grossMinor: number;
  discountMinor: number;
  refundsMinor: number;
  refundedOrders: number;
  netMinor: number;
  /** Products only, as everywhere; `null` where no cost is known and no flat margin is set. */
  marginMinor: number | null;
  /** Share of product net sales whose unit cost is known. */
  unitCostShare: number | null;
  averageOrderMinor: number | null;
  firstDay: number | null;
  lastDay: number | null;
  medianDaysBetweenOrders: number | null;
  meanDaysBetweenOrders: number | null;
  /** By net among the customers who count: 1 brought most; equal ones share a rank. `null` for those left out or without orders. */
  netRank: number | null;
  rankedCustomers: number;
  /** Newest first. */
  page: CustomerOrder[];
  /** Orders of any kind, newer and older than the page's. */
  newer: number;
  older: number;
  /** What `before` is for the page of newer orders; `null`: that one is the newest. */
  newerBefore: number | null;
}

const DEFAULT_SIZE = 25;

/** `null`: no order names this customer. */
export function customerHistory(
  columns: OrderColumns,
  options: CustomerHistoryOptions,
  totals: CustomerTotals = customerTotals(columns, options.included ?? PRODUCTS_ONLY),
): CustomerHistory | null {
  const who = indexOfCustomer(columns, options.customerId);
  if (who < 0) return null;
  const { included = PRODUCTS_ONLY } = options;
  const places = ordersOf(columns, who);
  const all = places.map((place) => customerOrder(columns, place, included));
  numberOrders(all);
  const counted = places.filter((place) => !isLeftOut(columns.flags[place] as number));
  const { cut, end, newerBefore } = pageOf(all, options);
  return {
    excluded: columns.customerExcluded[who] === 1,
    leftOutOrders: all.length - counted.length,
    ...sumsOf(columns, counted, included),
    ...rhythmOf(all),
    ...rankOf(columns, totals, who),
    page: all.slice(cut, end).reverse(),
    newer: all.length - end,
    older: cut,
    newerBefore,
  };
}

/** Places of a customer's orders, which are in the order of time. */
export function ordersOf({ customer, orderCount }: OrderColumns, who: number): number[] {
  const places: number[] = [];
  for (let i = 0; i < orderCount; i++) if (customer[i] === who) places.push(i);
  return places;
}

const DAY_MS = 86_400_000;

function customerOrder(columns: OrderColumns, place: number, included: Included): CustomerOrder {
  const flags = columns.flags[place] as number;
  const day = columns.day[place] as number;
  const product = columns.leadProduct[place] as number;
  const refunds = refundsOf(columns, place).map((refund) => ({
    day: columns.refunds.day[refund] as number,
    minor: refundOf(columns.refunds, refund, included),
  }));
  const refundsMinor = refunds.reduce((sum, { minor }) => sum + minor, 0);
  return {
    orderId: columns.orderId[place] as number,
    placedAt: day * DAY_MS + (columns.placedOffset[place] as number),
    day,
    number: null,
    daysSince: null,
    isTest: (flags & ORDER_FLAGS.test) !== 0,
    isCancelled: (flags & ORDER_FLAGS.cancelled) !== 0,
    netMinor: grossOf(columns, place, included) - (columns.discountMinor[place] as number) - refundsMinor,
    refundsMinor,
    leadProductId: product < 0 ? null : (columns.productIds[product] as number),
    refunds,
  };
}

/** Refunds are sorted by order: the first of an order's is found by halving. */
export function refundsOf({ refunds }: OrderColumns, place: number): number[] {
  let low = 0;
  let high = refunds.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((refunds.order[middle] as number) < place) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (let r = low; r < refunds.count && refunds.order[r] === place; r++) found.push(r);
  return found;
}

function numberOrders(orders: CustomerOrder[]): void {
  let number = 0;
  let last: number | null = null;
  for (const order of orders) {
    if (order.isTest || order.isCancelled) continue;
    order.number = ++number;
    // A clock set back over midnight can put the later of two orders on the earlier day.
    if (last !== null) order.daysSince = Math.max(0, order.day - last);
    last = order.day;
  }
}

function sumsOf(columns: OrderColumns, places: readonly number[], included: Included) {
  const parts = { productNetMinor: 0, costedNetMinor: 0, costMinor: 0 };
  let grossMinor = 0;
  let discountMinor = 0;
  let refundsMinor = 0;
  let refundedOrders = 0;
  for (const place of places) {
    const discount = columns.discountMinor[place] as number;
    grossMinor += grossOf(columns, place, included);
    discountMinor += discount;
    parts.productNetMinor += (columns.grossMinor[place] as number) - discount;
    parts.costedNetMinor += columns.costedNetMinor[place] as number;
    parts.costMinor += columns.costMinor[place] as number;
    const refunds = refundsOf(columns, place);
    if (refunds.length > 0) refundedOrders++;
    for (const refund of refunds) {
      refundsMinor += refundOf(columns.refunds, refund, included);
      parts.productNetMinor -= columns.refunds.productMinor[refund] as number;
    }
  }
  const netMinor = grossMinor - discountMinor - refundsMinor;
  const orders = places.length;
  return {
    orders,
    grossMinor,
    discountMinor,
    refundsMinor,
    refundedOrders,
    netMinor,
    marginMinor: orders === 0 ? null : marginOf(parts, columns.shop.flatMarginBasisPoints),
    unitCostShare: ratio(parts.costedNetMinor, parts.productNetMinor),
    averageOrderMinor: orders === 0 ? null : roundHalfAway(netMinor / orders),
  };
}

function rhythmOf(orders: readonly CustomerOrder[]) {
  const counted = orders.filter(({ number }) => number !== null);
  const days = dayCounts();
  for (const { daysSince } of counted) if (daysSince !== null) addDays(days, daysSince);
  return {
    firstDay: counted[0]?.day ?? null,
    lastDay: counted.at(-1)?.day ?? null,
    medianDaysBetweenOrders: quantileOf(days, 0.5),
    meanDaysBetweenOrders: ratio(days.sum, days.total),
  };
}

function rankOf({ customerExcluded }: OrderColumns, totals: CustomerTotals, who: number) {
  const { orders, netMinor } = totals;
  const own = netMinor[who] as number;
  let above = 0;
  let rankedCustomers = 0;
  for (let other = 0; other < orders.length; other++) {
    if (orders[other] === 0 || customerExcluded[other] === 1) continue;
    rankedCustomers++;
    if ((netMinor[other] as number) > own) above++;
  }
  const isRanked = orders[who] !== 0 && customerExcluded[who] === 0;
  return { netRank: isRanked ? above + 1 : null, rankedCustomers };
}

/** The page's orders are those from `cut` to before `end`, oldest first. An order that has gone meanwhile gives the newest page. */
function pageOf(orders: readonly CustomerOrder[], { before, size = DEFAULT_SIZE }: CustomerHistoryOptions) {
  const place = before === undefined ? -1 : orders.findIndex(({ orderId }) => orderId === before);
  const end = place < 0 ? orders.length : place;
  return { cut: Math.max(0, end - size), end, newerBefore: orders[end + size]?.orderId ?? null };
}
