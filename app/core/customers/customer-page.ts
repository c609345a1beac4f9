/**
 * One page of a shop's customers, by any figure and filter. Pages are cut by a cursor (the figure and id of the row at the
 * page's edge) and picked in one pass that keeps only the page's own rows, so that a million customers are never sorted.
 */
import { churnBandOf, type ChurnBand } from "../clv/churn-risk.ts";
import type { CustomerEstimates } from "../clv/customer-estimates.ts";
import type { ActionMembers } from "../clv/action-kinds.ts";
import { PRODUCTS_ONLY, type Included } from "../metrics/amounts.ts";
import type { CustomerFilter, Range } from "./customer-filter.ts";
import { customerTotals, type CustomerTotals } from "../metrics/customer-totals.ts";
import { indexOfCustomer } from "../metrics/id-index.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import { roundHalfAway } from "../metrics/rounding.ts";
import type { IntColumn } from "../metrics/row-buffer.ts";

export type CustomerSort =
  "orders" | "net" | "averageOrder" | "firstOrder" | "lastOrder" | "value" | "churnRisk" | "due";

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
  /** `null`: nothing has been learnt of the shop yet, or the customer is left out. */
  expected: ExpectedOfCustomer | null;
}

interface ExpectedOfCustomer {
  /** Within twelve months. */
  valueMinor: number;
  /** `null` where only a rule is known, which has no chances. */
  chances: { churnRisk: number; band: ChurnBand; dueFrom: number; dueBy: number; isOverdue: boolean } | null;
}

/** What is expected of customers, where it is known. */
export interface Expectations {
  /** `null`: nothing has been learnt of the shop yet. */
  estimates: CustomerEstimates | null;
  /** Asked only if a filter needs it. */
  members: () => ActionMembers;
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
const NOTHING_EXPECTED: Expectations = { estimates: null, members: () => ({}) };

export function customerPage(
  columns: OrderColumns,
  options: CustomerPageOptions = {},
  totals: CustomerTotals = customerTotals(columns, options.included ?? PRODUCTS_ONLY),
  expectations: Expectations = NOTHING_EXPECTED,
): CustomerPage {
  const { sort = "lastOrder", descending = true, after, before, size = DEFAULT_SIZE } = options;
  const { customerIds } = columns;
  const cursor = after ?? before;
  const backwards = after === undefined && before !== undefined;
  const matches = matcherOf(columns, totals, options.filter ?? {}, expectations);
  const valueOf = valueReader(totals, sort, expectations.estimates);
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
    rows: picked.map((who) => customerRow(columns, totals, who, expectations.estimates)),
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
    return who < 0 || totals.orders[who] === 0 ? [] : [customerRow(columns, totals, who, null)];
  });
}

function customerRow(
  columns: OrderColumns,
  totals: CustomerTotals,
  who: number,
  estimates: CustomerEstimates | null,
): CustomerRow {
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
    expected: estimates && expectedOf(estimates, who),
  };
}

function expectedOf(
  { untilDay, valueMinor, chances }: CustomerEstimates,
  who: number,
): CustomerRow["expected"] {
  const value = valueMinor[who] as number;
  if (Number.isNaN(value)) return null;
  if (!chances) return { valueMinor: Math.round(value), chances: null };
  const churnRisk = 1 - (chances.returnChance[who] as number);
  const dueFrom = chances.dueFrom[who] as number;
  const dueBy = chances.dueBy[who] as number;
  return {
    valueMinor: Math.round(value),
    chances: { churnRisk, band: churnBandOf(churnRisk), dueFrom, dueBy, isOverdue: untilDay > dueBy },
  };
}

function matcherOf(
  columns: OrderColumns,
  totals: CustomerTotals,
  filter: CustomerFilter,
  expectations: Expectations,
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
  const fitsExpected = expectedMatcher(filter, expectations);
  return (who) => {
    if (orders[who] === 0 || (standing !== "any" && customerExcluded[who] !== excluded)) return false;
    for (const { column, from, to } of bounds) {
      const value = column[who] as number;
      if (value < from || value > to) return false;
    }
    return fitsExpected === null || fitsExpected(who);
  };
}

/** `null`: nothing of it is asked for. */
function expectedMatcher(
  { valueMinor, bands, due, action }: CustomerFilter,
  { estimates, members }: Expectations,
): ((who: number) => boolean) | null {
  const { from = -Infinity, to = Infinity } = valueMinor ?? {};
  const asksEstimates = valueMinor !== undefined || bands !== undefined || due !== undefined;
  if (!asksEstimates && action === undefined) return null;
  const isAbout = action === undefined ? null : (members()[action] ?? []);
  return (who) => {
    if (isAbout && isAbout[who] !== 1) return false;
    if (!asksEstimates) return true;
    const expected = estimates && expectedOf(estimates, who);
    if (!expected || expected.valueMinor < from || expected.valueMinor > to) return false;
    const { chances } = expected;
    if (bands && !(chances && bands.includes(chances.band))) return false;
    return due === undefined || (chances !== null && chances.isOverdue === (due === "passed"));
  };
}

function boundsOf(column: IntColumn, range: Range | undefined) {
  const { from = -Infinity, to = Infinity } = range ?? {};
  return from === -Infinity && to === Infinity ? [] : [{ column, from, to }];
}

/** Whole numbers, because a place in the list is written into an address; what is not known stands below everything. */
function valueReader(
  totals: CustomerTotals,
  sort: CustomerSort,
  estimates: CustomerEstimates | null,
): (who: number) => number {
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
    case "value":
      return (who) => orBelow(Math.round(estimates?.valueMinor[who] ?? NaN));
    case "churnRisk":
      return (who) => orBelow(Math.round((1 - (estimates?.chances?.returnChance[who] ?? NaN)) * RISK_STEPS));
    case "due":
      return (who) => estimates?.chances?.dueBy[who] ?? Number.MAX_SAFE_INTEGER;
  }
}

/** Risks that differ by less are equal in the list. */
const RISK_STEPS = 1e9;

const orBelow = (value: number) => (Number.isNaN(value) ? -1 : value);

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
