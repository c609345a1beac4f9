/** What each customer has ordered so far, counted once per version of a shop's columns: the list of customers reads it. */
import { ORDER_FLAGS } from "../order-flags.ts";
import { PRODUCTS_ONLY, grossOf, refundOf, type Included } from "./amounts.ts";
import type { OrderColumns } from "./order-columns.ts";
import { narrowed, type IntColumn } from "./row-buffer.ts";

/** One entry per customer, in the order of `columns.customerIds`. */
export interface CustomerTotals {
  readonly included: Included;
  /** Orders that are neither test nor cancelled; 0 leaves the customer without a day or a product. */
  readonly orders: IntColumn;
  readonly firstDay: IntColumn;
  readonly lastDay: IntColumn;
  /** Index into `productIds` of the first order's lead product; -1 where it has none. */
  readonly firstProduct: IntColumn;
  /** Refunds at the order's date. */
  readonly netMinor: IntColumn;
  /** The products that most customers bought first, largest first. */
  readonly commonFirstProductIds: readonly number[];
}

const COMMON_PRODUCTS = 50;

/**
 * Customers whom the merchant leaves out are counted like all others, because the list can show them on request; every
 * other figure leaves them out (counted-orders.ts).
 */
export function customerTotals(columns: OrderColumns, included: Included = PRODUCTS_ONLY): CustomerTotals {
  const { orderCount, customer, day, flags, discountMinor, leadProduct, refunds } = columns;
  const count = columns.customerIds.length;
  const orders = new Int32Array(count);
  const firstDay = new Int32Array(count);
  const lastDay = new Int32Array(count);
  const firstProduct = new Int32Array(count).fill(-1);
  const netMinor = new Float64Array(count);
  for (let i = 0; i < orderCount; i++) {
    const who = customer[i] as number;
    if (who < 0 || isLeftOut(flags[i] as number)) continue;
    const on = day[i] as number;
    if (orders[who] === 0) {
      firstDay[who] = on;
      firstProduct[who] = leadProduct[i] as number;
    }
    orders[who] = (orders[who] as number) + 1;
    lastDay[who] = on;
    netMinor[who] = (netMinor[who] as number) + grossOf(columns, i, included) - (discountMinor[i] as number);
  }
  for (let r = 0; r < refunds.count; r++) {
    const order = refunds.order[r] as number;
    const who = customer[order] as number;
    if (who < 0 || isLeftOut(flags[order] as number)) continue;
    netMinor[who] = (netMinor[who] as number) - refundOf(refunds, r, included);
  }
  return {
    included,
    orders: narrowed(orders),
    firstDay: narrowed(firstDay),
    lastDay: narrowed(lastDay),
    firstProduct: narrowed(firstProduct),
    netMinor: narrowed(netMinor),
    commonFirstProductIds: commonProducts(columns, firstProduct),
  };
}

export function isLeftOut(flags: number): boolean {
  return (flags & (ORDER_FLAGS.test | ORDER_FLAGS.cancelled)) !== 0;
}

function commonProducts({ productIds }: OrderColumns, firstProduct: Int32Array): number[] {
  const customers = new Int32Array(productIds.length);
  for (const product of firstProduct) {
    if (product >= 0) customers[product] = (customers[product] as number) + 1;
  }
  return Array.from(customers, (count, product) => ({ count, product }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.product - b.product)
    .slice(0, COMMON_PRODUCTS)
    .map(({ product }) => productIds[product] as number);
}

export function sameIncluded(a: Included, b: Included): boolean {
  return a.tax === b.tax && a.shipping === b.shipping && a.giftCards === b.giftCards;
}

export function totalsBytes(totals: CustomerTotals): number {
  const { orders, firstDay, lastDay, firstProduct, netMinor } = totals;
  return [orders, firstDay, lastDay, firstProduct, netMinor].reduce(
    (sum, { byteLength }) => sum + byteLength,
    0,
  );
}
