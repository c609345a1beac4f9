/** What a period's orders brought in, what went back, what was left after costs, and whose orders they were. */
import {
  PRODUCTS_ONLY,
  grossOf,
  marginOf,
  refundOf,
  type Included,
  type MarginParts,
  type RefundBasis,
} from "./amounts.ts";
import { ORDER_KIND, type CountedOrders } from "./counted-orders.ts";
import type { OrderColumns } from "./order-columns.ts";
import { periodOf, type Period, type PeriodOptions } from "./period.ts";
import { ratio, roundHalfAway } from "./rounding.ts";

export interface Revenue {
  orders: number;
  guestOrders: number;
  /** Sales at list price, with what the merchant counts beside products. */
  grossMinor: number;
  discountMinor: number;
  refundsMinor: number;
  /** gross - discounts - refunds. */
  netMinor: number;
  /** Products only: net less unit costs; `null` where no cost is known and no flat margin is set. */
  marginMinor: number | null;
  /** Share of product net sales whose unit cost is known; `null` without sales. */
  unitCostShare: number | null;
  /** Charged beside products, whether or not it is part of the figures above; before refunds. */
  shippingMinor: number;
  taxMinor: number;
  tipMinor: number;
  giftCardMinor: number;
  /** netMinor / orders, half away from zero. */
  aovMinor: number | null;
  /** refundsMinor / (gross - discounts). */
  refundRate: number | null;
  /** Share of the period's orders of which something was given back by now. */
  refundedOrdersShare: number | null;
  guestsNetMinor: number;
  newCustomersNetMinor: number;
  /** Net of customers whose first order lies before the period. */
  returningCustomersNetMinor: number;
  /** Net of orders that are not their customer's first. */
  repeatOrdersNetMinor: number;
  /** returningCustomersNetMinor / netMinor. */
  returningCustomersShare: number | null;
  /** repeatOrdersNetMinor / netMinor. */
  repeatOrdersShare: number | null;
}

interface Sums extends MarginParts {
  orders: number;
  guestOrders: number;
  refundedOrders: number;
  grossMinor: number;
  discountMinor: number;
  refundsMinor: number;
  shippingMinor: number;
  taxMinor: number;
  tipMinor: number;
  giftCardMinor: number;
  guestsNetMinor: number;
  returningCustomersNetMinor: number;
  repeatOrdersNetMinor: number;
}

/**
 * By order date a refund lowers the period of its order; by refund date the period in which it was given. Unit costs of
 * what came back follow the refund.
 */
export function revenueOf(
  columns: OrderColumns,
  counted: CountedOrders,
  options: PeriodOptions = {},
): Revenue {
  const { basis = "order date", included = PRODUCTS_ONLY } = options;
  const period = periodOf(counted, options.period);
  const sums = chargedIn(columns, counted, period, included);
  subtractRefunds(sums, columns, counted, period, included, basis);

  const netMinor = sums.grossMinor - sums.discountMinor - sums.refundsMinor;
  const { guestsNetMinor, returningCustomersNetMinor, repeatOrdersNetMinor } = sums;
  return {
    orders: sums.orders,
    guestOrders: sums.guestOrders,
    grossMinor: sums.grossMinor,
    discountMinor: sums.discountMinor,
    refundsMinor: sums.refundsMinor,
    netMinor,
    marginMinor: marginOf(sums, columns.shop.flatMarginBasisPoints),
    unitCostShare: ratio(sums.costedNetMinor, sums.productNetMinor),
    shippingMinor: sums.shippingMinor,
    taxMinor: sums.taxMinor,
    tipMinor: sums.tipMinor,
    giftCardMinor: sums.giftCardMinor,
    aovMinor: sums.orders === 0 ? null : roundHalfAway(netMinor / sums.orders),
    refundRate: ratio(sums.refundsMinor, sums.grossMinor - sums.discountMinor),
    refundedOrdersShare: ratio(sums.refundedOrders, sums.orders),
    guestsNetMinor,
    newCustomersNetMinor: netMinor - guestsNetMinor - returningCustomersNetMinor,
    returningCustomersNetMinor,
    repeatOrdersNetMinor,
    returningCustomersShare: ratio(returningCustomersNetMinor, netMinor),
    repeatOrdersShare: ratio(repeatOrdersNetMinor, netMinor),
  };
}

