/** The columns of what bulk writers write, in the order in which they write them. */
import type { CopyValue } from "./copy-into.ts";
import type { CheckoutRow, CustomerRow, OrderLineRow, OrderRow, RefundRow } from "../order-rows.ts";

export const ORDER_COLUMNS = [
  "shopId",
  "id",
  "customerId",
  "createdAt",
  "placedAt",
  "updatedAt",
  "day",
  "grossMinor",
  "discountMinor",
  "shippingMinor",
  "taxMinor",
  "tipMinor",
  "giftCardMinor",
  "feeMinor",
  "refundMinor",
  "netMinor",
  "costMinor",
  "costedNetMinor",
  "differenceMinor",
  "presentmentCurrency",
  "presentmentTotalMinor",
  "channel",
  "firstSource",
  "shippingCountry",
  "discountCodes",
  "financialStatus",
  "paidAt",
  "cancelledAt",
  "flags",
  "leadProductId",
  "version",
] as const satisfies (keyof OrderRow)[];

export const LINE_COLUMNS = [
  "shopId",
  "orderId",
  "id",
  "productId",
  "variantId",
  "quantity",
  "listPriceMinor",
  "grossMinor",
  "discountMinor",
  "netMinor",
  "taxMinor",
  "refundedQuantity",
  "refundMinor",
  "unitCostMinor",
  "isGiftCard",
] as const satisfies (keyof OrderLineRow)[];

export const REFUND_COLUMNS = [
  "shopId",
  "orderId",
  "id",
  "refundedAt",
  "day",
  "productMinor",
  "shippingMinor",
  "taxMinor",
  "giftCardMinor",
  "otherMinor",
  "costMinor",
] as const satisfies (keyof RefundRow)[];

export const CUSTOMER_COLUMNS = [
  "shopId",
  "id",
  "createdAt",
  "updatedAt",
  "state",
  "excluded",
  "version",
] as const satisfies (keyof CustomerRow)[];

export const CHECKOUT_COLUMNS = [
  "shopId",
  "id",
  "customerId",
  "createdAt",
  "updatedAt",
  "completedAt",
] as const satisfies (keyof CheckoutRow)[];

export type BulkRow = OrderRow | OrderLineRow | RefundRow | CustomerRow | CheckoutRow;

/**
 * A row's values in the order of its columns: rows are made with their keys in this order (a test holds them to it), and
 * reading thirty columns by name for every order takes longer than SQLite takes to store them.
 */
export function valuesOf(row: BulkRow): CopyValue[] {
  return Object.values(row) as CopyValue[];
}
