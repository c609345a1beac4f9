/** Columns from orders written by hand, for the tests of the figures. */
import { dayFromIso } from "../../app/core/calendar.ts";
import {
  buildLineColumns,
  lineRows,
  type LineColumns,
  type LineRows,
} from "../../app/core/metrics/line-columns.ts";
import {
  addOrderRow,
  buildOrderColumns,
  orderRows,
  refundRows,
  type OrderColumns,
  type ShopFacts,
} from "../../app/core/metrics/order-columns.ts";
import { addRow } from "../../app/core/metrics/row-buffer.ts";

export interface SampleRefund {
  /** ISO date. */
  on: string;
  productMinor?: number;
  shippingMinor?: number;
  taxMinor?: number;
  giftCardMinor?: number;
  costMinor?: number;
}

export interface SampleLine {
  product: number;
  quantity?: number;
  netMinor?: number;
  refundMinor?: number;
}

export interface SampleOrder {
  id?: number;
  /** ISO date, or date and time in UTC. */
  on: string;
  /** Leave out for a guest. */
  customer?: number;
  product?: number;
  /** Where the first visit came from. */
  source?: string;
  flags?: number;
  grossMinor?: number;
  discountMinor?: number;
  shippingMinor?: number;
  taxMinor?: number;
  tipMinor?: number;
  giftCardMinor?: number;
  costMinor?: number;
  costedNetMinor?: number;
  differenceMinor?: number;
  refunds?: SampleRefund[];
  lines?: SampleLine[];
}

export const SAMPLE_FACTS: ShopFacts = {
  shopId: 1,
  currency: "EUR",
  timeZone: "UTC",
  flatMarginBasisPoints: null,
  installGeneration: 1,
  dataVersion: 1,
  readAt: 0,
  syncComplete: true,
  readableFromDay: null,
  unreadableOrders: 0,
};

export function sampleRows(orders: readonly SampleOrder[]) {
  const rows = orderRows();
  const refunds = refundRows();
  orders.forEach((order, index) => {
    const id = order.id ?? index + 1;
    const day = dayFromIso(order.on.slice(0, 10));
    addOrderRow(rows, [
      id,
      Date.parse(order.on.length > 10 ? order.on : `${order.on}T12:00:00Z`),
      day,
      order.customer ?? null,
      order.flags ?? 0,
      order.product ?? null,
      order.grossMinor ?? 0,
      order.discountMinor ?? 0,
      order.shippingMinor ?? 0,
      order.taxMinor ?? 0,
      order.tipMinor ?? 0,
      order.giftCardMinor ?? 0,
      order.costMinor ?? 0,
      order.costedNetMinor ?? 0,
      order.differenceMinor ?? 0,
      order.source ?? null,
    ]);
    for (const refund of order.refunds ?? []) {
      addRow(refunds, [
        id,
        dayFromIso(refund.on),
        refund.productMinor ?? 0,
        refund.shippingMinor ?? 0,
        refund.taxMinor ?? 0,
        refund.giftCardMinor ?? 0,
        refund.costMinor ?? 0,
      ]);
    }
  });
  return { rows, refunds };
}

export function sampleColumns(
  orders: readonly SampleOrder[],
  facts: Partial<ShopFacts> = {},
  excludedCustomers: readonly number[] = [],
): OrderColumns {
  const { rows, refunds } = sampleRows(orders);
  return buildOrderColumns({ ...SAMPLE_FACTS, ...facts }, rows, refunds, excludedCustomers);
}

export function sampleLineRows(orders: readonly SampleOrder[]): LineRows {
  const rows = lineRows();
  orders.forEach((order, index) => {
    for (const { product, quantity = 1, netMinor = 0, refundMinor = 0 } of order.lines ?? []) {
      addRow(rows, [order.id ?? index + 1, product, quantity, netMinor, refundMinor]);
    }
  });
  return rows;
}

/** The lines of orders that `columns` were made from. */
export function sampleLines(columns: OrderColumns, orders: readonly SampleOrder[]): LineColumns {
  return buildLineColumns(columns, sampleLineRows(orders));
}
