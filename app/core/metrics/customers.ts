/** Who ordered in a period: new and returning customers, how often, and how many of those before came back. */
import { NO_DAY, ORDER_KIND, type CountedOrders } from "./counted-orders.ts";
import type { OrderColumns } from "./order-columns.ts";
import { daysOf, periodOf, precedingPeriod, type Period } from "./period.ts";
import { ratio } from "./rounding.ts";

export interface PeriodCustomers {
  /** Customers with an order in the period: new + returning. */
  customers: number;
  /** Their first order ever falls in the period. */
  newCustomers: number;
  returningCustomers: number;
  /** Customers with two or more orders in the period. */
  repeatCustomers: number;
  /** repeatCustomers / customers. */
  repeatPurchaseRate: number | null;
  /** Orders of customers in the period / customers. */
  purchaseFrequency: number | null;
  retention: Retention;
  /** Of all who ordered by the period's end, those with exactly one order by then. */
  oneTimeBuyers: number;
  /** oneTimeBuyers / all who ordered by the period's end. */
  oneTimeBuyersShare: number | null;
}

/** The classic (E - N) / S. */
interface Retention {
  /** S: customers who ordered in the preceding period of equal length. */
  atStart: number;
  /** E: customers who ordered in this period. */
  atEnd: number;
  /** N: those of E who had never ordered before. */
  newCustomers: number;
  /** Those of S who ordered in this period. */
  retained: number;
  /** Those of E who had ordered before, but not in the preceding period; not part of the rate. */
  reactivated: number;
  /** retained / S; `null` without S. */
  rate: number | null;
  /** 1 - rate. */
  churnRate: number | null;
  /** What is published for periods of 12 months; `null` beside others. */
  published: typeof PUBLISHED_RETENTION | null;
}

/** Yearly retention rates as published for online shops (sources in docs/metrics.md). */
export const PUBLISHED_RETENTION = {
  average: 0.38,
  goodFrom: 0.4,
  goodTo: 0.8,
  fastMovingConsumerGoods: 0.62,
  sports: 0.35,
  automotive: 0.35,
} as const;

export function periodCustomers(
  columns: OrderColumns,
  counted: CountedOrders,
  asked?: Period,
): PeriodCustomers {
  const period = periodOf(counted, asked);
  const preceding = precedingPeriod(period);
  const { kind, firstDay, secondDay } = counted;
  const ordersInPeriod = new Int32Array(firstDay.length);
  const inPreceding = new Uint8Array(firstDay.length);
  for (let i = 0; i < columns.orderCount; i++) {
    const on = columns.day[i] as number;
    if (on < preceding.firstDay || on > period.lastDay || (kind[i] as number) < ORDER_KIND.first) continue;
    const who = columns.customer[i] as number;
    if (on < period.firstDay) inPreceding[who] = 1;
    else ordersInPeriod[who] = (ordersInPeriod[who] as number) + 1;
  }

  let customers = 0;
  let newCustomers = 0;
  let repeatCustomers = 0;
  let orders = 0;
  let atStart = 0;
  let retained = 0;
  let known = 0;
  let oneTimeBuyers = 0;
  for (let who = 0; who < firstDay.length; who++) {
    const first = firstDay[who] as number;
    if (first === NO_DAY || first > period.lastDay) continue;
    known++;
    const second = secondDay[who] as number;
    if (second === NO_DAY || second > period.lastDay) oneTimeBuyers++;
    const often = ordersInPeriod[who] as number;
    const before = inPreceding[who] as number;
    atStart += before;
    if (often === 0) continue;
    customers++;
    orders += often;
    retained += before;
    if (often > 1) repeatCustomers++;
    if (first >= period.firstDay) newCustomers++;
  }

  const rate = ratio(retained, atStart);
  return {
    customers,
    newCustomers,
    returningCustomers: customers - newCustomers,
    repeatCustomers,
    repeatPurchaseRate: ratio(repeatCustomers, customers),
    purchaseFrequency: ratio(orders, customers),
    retention: {
      atStart,
      atEnd: customers,
      newCustomers,
      retained,
      reactivated: customers - newCustomers - retained,
      rate,
      churnRate: rate === null ? null : 1 - rate,
      published: isYear(period) ? PUBLISHED_RETENTION : null,
    },
    oneTimeBuyers,
    oneTimeBuyersShare: ratio(oneTimeBuyers, known),
  };
}

/** 12 months are 365 days, or 366 over a leap day. */
function isYear(period: Period): boolean {
  return daysOf(period) === 365 || daysOf(period) === 366;
}
