/** An order's totals and status as Shopify shows them, all folded from its journal and its transactions. */
import type { OrderState, SaleState } from "./model.ts";

export type FinancialStatus =
  "AUTHORIZED" | "PAID" | "PARTIALLY_PAID" | "PARTIALLY_REFUNDED" | "PENDING" | "REFUNDED" | "VOIDED";

/** `current...` is after edits, returns and refunds; the others are before them, with what edits added. */
export interface OrderTotals {
  /** As placed. */
  originalTotalMinor: number;
  totalMinor: number;
  currentTotalMinor: number;
  /** Products and gift cards after discounts; with tax where prices include it. */
  subtotalMinor: number;
  currentSubtotalMinor: number;
  /** As shown: with tax where prices include it. */
  discountMinor: number;
  currentDiscountMinor: number;
  taxMinor: number;
  currentTaxMinor: number;
  /** After its discounts; with tax where prices include it. */
  shippingMinor: number;
  currentShippingMinor: number;
  tipMinor: number;
  dutyMinor: number;
  currentDutyMinor: number;
  feeMinor: number;
  currentFeeMinor: number;
  /** Payments taken. */
  receivedMinor: number;
  /** Money and store credit given back. */
  refundedMinor: number;
  refundedShippingMinor: number;
  /** Received less refunded. */
  netPaymentMinor: number;
  /** Still owed by the shopper; negative: owed to them. */
  outstandingMinor: number;
  currentQuantity: number;
}

export function orderTotals(order: OrderState): OrderTotals {
  const sold = blank();
  const all = blank();
  for (const { sales } of order.agreements) {
    for (const sale of sales) {
      add(all, sale, order.taxesIncluded);
      if (sale.actionType === "ORDER") add(sold, sale, order.taxesIncluded);
    }
  }
  const receivedMinor = receivedOf(order);
  const refundedMinor = refundedOf(order);
  const netPayment = receivedMinor - refundedMinor;
  const original = order.agreements[0]?.sales.reduce((sum, { totalMinor }) => sum + totalMinor, 0) ?? 0;
  return {
    originalTotalMinor: original,
    totalMinor: sold.total,
    currentTotalMinor: all.total,
    subtotalMinor: sold.subtotal,
    currentSubtotalMinor: all.subtotal,
    discountMinor: sold.discount,
    currentDiscountMinor: all.discount,
    taxMinor: sold.tax,
    currentTaxMinor: all.tax,
    shippingMinor: sold.shipping,
    currentShippingMinor: all.shipping,
    tipMinor: sold.tip,
    dutyMinor: sold.duty,
    currentDutyMinor: all.duty,
    feeMinor: sold.fee,
    currentFeeMinor: all.fee,
    receivedMinor,
    refundedMinor,
    refundedShippingMinor: sold.shipping - all.shipping,
    netPaymentMinor: netPayment,
    outstandingMinor: all.total - netPayment,
    currentQuantity: order.lines.reduce((sum, line) => sum + line.currentQuantity, 0),
  };
}

export function financialStatus(order: OrderState): FinancialStatus {
  const received = receivedOf(order);
  if (received === 0) {
    const succeeded = order.transactions.filter(({ status }) => status === "SUCCESS");
    if (order.cancelledAt !== null || succeeded.some(({ kind }) => kind === "VOID")) return "VOIDED";
    if (succeeded.some(({ kind }) => kind === "AUTHORIZATION")) return "AUTHORIZED";
    return originalIsFree(order) ? "PAID" : "PENDING";
  }
  const refunded = refundedOf(order);
  if (refunded >= received) return "REFUNDED";
  if (refunded > 0) return "PARTIALLY_REFUNDED";
  return received < currentTotalMinor(order) ? "PARTIALLY_PAID" : "PAID";
}

/** Sum of the journal. */
export function currentTotalMinor(order: OrderState): number {
  let sum = 0;
  for (const { sales } of order.agreements) for (const sale of sales) sum += sale.totalMinor;
  return sum;
}

export function netPaymentMinor(order: OrderState): number {
  return receivedOf(order) - refundedOf(order);
}

function receivedOf(order: OrderState): number {
  let sum = 0;
  for (const { kind, status, amountMinor } of order.transactions)
    if ((kind === "SALE" || kind === "CAPTURE") && status === "SUCCESS") sum += amountMinor;
  return sum;
}

function refundedOf(order: OrderState): number {
  let sum = 0;
  for (const { kind, status, amountMinor } of order.transactions)
    if (kind === "REFUND" && status === "SUCCESS") sum += amountMinor;
  return sum;
}

function originalIsFree(order: OrderState): boolean {
  return order.agreements.every(({ sales }) =>
    sales.every(({ actionType, totalMinor }) => actionType !== "ORDER" || totalMinor === 0),
  );
}

function blank() {
  return { total: 0, subtotal: 0, discount: 0, tax: 0, shipping: 0, tip: 0, duty: 0, fee: 0 };
}

function add(sum: ReturnType<typeof blank>, sale: SaleState, taxesIncluded: boolean): void {
  const shown = taxesIncluded ? sale.totalMinor : sale.totalMinor - sale.taxMinor;
  sum.total += sale.totalMinor;
  sum.tax += sale.taxMinor;
  sum.discount += taxesIncluded ? sale.discountAfterTaxMinor : sale.discountBeforeTaxMinor;
  switch (sale.lineType) {
    case "PRODUCT":
    case "GIFT_CARD":
      sum.subtotal += shown;
      break;
    case "SHIPPING":
      sum.shipping += shown;
      break;
    case "TIP":
      sum.tip += shown;
      break;
    case "DUTY":
      sum.duty += shown;
      break;
    case "ADDITIONAL_FEE":
    case "FEE":
      sum.fee += shown;
  }
}