function chargedIn(
  columns: OrderColumns,
  counted: CountedOrders,
  { firstDay, lastDay }: Period,
  included: Included,
): Sums {
  const { day, customer, discountMinor, costMinor, costedNetMinor } = columns;
  const { kind } = counted;
  const sums: Sums = {
    orders: 0, guestOrders: 0, refundedOrders: 0, grossMinor: 0, discountMinor: 0, refundsMinor: 0, shippingMinor: 0,
    taxMinor: 0, tipMinor: 0, giftCardMinor: 0, guestsNetMinor: 0, returningCustomersNetMinor: 0, repeatOrdersNetMinor: 0,
    productNetMinor: 0, costedNetMinor: 0, costMinor: 0,
  }; // prettier-ignore
  for (let i = 0; i < columns.orderCount; i++) {
    const on = day[i] as number;
    const what = kind[i] as number;
    if (on < firstDay || on > lastDay || what === ORDER_KIND.leftOut) continue;
    const discount = discountMinor[i] as number;
    const gross = grossOf(columns, i, included);
    sums.orders++;
    sums.grossMinor += gross;
    sums.discountMinor += discount;
    sums.productNetMinor += (columns.grossMinor[i] as number) - discount;
    sums.costedNetMinor += costedNetMinor[i] as number;
    sums.costMinor += costMinor[i] as number;
    sums.shippingMinor += columns.shippingMinor[i] as number;
    sums.taxMinor += columns.taxMinor[i] as number;
    sums.tipMinor += columns.tipMinor[i] as number;
    sums.giftCardMinor += columns.giftCardMinor[i] as number;
    if (what === ORDER_KIND.guest) {
      sums.guestOrders++;
      sums.guestsNetMinor += gross - discount;
    } else {
      if (what === ORDER_KIND.repeat) sums.repeatOrdersNetMinor += gross - discount;
      if ((counted.firstDay[customer[i] as number] as number) < firstDay) {
        sums.returningCustomersNetMinor += gross - discount;
      }
    }
  }
  return sums;
}

function subtractRefunds(
  sums: Sums,
  columns: OrderColumns,
  counted: CountedOrders,
  { firstDay, lastDay }: Period,
  included: Included,
  basis: RefundBasis,
): void {
  const { refunds, day, customer } = columns;
  const inPeriod = (on: number) => on >= firstDay && on <= lastDay;
  let end = 0;
  for (let start = 0; start < refunds.count; start = end) {
    const order = refunds.order[start] as number;
    end = endOfOrder(columns, start);
    const what = counted.kind[order] as number;
    if (what === ORDER_KIND.leftOut) continue;
    const orderInPeriod = inPeriod(day[order] as number);
    if (orderInPeriod) sums.refundedOrders++;
    const byRefundDate = basis === "refund date";
    const costedShare = byRefundDate ? costedShareOf(columns, start, end) : 0;

    for (let r = start; r < end; r++) {
      const product = refunds.productMinor[r] as number;
      if (byRefundDate && orderInPeriod) {
        // The order's own costs are those of the units kept: what came back later was still sold on its day.
        sums.costedNetMinor += roundHalfAway(product * costedShare);
        sums.costMinor += refunds.costMinor[r] as number;
      }
      if (byRefundDate ? !inPeriod(refunds.day[r] as number) : !orderInPeriod) continue;
      const given = refundOf(refunds, r, included);
      sums.refundsMinor += given;
      sums.productNetMinor -= product;
      if (byRefundDate) {
        sums.costedNetMinor -= roundHalfAway(product * costedShare);
        sums.costMinor -= refunds.costMinor[r] as number;
      }
      if (what === ORDER_KIND.guest) sums.guestsNetMinor -= given;
      else {
        if (what === ORDER_KIND.repeat) sums.repeatOrdersNetMinor -= given;
        if ((counted.firstDay[customer[order] as number] as number) < firstDay) {
          sums.returningCustomersNetMinor -= given;
        }
      }
    }
  }
}

/** End of the refunds of the order whose first one is `start`. */
function endOfOrder({ refunds }: OrderColumns, start: number): number {
  let end = start + 1;
  while (end < refunds.count && refunds.order[end] === refunds.order[start]) end++;
  return end;
}

/**
 * Which share of an order's refunds is of products with a unit cost. What was kept tells it; of an order given back
 * wholly, its refunds' costs do.
 */
function costedShareOf(columns: OrderColumns, start: number, end: number): number {
  const { refunds } = columns;
  const order = refunds.order[start] as number;
  let refunded = 0;
  let cost = 0;
  for (let r = start; r < end; r++) {
    refunded += refunds.productMinor[r] as number;
    cost += refunds.costMinor[r] as number;
  }
  const net = (columns.grossMinor[order] as number) - (columns.discountMinor[order] as number) - refunded;
  const costed = columns.costedNetMinor[order] as number;
  if (net <= 0 || costed === 0) return cost > 0 ? 1 : 0;
  return Math.min(1, Math.max(0, costed / net));
}
