/** The days and switches that a figure is asked for. */
import type { Included, RefundBasis } from "./amounts.ts";
import type { CountedOrders } from "./counted-orders.ts";

/** Days of the shop, both ends included. */
export interface Period {
  firstDay: number;
  lastDay: number;
}

export interface PeriodOptions {
  /** All days from the first to the last order where it is left out. */
  period?: Period | undefined;
  basis?: RefundBasis;
  included?: Included;
}

/** An empty shop has the one-day period 1970-01-01, in which nothing happened. */
export function periodOf(counted: CountedOrders, period?: Period): Period {
  if (period && period.lastDay < period.firstDay) throw new Error("a period ends before it starts");
  return period ?? { firstDay: counted.firstOrderDay ?? 0, lastDay: counted.lastOrderDay ?? 0 };
}

export function daysOf({ firstDay, lastDay }: Period): number {
  return lastDay - firstDay + 1;
}

/** The equally long period just before. */
export function precedingPeriod(period: Period): Period {
  return { firstDay: period.firstDay - daysOf(period), lastDay: period.firstDay - 1 };
}
