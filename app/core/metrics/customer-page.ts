/**
 * One page of a shop's customers, by any figure and filter. Pages are cut by a cursor (the figure and id of the row at the
 * page's edge) and picked in one pass that keeps only the page's own rows, so that a million customers are never sorted.
 */
import { PRODUCTS_ONLY, type Included } from "./amounts.ts";
import { customerTotals, type CustomerTotals } from "./customer-totals.ts";
import type { OrderColumns } from "./order-columns.ts";
import { roundHalfAway } from "./rounding.ts";
import type { IntColumn } from "./row-buffer.ts";

export type CustomerSort = "orders" | "net" | "averageOrder" | "firstOrder" | "lastOrder";

/** Both ends belong to a range; an end that is left out is open. */
export interface Range {
  from?: number | undefined;
  to?: number | undefined;
}

export interface CustomerFilter {
  orders?: Range | undefined;
  netMinor?: Range | undefined;
  /** Days of the shop. */
  firstDay?: Range | undefined;
  lastDay?: Range | undefined;
  firstProductId?: number | undefined;
  /** Customers with a tag that the merchant leaves out are in no figure; here they can be looked at. */
  standing?: "counted" | "excluded" | "any" | undefined;
}

/** The place of a row in the list: valid although the row has gone or changed since. */
export interface CustomerCursor {
  value: number;
  customerId: number;
}

export interface CustomerPageOptions {
  filter?: CustomerFilter | undefined;
  sort?: CustomerSort | undefined;
  /** Largest or latest first; equal ones by id, in the same direction. */
  descending?: boolean | undefined;
  /** The rows behind this place; or those before it. The first page without either. */
  after?: CustomerCursor | undefined;
  before?: CustomerCursor | undefined;
  size?: number | undefined;
  included?: Included | undefined;
}

export interface CustomerRow {
  customerId: number;
  orders: number;
  netMinor: number;
  /** netMinor / orders, half away from zero. */
  averageOrderMinor: number;
  firstDay: number;
  lastDay: number;
  firstProductId: number | null;
  excluded: boolean;
}

export interface CustomerPage {
  rows: CustomerRow[];
  /** Customers whom the filter leaves, on all pages. */
  matching: number;
  /** Those of them on the pages before this one. */
  preceding: number;
  /** Places of the first and the last row; `null` on an empty page. */
  start: CustomerCursor | null;
  end: CustomerCursor | null;
  /** To choose a first product from: those that most customers bought first. */
  commonFirstProductIds: readonly number[];
}

const DEFAULT_SIZE = 50;

export function customerPage(
  columns: OrderColumns,
  options: CustomerPageOptions = {},
  totals: CustomerTotals = customerTotals(columns, options.included ?? PRODUCTS_ONLY),
): CustomerPage {
  const { sort = "lastOrder", descending = true, after, before, size = DEFAULT_SIZE } = options;
  const { customerIds } = columns;
  const cursor = after ?? before;
  const backwards = after === undefined && before !== undefined;
  const matches = matcherOf(columns, totals, options.filter ?? {});
  const valueOf = valueReader(totals, sort);
  const direction = descending ? -1 : 1;
  // A page before a place is picked from that place on, in the opposite direction.
  const nearest = nearestFirst(size, backwards ? -direction : direction);

  let matching = 0;
  let preceding = 0;
  const count = customerIds.length;
  for (let step = 0; step < count; step++) {
    // Ids rise with time, as two of the figures do: walked in the list's own direction, few rows displace another.
    const who = nearest.rises ? step : count - 1 - step;
    if (!matches(who)) continue;
    matching++;
    const value = valueOf(who);
    if (cursor) {
      const difference = value - cursor.value || (customerIds[who] as number) - cursor.customerId;
      const side = direction * difference;
      if (backwards ? side < 0 : side <= 0) preceding++;
      if (backwards ? side >= 0 : side <= 0) continue;
    }
    nearest.offer(value, who);
  }

  const picked = nearest.taken();
  if (backwards) picked.reverse();
  const placeOf = (who: number | undefined) =>
    who === undefined ? null : { value: valueOf(who), customerId: customerIds[who] as number };
  return {
    rows: picked.map((who) => customerRow(columns, totals, who)),
    matching,
    preceding: backwards ? preceding - picked.length : preceding,
    start: placeOf(picked[0]),
    end: placeOf(picked.at(-1)),
    commonFirstProductIds: totals.commonFirstProductIds,
  };
}

/** The figures of those of the customers who have ordered, in the order asked for. */
export function customerRows(
  columns: OrderColumns,
  options: { customerIds: readonly number[]; included?: Included | undefined },
  totals: CustomerTotals = customerTotals(columns, options.included ?? PRODUCTS_ONLY),
): CustomerRow[] {
  return options.customerIds.flatMap((id) => {
    const who = indexOfCustomer(columns, id);
    return who < 0 || totals.orders[who] === 0 ? [] : [customerRow(columns, totals, who)];
  });
}

