/**
 * Which products are bought together in one order, and which follow one another from one order to the customer's next, against
 * what chance alone would bring.
 *
 * The work is bounded whatever the shop: of the products that reach the minimum of orders the 2,000 most ordered are compared; the
 * orders with the most products are left out where all would be more than 200 million comparisons; and where more than 10,000
 * pairs reach the minimum it is raised until they do not. What was left out is told.
 */
import { ORDER_KIND, type CountedOrders } from "./counted-orders.ts";
import { ordersByCustomer } from "./customer-orders.ts";
import { liftOf, type Lift } from "./lift.ts";
import type { LineColumns } from "./line-columns.ts";
import type { OrderColumns } from "./order-columns.ts";
import { periodOf, type Period } from "./period.ts";
import { MINIMUM_CUSTOMERS, repeatRateFrom, type RepeatRate } from "./repeat-rate.ts";

export interface PairOptions {
  /** Orders of these days, and for what is bought next the earlier of the two orders; all unless told. */
  period?: Period | undefined;
  /** Counts orders after the pair within so many days, of buyers seen for that long; ever, unless told. */
  withinDays?: number | undefined;
  /** Pairs that occur less often are chance and are left out. */
  minimumOrders?: number;
  /** Pairs with fewer buyers have no repeat rate. */
  minimumCustomers?: number;
  limits?: Partial<PairLimits>;
}

/** What bounds memory and time. */
interface PairLimits {
  products: number;
  comparisons: number;
  pairs: number;
}

const LIMITS: PairLimits = { products: 2_000, comparisons: 200_000_000, pairs: 10_000 };

const MINIMUM_ORDERS = 10;

export interface ProductPair extends Lift {
  /** Together: the product with the lower id. Next: the product of the earlier order. */
  firstId: number;
  secondId: number;
  /** Orders with both; for what is bought next, orders with the first whose next order has the second. */
  orders: number;
  /** orders / observations. */
  support: number;
  /** Orders with both / orders with the first. */
  share: number;
  /** Customers of these orders. */
  buyers: number;
  /** Buyers of the pair with any order after it. */
  again: RepeatRate | null;
}

export interface ProductPairs {
  /** Orders with a product; for what is bought next, orders with a product that the customer's next order followed. */
  observations: number;
  /** Pairs of fewer orders are left out. */
  minimumOrders: number;
  /** Products that reached the minimum and were compared, and those that reached it and were too many. */
  comparedProducts: number;
  productsLeftOut: number;
  /** Left out because they hold so many products that they would cost most of the work and say least. */
  largeOrdersLeftOut: number;
  /** By the lower end of the lift's interval, largest first. */
  pairs: ProductPair[];
}

export function productsTogether(
  columns: OrderColumns,
  counted: CountedOrders,
  lines: LineColumns,
  options: PairOptions = {},
): ProductPairs {
  const { firstDay, lastDay } = periodOf(counted, options.period);
  const order = ordersByCustomer(columns, counted);
  const inPeriod = (i: number) =>
    (columns.day[i] as number) >= firstDay && (columns.day[i] as number) <= lastDay;
  function each(visit: Visit): void {
    for (let i = 0; i < columns.orderCount; i++) {
      if (counted.kind[i] === ORDER_KIND.guest && inPeriod(i)) visit(i, i, -1, -1);
    }
    for (let position = 0; position < order.length; position++) {
      const i = order[position] as number;
      if (inPeriod(i)) visit(i, i, columns.customer[i] as number, followerOf(columns, order, position));
    }
  }
  return pairsOf(columns, counted, lines, each, "together", options);
}

export function productsNext(
  columns: OrderColumns,
  counted: CountedOrders,
  lines: LineColumns,
  options: PairOptions = {},
): ProductPairs {
  const { firstDay, lastDay } = periodOf(counted, options.period);
  const order = ordersByCustomer(columns, counted);
  function each(visit: Visit): void {
    for (let position = 0; position < order.length; position++) {
      const i = order[position] as number;
      const next = followerOf(columns, order, position);
      const on = columns.day[i] as number;
      if (next < 0 || on < firstDay || on > lastDay) continue;
      visit(i, next, columns.customer[i] as number, followerOf(columns, order, position + 1));
    }
  }
  return pairsOf(columns, counted, lines, each, "next", options);
}

/** The same customer's next order, or -1. */
function followerOf({ customer }: OrderColumns, order: Int32Array, position: number): number {
  const next = order[position + 1];
  return next !== undefined && customer[next] === customer[order[position] as number] ? next : -1;
}

/**
 * One observation: the order with the first product, the order with the second (the same one for pairs bought together), whose they
 * are (-1: a guest's), and the customer's next order after both (-1: none). A customer's come one after the other.
 */
