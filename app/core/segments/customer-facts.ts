/**
 * What a shop's customers had done by the end of a day, one entry per customer with an order that counts: what segments' rules read, and what
 * their figures are summed from. Everything is folded from the orders anew for any day, so nothing has to be kept to tell how a segment moved.
 *
 * Scores, values and chances are told when a rule first asks for them: they take longer than all the rest.
 */
import { chanceFit, type ValueSource } from "../clv/customer-estimates.ts";
import { customerValues } from "../clv/customer-value.ts";
import { returnChances } from "../clv/forecast-customers.ts";
import { forecasterOf } from "../clv/models.ts";
import { purchaseStatistics } from "../clv/purchase-statistics.ts";
import { quintileScores } from "../clv/rfm-scores.ts";
import { UNIT_DAYS, VALUE_HORIZONS } from "../clv/shop-model.ts";
import { shopPurchases } from "../clv/shop-purchases.ts";
import { grossOf, refundOf, type Included } from "../metrics/amounts.ts";
import { ORDER_KIND, type CountedOrders } from "../metrics/counted-orders.ts";
import { positionsIn } from "../metrics/id-index.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import type { Fact } from "./segment-rule.ts";

/** Checkouts that were left, one entry each. */
export interface LeftCheckouts {
  /** Stands for them where answers are kept. */
  stamp: string;
  customerId: Float64Array;
  createdDay: Int32Array;
  /** NOT_COMPLETED where it never became an order. */
  completedDay: Int32Array;
}

export const NOT_COMPLETED = 0x7fffffff;

export interface FactOptions {
  included: Included;
  checkouts: LeftCheckouts;
  /** `null`: none has been learnt, or nothing that it tells is asked for. */
  model: ValueSource | null;
  /** .15 is 15% a year. */
  yearlyDiscount: number;
}

export interface CustomerFacts {
  /** The day by whose end all of it was so. */
  readonly day: number;
  readonly count: number;
  /** Index into `columns.customerIds`, ascending. */
  readonly customer: Int32Array;
  readonly orders: Int32Array;
  readonly netMinor: Float64Array;
  readonly firstDay: Int32Array;
  readonly lastDay: Int32Array;
  readonly discountedOrders: Int32Array;
  /** A fact by the customer's entry, NaN where there is nothing to tell; `null` where nobody's is known without a model. */
  readerOf(fact: Fact): ((entry: number) => number) | null;
  /** What rules have had told by now takes so much beside the columns above. */
  laterBytes(): number;
}

/** What was known at the end of `asOf`; all that is known, as of the shop's last order, without it. `null`: nobody had ordered. */
export function customerFacts(
  columns: OrderColumns,
  counted: CountedOrders,
  options: FactOptions,
  asOf: number | null = null,
): CustomerFacts | null {
  const day = asOf ?? counted.lastOrderDay;
  if (day === null) return null;
  const sums = sumsUntil(columns, counted, options.included, asOf ?? Infinity);
  if (sums.customer.length === 0) return null;
  const later = whenAsked(columns, counted, options, day, asOf ?? Infinity, sums);
  return {
    ...sums,
    day,
    count: sums.customer.length,
    readerOf: (fact) => readerOf(sums, later, day, fact),
    laterBytes: later.bytes,
  };
}

type Sums = Pick<
  CustomerFacts,
  "customer" | "orders" | "netMinor" | "firstDay" | "lastDay" | "discountedOrders"
>;

function sumsUntil(columns: OrderColumns, { kind }: CountedOrders, included: Included, until: number): Sums {
  const { orderCount, customer, day, discountMinor, refunds } = columns;
  const most = columns.customerIds.length;
  const orders = new Int32Array(most);
  const discountedOrders = new Int32Array(most);
  const firstDay = new Int32Array(most);
  const lastDay = new Int32Array(most);
  const netMinor = new Float64Array(most);
  const counts = (order: number) =>
    (kind[order] as number) >= ORDER_KIND.first && (day[order] as number) <= until;
  for (let i = 0; i < orderCount; i++) {
    if (!counts(i)) continue;
    const who = customer[i] as number;
    const on = day[i] as number;
    const discount = discountMinor[i] as number;
    if (orders[who] === 0) firstDay[who] = on;
    orders[who] = (orders[who] as number) + 1;
    lastDay[who] = on;
    if (discount > 0) discountedOrders[who] = (discountedOrders[who] as number) + 1;
    netMinor[who] = (netMinor[who] as number) + grossOf(columns, i, included) - discount;
  }
  for (let r = 0; r < refunds.count; r++) {
    const order = refunds.order[r] as number;
    if (!counts(order) || (refunds.day[r] as number) > until) continue;
    const who = customer[order] as number;
    netMinor[who] = (netMinor[who] as number) - refundOf(refunds, r, included);
  }
  const those = entriesOf(orders);
  const picked = <Column extends Int32Array | Float64Array>(from: Column, to: Column): Column => {
    for (let i = 0; i < those.length; i++) to[i] = from[those[i] as number] as number;
    return to;
  };
  const count = those.length;
  return {
    customer: those,
    orders: picked(orders, new Int32Array(count)),
    netMinor: picked(netMinor, new Float64Array(count)),
    firstDay: picked(firstDay, new Int32Array(count)),
    lastDay: picked(lastDay, new Int32Array(count)),
    discountedOrders: picked(discountedOrders, new Int32Array(count)),
  };
}

