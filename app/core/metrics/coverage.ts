/** What a figure stands on: how much of the shop's history, costs and customers is known, and when it was true. */
import { ORDER_KIND, type CountedOrders } from "./counted-orders.ts";
import type { OrderColumns } from "./order-columns.ts";
import { periodOf, type Period } from "./period.ts";
import { ratio } from "./rounding.ts";

/** A figure with its coverage over the same period and the time at which it was true. */
export interface Stated<Figures> {
  figures: Figures;
  coverage: Coverage;
  asOf: { readAt: number; dataVersion: number };
}

export interface Coverage {
  period: Period;
  /** Every order that the shop ever had is in. Without it, first orders may not be the first. */
  historyComplete: boolean;
  /** All that Shopify lets us read is in. */
  syncComplete: boolean;
  /** First order day that Shopify lets us read; `null` when all are. */
  readableFromDay: number | null;
  /** Orders of all time that Shopify told in a way that could not be read: missing, or as they were before their last change. */
  unreadableOrders: number;
  /** The period, and for retention the one before it, lie wholly in what can be read. */
  periodReadable: boolean;
  precedingPeriodReadable: boolean;
  firstOrderDay: number | null;
  /** End of what is observed. */
  lastOrderDay: number | null;
  /** Share of product net sales, refunds at the order's date, whose unit cost is known. */
  unitCostShare: number | null;
  /** What stands in for missing costs, in hundredths of a percent of net sales. */
  flatMarginBasisPoints: number | null;
  guestOrdersShare: number | null;
  guestsNetShare: number | null;
  /** Orders that count nowhere, of all time. */
  leftOut: CountedOrders["leftOut"];
  /** Orders whose journal does not add up to Shopify's own total, and by how much in sum of absolute amounts. */
  journalDifferences: { orders: number; minor: number };
}

export function coverageOf(columns: OrderColumns, counted: CountedOrders, asked?: Period): Coverage {
  const period = periodOf(counted, asked);
  const { syncComplete, readableFromDay, unreadableOrders, flatMarginBasisPoints } = columns.shop;
  const readableFrom = readableFromDay ?? -Infinity;
  const preceding = period.firstDay - (period.lastDay - period.firstDay + 1);
  const sums = sumsIn(columns, counted, period);
  return {
    period,
    historyComplete: syncComplete && readableFromDay === null,
    syncComplete,
    readableFromDay,
    unreadableOrders,
    periodReadable: syncComplete && period.firstDay >= readableFrom,
    precedingPeriodReadable: syncComplete && preceding >= readableFrom,
    firstOrderDay: counted.firstOrderDay,
    lastOrderDay: counted.lastOrderDay,
    unitCostShare: ratio(sums.costedNet, sums.net),
    flatMarginBasisPoints,
    guestOrdersShare: ratio(sums.guestOrders, sums.orders),
    guestsNetShare: ratio(sums.guestsNet, sums.net),
    leftOut: counted.leftOut,
    journalDifferences: { orders: sums.differingOrders, minor: sums.difference },
  };
}

function sumsIn(columns: OrderColumns, counted: CountedOrders, { firstDay, lastDay }: Period) {
  const { day, grossMinor, discountMinor, costedNetMinor, differenceMinor, refunds } = columns;
  const sums = {
    orders: 0,
    guestOrders: 0,
    net: 0,
    guestsNet: 0,
    costedNet: 0,
    differingOrders: 0,
    difference: 0,
  };
  for (let i = 0; i < columns.orderCount; i++) {
    const on = day[i] as number;
    const what = counted.kind[i] as number;
    if (on < firstDay || on > lastDay || what === ORDER_KIND.leftOut) continue;
    const net = (grossMinor[i] as number) - (discountMinor[i] as number);
    const difference = differenceMinor[i] as number;
    sums.orders++;
    sums.net += net;
    sums.costedNet += costedNetMinor[i] as number;
    if (what === ORDER_KIND.guest) {
      sums.guestOrders++;
      sums.guestsNet += net;
    }
    if (difference !== 0) {
      sums.differingOrders++;
      sums.difference += Math.abs(difference);
    }
  }
  for (let r = 0; r < refunds.count; r++) {
    const order = refunds.order[r] as number;
    const on = day[order] as number;
    const what = counted.kind[order] as number;
    if (on < firstDay || on > lastDay || what === ORDER_KIND.leftOut) continue;
    const product = refunds.productMinor[r] as number;
    sums.net -= product;
    if (what === ORDER_KIND.guest) sums.guestsNet -= product;
  }
  return sums;
}