type Visit = (first: number, second: number, who: number, after: number) => void;
type Observations = (visit: Visit) => void;
type PairKind = "together" | "next";

function pairsOf(
  columns: OrderColumns,
  counted: CountedOrders,
  lines: LineColumns,
  each: Observations,
  kind: PairKind,
  options: PairOptions,
): ProductPairs {
  const { minimumOrders = MINIMUM_ORDERS, minimumCustomers = MINIMUM_CUSTOMERS } = options;
  const limits = { ...LIMITS, ...options.limits };
  const candidates = candidatesOf(lines, each, kind, Math.max(1, minimumOrders), limits.products);
  const baskets = basketsOf(lines, candidates.place);
  const largest = largestBasket(baskets, each, kind, limits.comparisons);
  const counts = countPairs(baskets, candidates.count, each, kind, largest);
  const minimum = raisedMinimum(counts.cells, Math.max(1, minimumOrders), limits.pairs);
  const found = buyersOfPairs(columns, counted, baskets, counts, minimum, each, kind, largest, options);

  const pairs: ProductPair[] = [];
  found.cells.forEach((cell, pair) => {
    const first = Math.floor(cell / candidates.count);
    const second = cell % candidates.count;
    const orders = found.orders[pair] as number;
    const firstOrders = counts.first[first] as number;
    pairs.push({
      firstId: lines.productIds[candidates.products[first] as number] as number,
      secondId: lines.productIds[candidates.products[second] as number] as number,
      orders,
      support: orders / counts.observations,
      share: orders / firstOrders,
      ...liftOf(orders, firstOrders, counts.second[second] as number, counts.observations),
      buyers: found.buyers[pair] as number,
      again: repeatRateFrom(found.again[pair] as number, found.seen[pair] as number, minimumCustomers),
    });
  });
  pairs.sort((a, b) => b.liftLow - a.liftLow || a.firstId - b.firstId || a.secondId - b.secondId);
  return {
    observations: counts.observations,
    minimumOrders: minimum,
    comparedProducts: candidates.count,
    productsLeftOut: candidates.leftOut,
    largeOrdersLeftOut: counts.largeOrders,
    pairs,
  };
}

/** The products worth comparing, by id: a pair is never more frequent than the rarer of its two. */
function candidatesOf(
  lines: LineColumns,
  each: Observations,
  kind: PairKind,
  minimumOrders: number,
  limit: number,
) {
  const { start, product } = lines;
  const firsts = new Int32Array(lines.productIds.length);
  const seconds = kind === "together" ? firsts : new Int32Array(lines.productIds.length);
  const count = (orders: Int32Array, i: number) => {
    for (let line = start[i] as number; line < (start[i + 1] as number); line++) {
      const what = product[line] as number;
      orders[what] = (orders[what] as number) + 1;
    }
  };
  each((first, second) => {
    count(firsts, first);
    if (kind === "next") count(seconds, second);
  });
  const often = (what: number) => Math.max(firsts[what] as number, seconds[what] as number);
  const frequent = Array.from(firsts.keys()).filter((what) => often(what) >= minimumOrders);
  frequent.sort((a, b) => often(b) - often(a) || a - b);
  const products = frequent.slice(0, limit).sort((a, b) => a - b);
  const place = new Int32Array(lines.productIds.length).fill(-1);
  products.forEach((what, at) => (place[what] = at));
  return { products, place, count: products.length, leftOut: frequent.length - products.length };
}

/** Per order the candidates in it, as the lines are stored: place is the candidate's. */
interface Baskets {
  start: Int32Array;
  place: Int32Array;
  /** Whether an order names any product, candidate or not. */
  hasProduct(order: number): boolean;
}

function basketsOf(lines: LineColumns, place: Int32Array): Baskets {
  const orders = lines.start.length - 1;
  const start = new Int32Array(orders + 1);
  const kept = new Int32Array(lines.product.length);
  let count = 0;
  for (let i = 0; i < orders; i++) {
    for (let line = lines.start[i] as number; line < (lines.start[i + 1] as number); line++) {
      const at = place[lines.product[line] as number] as number;
      if (at >= 0) kept[count++] = at;
    }
    start[i + 1] = count;
  }
  return {
    start,
    place: kept,
    hasProduct: (order) => lines.start[order] !== lines.start[order + 1],
  };
}

const sizeOf = ({ start }: Baskets, order: number) => (start[order + 1] as number) - (start[order] as number);

