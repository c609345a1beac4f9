/** The columns of what bulk writers write, in the order in which they write them. */
import type { CustomerRow, OrderLineRow, OrderRow, RefundRow } from "../order-rows.ts";

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

/** A row's values in the order of its columns. */
export function valuesOf<Row extends object>(
  row: Row,
  columns: readonly (keyof Row)[],
): (number | string | boolean | null)[] {
  const values: (number | string | boolean | null)[] = [];
  for (const column of columns) values.push(row[column] as number | string | boolean | null);
  return values;
}
