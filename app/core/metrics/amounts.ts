/** What an order charged and a refund gave back, under the merchant's switches for tax, shipping and gift cards. */
import type { OrderColumns, RefundColumns } from "./order-columns.ts";
import { roundHalfAway } from "./rounding.ts";

/** What counts as revenue beside products. Tips, duties and fees never do. */
export interface Included {
  tax: boolean;
  shipping: boolean;
  /** Gift cards sold. Their later use buys products and counts there in any case. */
  giftCards: boolean;
}

export const PRODUCTS_ONLY: Included = { tax: false, shipping: false, giftCards: false };

/** The day on which a refund lowers revenue: that of the order, or its own. */
export type RefundBasis = "order date" | "refund date";

export function grossOf(columns: OrderColumns, order: number, included: Included): number {
  let minor = columns.grossMinor[order] as number;
  if (included.tax) minor += columns.taxMinor[order] as number;
  if (included.shipping) minor += columns.shippingMinor[order] as number;
  if (included.giftCards) minor += columns.giftCardMinor[order] as number;
  return minor;
}

export function refundOf(refunds: RefundColumns, refund: number, included: Included): number {
  let minor = refunds.productMinor[refund] as number;
  if (included.tax) minor += refunds.taxMinor[refund] as number;
  if (included.shipping) minor += refunds.shippingMinor[refund] as number;
  if (included.giftCards) minor += refunds.giftCardMinor[refund] as number;
  return minor;
}

/** Sums from which a margin is taken; they add up over any grouping of orders. */
export interface MarginParts {
  /** Net sales of products. */
  productNetMinor: number;
  /** The part of it whose unit costs are known. */
  costedNetMinor: number;
  costMinor: number;
}

/**
 * Net sales less unit costs where these are known, and the merchant's flat margin on the rest. Without a flat margin the
 * rest counts nothing; `null` when that leaves nothing known at all.
 */
export function marginOf(parts: MarginParts, flatMarginBasisPoints: number | null): number | null {
  const { productNetMinor, costedNetMinor, costMinor } = parts;
  if (flatMarginBasisPoints === null) {
    const nothingKnown = costedNetMinor === 0 && costMinor === 0 && productNetMinor !== 0;
    return nothingKnown ? null : costedNetMinor - costMinor;
  }
  const flat = ((productNetMinor - costedNetMinor) * flatMarginBasisPoints) / 10_000;
  return costedNetMinor - costMinor + roundHalfAway(flat);
}
