/** The shop over all its time as one object, which a script can compute from the raw file and compare to the minor unit. */
import { NO_DAY, ORDER_KIND, countOrders, type CountedOrders } from "./counted-orders.ts";
import { cohortsOf } from "./cohorts.ts";
import type { OrderColumns } from "./order-columns.ts";
import { orderIntervals } from "./order-intervals.ts";
import { ratio, roundHalfAway } from "./rounding.ts";

export interface ShopReport {
  currency: string;
  orders: number;
  /** Customers with at least one counted order. */
  customers: number;
  guestOrders: number;
  /** Customers with at least two counted orders. */
  repeatCustomers: number;
  /** repeatCustomers / customers; `null` without customers. */
  repeatPurchaseRate: number | null;
  /** Products at list price, guests' orders included; without tax, shipping, tips and gift cards. */
  grossMinor: number;
  refundsMinor: number;
  /** Gross - discounts - refunds. */
  netMinor: number;
  /** netMinor / orders, half away from zero; `null` without orders. */
  aovMinor: number | null;
  /** Orders of customers / customers; `null` without customers. */
  purchaseFrequency: number | null;
  /** Over all pairs of consecutive orders of one customer, days of the shop; `null` without a pair. */
  medianDaysBetweenOrders: number | null;
  cohorts: ReportCohort[];
}

/** Customers by the month of their first counted order. */
interface ReportCohort {
  /** `2011-01`. */
  month: string;
  customers: number;
  /** Share of the cohort with an order in month 0, 1, ... up to the month of the shop's last order. */
  retention: number[];
  /** Net of the cohort's orders in months 0 to k, refunds at the order's date. */
  cumulativeNetMinor: number[];
}

export function reportShop(columns: OrderColumns, counted: CountedOrders = countOrders(columns)): ShopReport {
  const { kind } = counted;
  let grossMinor = 0;
  let discountMinor = 0;
  let refundsMinor = 0;
  for (let i = 0; i < columns.orderCount; i++) {
    if (kind[i] === ORDER_KIND.leftOut) continue;
    grossMinor += columns.grossMinor[i] as number;
    discountMinor += columns.discountMinor[i] as number;
  }
  const { refunds } = columns;
  for (let r = 0; r < refunds.count; r++) {
    if (kind[refunds.order[r] as number] === ORDER_KIND.leftOut) continue;
    refundsMinor += refunds.productMinor[r] as number;
  }
  const netMinor = grossMinor - discountMinor - refundsMinor;
  const { orders, customers, guestOrders } = counted;
  const repeatCustomers = counted.secondDay.reduce((sum, day) => sum + (day === NO_DAY ? 0 : 1), 0);
  return {
    currency: columns.shop.currency,
    orders,
    customers,
    guestOrders,
    repeatCustomers,
    repeatPurchaseRate: ratio(repeatCustomers, customers),
    grossMinor,
    refundsMinor,
    netMinor,
    aovMinor: orders === 0 ? null : roundHalfAway(netMinor / orders),
    purchaseFrequency: ratio(orders - guestOrders, customers),
    medianDaysBetweenOrders: orderIntervals(columns, counted).medianDays,
    cohorts: cohortsOf(columns, counted, { grain: "month" }).map((cohort) => ({
      month: cohort.start,
      customers: cohort.customers,
      retention: cohort.retention,
      cumulativeNetMinor: cohort.cumulativeNetMinor,
    })),
  };
}