/** Where a customer stands in `customerIds`, which are sorted; -1: nowhere. */
export function indexOfCustomer({ customerIds }: OrderColumns, customerId: number): number {
  let low = 0;
  let high = customerIds.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const id = customerIds[middle] as number;
    if (id === customerId) return middle;
    if (id < customerId) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function customerRow(columns: OrderColumns, totals: CustomerTotals, who: number): CustomerRow {
  const product = totals.firstProduct[who] as number;
  const orders = totals.orders[who] as number;
  const netMinor = totals.netMinor[who] as number;
  return {
    customerId: columns.customerIds[who] as number,
    orders,
    netMinor,
    averageOrderMinor: roundHalfAway(netMinor / orders),
    firstDay: totals.firstDay[who] as number,
    lastDay: totals.lastDay[who] as number,
    firstProductId: product < 0 ? null : (columns.productIds[product] as number),
    excluded: columns.customerExcluded[who] === 1,
  };
}

function matcherOf(
  columns: OrderColumns,
  totals: CustomerTotals,
  filter: CustomerFilter,
): (who: number) => boolean {
  const { standing = "counted", firstProductId } = filter;
  const { customerExcluded } = columns;
  const { orders, netMinor, firstDay, lastDay, firstProduct } = totals;
  const excluded = standing === "excluded" ? 1 : 0;
  const product = firstProductId === undefined ? null : columns.productIds.indexOf(firstProductId);
  // A product that nobody's order names leads no first order; -1 would stand for orders without a product.
  if (product === -1) return () => false;
  // Only what is asked for is looked at: without a filter, two bytes of each customer.
  const bounds = [
    ...boundsOf(orders, filter.orders),
    ...boundsOf(netMinor, filter.netMinor),
    ...boundsOf(firstDay, filter.firstDay),
    ...boundsOf(lastDay, filter.lastDay),
    ...boundsOf(firstProduct, product === null ? undefined : { from: product, to: product }),
  ];
  return (who) => {
    if (orders[who] === 0 || (standing !== "any" && customerExcluded[who] !== excluded)) return false;
    for (const { column, from, to } of bounds) {
      const value = column[who] as number;
      if (value < from || value > to) return false;
    }
    return true;
  };
}

function boundsOf(column: IntColumn, range: Range | undefined) {
  const { from = -Infinity, to = Infinity } = range ?? {};
  return from === -Infinity && to === Infinity ? [] : [{ column, from, to }];
}

function valueReader(totals: CustomerTotals, sort: CustomerSort): (who: number) => number {
  const { orders, netMinor, firstDay, lastDay } = totals;
  switch (sort) {
    case "orders":
      return (who) => orders[who] as number;
    case "net":
      return (who) => netMinor[who] as number;
    case "firstOrder":
      return (who) => firstDay[who] as number;
    case "lastOrder":
      return (who) => lastDay[who] as number;
    case "averageOrder":
      return (who) => roundHalfAway((netMinor[who] as number) / (orders[who] as number));
  }
}

/** Keeps the first `size` of all that is offered, by (value, index) rising or falling: a heap with its last one on top. */
function nearestFirst(size: number, direction: number) {
  const values = new Float64Array(size);
  const places = new Int32Array(size);
  let count = 0;

  const comesAfter = (value: number, place: number, other: number) =>
    direction * (value - (values[other] as number) || place - (places[other] as number)) > 0;

  function set(at: number, value: number, place: number): void {
    values[at] = value;
    places[at] = place;
  }

  function sink(value: number, place: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      const right = child + 1;
      if (right < count && comesAfter(values[right] as number, places[right] as number, child)) child = right;
      if (comesAfter(value, place, child)) break;
      set(at, values[child] as number, places[child] as number);
      at = child;
    }
    set(at, value, place);
  }

  function rise(value: number, place: number): void {
    let at = count++;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!comesAfter(value, place, parent)) break;
      set(at, values[parent] as number, places[parent] as number);
      at = parent;
    }
    set(at, value, place);
  }

  return {
    /** Small values and indices are kept, not large ones. */
    rises: direction > 0,
    offer(value: number, place: number): void {
      if (count < size) rise(value, place);
      else if (size > 0 && !comesAfter(value, place, 0)) sink(value, place);
    },
    /** The indices kept, first to last. */
    taken(): number[] {
      return Array.from({ length: count }, (_, at) => at)
        .sort((a, b) => (comesAfter(values[a] as number, places[a] as number, b) ? 1 : -1))
        .map((at) => places[at] as number);
    },
  };
}