function entriesOf(orders: Int32Array): Int32Array {
  const those = new Int32Array(orders.length);
  let count = 0;
  for (let who = 0; who < orders.length; who++) if ((orders[who] as number) > 0) those[count++] = who;
  return those.slice(0, count);
}

interface Later {
  leftDay: () => Float64Array;
  recency: () => Uint8Array;
  frequency: () => Uint8Array;
  monetary: () => Uint8Array;
  values: () => Float64Array | null;
  returns: () => Float64Array | null;
  bytes: () => number;
}

function whenAsked(
  columns: OrderColumns,
  counted: CountedOrders,
  { included, checkouts, model, yearlyDiscount }: FactOptions,
  day: number,
  until: number,
  sums: Sums,
): Later {
  let bytes = 0;
  const told = <Column extends Float64Array | Uint8Array | null>(compute: () => Column) =>
    once(() => {
      const column = compute();
      bytes += column?.byteLength ?? 0;
      return column;
    });
  const statistics = once(() => {
    const known = shopPurchases(columns, counted, included);
    const those = purchaseStatistics(known, { untilDay: day, unitDays: UNIT_DAYS });
    for (const column of Object.values<unknown>({ ...those })) {
      if (ArrayBuffer.isView(column)) bytes += column.byteLength;
    }
    return those;
  });
  return {
    leftDay: told(() => lastLeftDays(columns, checkouts, sums, until)),
    recency: told(() => quintileScores(Float64Array.from(sums.lastDay))),
    frequency: told(() => quintileScores(Float64Array.from(sums.orders))),
    monetary: told(() => quintileScores(sums.netMinor)),
    values: told(() => {
      if (!model) return null;
      const horizon = { horizonDays: VALUE_HORIZONS[12], yearlyDiscount };
      const outcome = customerValues(model.chosen.value, statistics(), model, horizon);
      return outcome.ok ? outcome.values : null;
    }),
    returns: told(() => {
      const fit = model && chanceFit(model);
      return fit ? returnChances(forecasterOf(fit), statistics(), VALUE_HORIZONS[12] / UNIT_DAYS) : null;
    }),
    bytes: () => bytes,
  };
}

function once<T>(compute: () => T): () => T {
  let kept: { value: T } | null = null;
  return () => (kept ??= { value: compute() }).value;
}

/** The last day on which each customer left a checkout behind after that of their last order; NaN for none. */
function lastLeftDays(
  { customerIds }: OrderColumns,
  { customerId, createdDay, completedDay }: LeftCheckouts,
  { customer, lastDay }: Sums,
  until: number,
): Float64Array {
  const entryOf = new Int32Array(customerIds.length).fill(-1);
  customer.forEach((who, entry) => (entryOf[who] = entry));
  const left = new Float64Array(customer.length).fill(NaN);
  positionsIn(customerIds, customerId).forEach((who, checkout) => {
    const entry = who < 0 ? -1 : (entryOf[who] as number);
    const on = createdDay[checkout] as number;
    const isLeft = on <= until && (completedDay[checkout] as number) > Math.min(until, NOT_COMPLETED - 1);
    if (entry < 0 || !isLeft || on <= (lastDay[entry] as number)) return;
    if (!(on <= (left[entry] as number))) left[entry] = on;
  });
  return left;
}

function readerOf(sums: Sums, later: Later, day: number, fact: Fact): ((entry: number) => number) | null {
  const { orders, netMinor, firstDay, lastDay, discountedOrders } = sums;
  const at = (column: ArrayLike<number>) => (entry: number) => column[entry] as number;
  switch (fact) {
    case "orders":
      return at(orders);
    case "netMinor":
      return at(netMinor);
    case "averageOrderMinor":
      return (entry) => (netMinor[entry] as number) / (orders[entry] as number);
    case "daysSinceLastOrder":
      return (entry) => day - (lastDay[entry] as number);
    case "daysSinceFirstOrder":
      return (entry) => day - (firstDay[entry] as number);
    case "discountShare":
      return (entry) => (100 * (discountedOrders[entry] as number)) / (orders[entry] as number);
    case "daysSinceAbandonedCheckout": {
      const left = later.leftDay();
      // One that was left after the shop's last order was left today, as far as the orders go.
      return (entry) => Math.max(0, day - (left[entry] as number));
    }
    case "recencyScore":
      return at(later.recency());
    case "frequencyScore":
      return at(later.frequency());
    case "monetaryScore":
      return at(later.monetary());
    case "frequencyMonetaryScore": {
      const [frequency, monetary] = [later.frequency(), later.monetary()];
      return (entry) => ((frequency[entry] as number) + (monetary[entry] as number)) >> 1;
    }
    case "expectedValueMinor": {
      const values = later.values();
      return values && at(values);
    }
    case "churnRisk": {
      const returns = later.returns();
      return returns && ((entry) => 100 * (1 - (returns[entry] as number)));
    }
  }
}
