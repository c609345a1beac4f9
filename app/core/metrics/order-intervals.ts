/** Time between a customer's consecutive orders. */
import { NO_DAY, ORDER_KIND, type CountedOrders } from "./counted-orders.ts";
import { addDays, dayCounts, quantileOf, type DayCounts } from "./day-counts.ts";
import type { OrderColumns } from "./order-columns.ts";
import { periodOf, type Period } from "./period.ts";
import { ratio } from "./rounding.ts";

/** Upper ends of the histogram's classes, in days; the last class is open. */
const INTERVAL_CLASSES = [0, 7, 14, 30, 60, 90, 180, 365] as const;

export interface OrderIntervals {
  /** Pairs of consecutive orders of one customer. */
  intervals: number;
  /** Days of the shop; two orders of one day are 0 days apart. */
  medianDays: number | null;
  meanDays: number | null;
  /** Quarter points of the distribution. */
  lowerQuartileDays: number | null;
  upperQuartileDays: number | null;
  histogram: { fromDays: number; toDays: number | null; intervals: number }[];
}

/** Intervals whose later order falls in the period (all unless told), pooled over customers. */
export function orderIntervals(
  columns: OrderColumns,
  counted: CountedOrders,
  asked?: Period,
): OrderIntervals {
  const { kind } = counted;
  const { firstDay, lastDay } = periodOf(counted, asked);
  const last = new Int32Array(counted.firstDay.length).fill(NO_DAY);
  const days = dayCounts();
  for (let i = 0; i < columns.orderCount; i++) {
    if ((kind[i] as number) < ORDER_KIND.first) continue;
    const who = columns.customer[i] as number;
    const on = columns.day[i] as number;
    if (kind[i] === ORDER_KIND.repeat && on >= firstDay && on <= lastDay) {
      // A clock set back over midnight can put the later of two orders on the earlier day.
      addDays(days, Math.max(0, on - (last[who] as number)));
    }
    last[who] = on;
  }
  return {
    intervals: days.total,
    medianDays: quantileOf(days, 0.5),
    meanDays: ratio(days.sum, days.total),
    lowerQuartileDays: quantileOf(days, 0.25),
    upperQuartileDays: quantileOf(days, 0.75),
    histogram: histogramOf(days),
  };
}

function histogramOf({ counts, total }: DayCounts): OrderIntervals["histogram"] {
  let fromDays = 0;
  let counted = 0;
  const classes: OrderIntervals["histogram"] = INTERVAL_CLASSES.map((toDays) => {
    let intervals = 0;
    for (let days = fromDays; days <= Math.min(toDays, counts.length - 1); days++) {
      intervals += counts[days] as number;
    }
    counted += intervals;
    const entry = { fromDays, toDays, intervals };
    fromDays = toDays + 1;
    return entry;
  });
  return [...classes, { fromDays, toDays: null, intervals: total - counted }];
}
