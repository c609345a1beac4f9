/** A period's sales and orders day by day, week by week or month by month: what a chart draws. */
import { PRODUCTS_ONLY, grossOf, refundOf } from "./amounts.ts";
import { ORDER_KIND, type CountedOrders } from "./counted-orders.ts";
import type { OrderColumns } from "./order-columns.ts";
import { periodOf, type PeriodOptions } from "./period.ts";
import { bucketName, bucketStart, timeBuckets, type TimeBuckets, type TrendGrain } from "./time-buckets.ts";

export interface TrendOptions extends PeriodOptions {
  grain: TrendGrain;
}

/** One day, week or month. Over all points net sales and orders add up to those of the period. */
export interface TrendPoint {
  /** `2026-03` of a month, the Monday's date of a week, a day's own. */
  start: string;
  /** The days of it that lie in the period. */
  firstDay: number;
  lastDay: number;
  /** The period cuts nothing off it. */
  whole: boolean;
  netMinor: number;
  orders: number;
  /** Orders that are their customer's first. */
  firstOrders: number;
  /** Orders of customers who had ordered before. */
  repeatOrders: number;
  guestOrders: number;
}

export function trendOf(columns: OrderColumns, counted: CountedOrders, options: TrendOptions): TrendPoint[] {
  const { basis = "order date", included = PRODUCTS_ONLY } = options;
  const period = periodOf(counted, options.period);
  const buckets = timeBuckets(options.grain, period.firstDay, period.lastDay);
  const points = emptyPoints(buckets, period.firstDay, period.lastDay);
  const pointOn = (day: number) => points[buckets.byDay[day - period.firstDay] as number] as TrendPoint;
  const inPeriod = (day: number) => day >= period.firstDay && day <= period.lastDay;

  for (let i = 0; i < columns.orderCount; i++) {
    const on = columns.day[i] as number;
    const what = counted.kind[i] as number;
    if (what === ORDER_KIND.leftOut || !inPeriod(on)) continue;
    const point = pointOn(on);
    point.orders++;
    point.netMinor += grossOf(columns, i, included) - (columns.discountMinor[i] as number);
    if (what === ORDER_KIND.first) point.firstOrders++;
    else if (what === ORDER_KIND.repeat) point.repeatOrders++;
    else point.guestOrders++;
  }
  const { refunds } = columns;
  for (let r = 0; r < refunds.count; r++) {
    const order = refunds.order[r] as number;
    const on = (basis === "order date" ? columns.day[order] : refunds.day[r]) as number;
    if (counted.kind[order] === ORDER_KIND.leftOut || !inPeriod(on)) continue;
    pointOn(on).netMinor -= refundOf(refunds, r, included);
  }
  return points;
}

function emptyPoints(buckets: TimeBuckets, firstDay: number, lastDay: number): TrendPoint[] {
  return Array.from({ length: buckets.count }, (_, index) => {
    const start = bucketStart(buckets, index);
    const end = bucketStart(buckets, index + 1) - 1;
    return {
      start: bucketName(buckets, index),
      firstDay: Math.max(start, firstDay),
      lastDay: Math.min(end, lastDay),
      whole: start >= firstDay && end <= lastDay,
      netMinor: 0,
      orders: 0,
      firstOrders: 0,
      repeatOrders: 0,
      guestOrders: 0,
    };
  });
}