/** The largest number of products for which all orders up to it can be compared within the limit. */
function largestBasket(baskets: Baskets, each: Observations, kind: PairKind, limit: number): number {
  const bySize: number[] = [];
  each((first, second) => {
    const [a, b] = [sizeOf(baskets, first), sizeOf(baskets, second)];
    const size = Math.max(a, b);
    bySize[size] = (bySize[size] ?? 0) + (kind === "together" ? (a * (a - 1)) / 2 : a * b);
  });
  let comparisons = 0;
  for (let size = 0; size < bySize.length; size++) {
    comparisons += bySize[size] ?? 0;
    if (comparisons > limit) return size - 1;
  }
  return bySize.length;
}

interface PairCounts {
  observations: number;
  largeOrders: number;
  /** Observations with the candidate as the first, and as the second product. */
  first: Int32Array;
  second: Int32Array;
  /** Observations of each pair: cell = first * candidates + second. */
  cells: Int32Array;
  candidates: number;
}

function countPairs(
  baskets: Baskets,
  candidates: number,
  each: Observations,
  kind: PairKind,
  largest: number,
): PairCounts {
  const first = new Int32Array(candidates);
  const second = kind === "together" ? first : new Int32Array(candidates);
  const cells = new Int32Array(candidates * candidates);
  let observations = 0;
  let largeOrders = 0;
  const add = (counts: Int32Array, order: number) => {
    for (let k = baskets.start[order] as number; k < (baskets.start[order + 1] as number); k++) {
      const at = baskets.place[k] as number;
      counts[at] = (counts[at] as number) + 1;
    }
  };
  each((a, b) => {
    if (!baskets.hasProduct(a)) return;
    if (Math.max(sizeOf(baskets, a), sizeOf(baskets, b)) > largest) {
      largeOrders++;
      return;
    }
    observations++;
    add(first, a);
    if (kind === "next") add(second, b);
    eachPair(baskets, candidates, a, b, kind, (cell) => (cells[cell] = (cells[cell] as number) + 1));
  });
  return { observations, largeOrders, first, second, cells, candidates };
}

/** The same product twice is no pair: the figures by product tell of it. */
function eachPair(
  { start, place }: Baskets,
  candidates: number,
  first: number,
  second: number,
  kind: PairKind,
  visit: (cell: number) => void,
): void {
  const end = start[second + 1] as number;
  for (let k = start[first] as number; k < (start[first + 1] as number); k++) {
    const row = (place[k] as number) * candidates;
    for (let other = kind === "together" ? k + 1 : (start[second] as number); other < end; other++) {
      if (place[other] !== place[k]) visit(row + (place[other] as number));
    }
  }
}

/** The smallest minimum, from the one asked for on, that no more than `limit` pairs reach. */
function raisedMinimum(cells: Int32Array, minimum: number, limit: number): number {
  const often: number[] = [];
  let reaching = 0;
  for (const orders of cells) {
    if (orders < minimum) continue;
    often[orders] = (often[orders] ?? 0) + 1;
    reaching++;
  }
  let raised = minimum;
  for (; reaching > limit; raised++) reaching -= often[raised] ?? 0;
  return raised;
}

function buyersOfPairs(
  columns: OrderColumns,
  counted: CountedOrders,
  baskets: Baskets,
  counts: PairCounts,
  minimum: number,
  each: Observations,
  kind: PairKind,
  largest: number,
  { withinDays = Infinity }: PairOptions,
) {
  const cells: number[] = [];
  const orders: number[] = [];
  // From here on a cell holds the pair's number, counted from 1.
  counts.cells.forEach((count, cell) => {
    if (count >= minimum) {
      cells.push(cell);
      orders.push(count);
    }
    counts.cells[cell] = count >= minimum ? cells.length : 0;
  });
  const buyers = new Int32Array(cells.length);
  const seen = new Int32Array(cells.length);
  const again = new Int32Array(cells.length);
  const whose = new Int32Array(cells.length).fill(-1);
  const lastSeenDay = (counted.lastOrderDay ?? 0) - (Number.isFinite(withinDays) ? withinDays : 0);
  each((a, b, who, after) => {
    if (who < 0 || Math.max(sizeOf(baskets, a), sizeOf(baskets, b)) > largest) return;
    const on = columns.day[b] as number;
    const isSeen = on <= lastSeenDay;
    const comesBack = isSeen && after >= 0 && (columns.day[after] as number) - on <= withinDays;
    eachPair(baskets, counts.candidates, a, b, kind, (cell) => {
      const pair = (counts.cells[cell] as number) - 1;
      if (pair < 0 || whose[pair] === who) return;
      whose[pair] = who;
      buyers[pair] = (buyers[pair] as number) + 1;
      if (isSeen) seen[pair] = (seen[pair] as number) + 1;
      if (comesBack) again[pair] = (again[pair] as number) + 1;
    });
  });
  return { cells, orders, buyers, seen, again };
}
