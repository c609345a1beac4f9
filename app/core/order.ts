/**
 * The one shape of an order inside Perennial: backfill, webhook and reconciliation all map Shopify's answer to it, and
 * everything that stores or counts orders starts from it.
 *
 * Units: `...Minor` are integers in minor units of the shop's currency; times are epoch milliseconds; a `day` is the
 * number of days since 1970-01-01 in the shop's own time zone. Ids are the numeric part of Shopify's global ids, all
 * below 2^53.
 *
 * All amounts are without tax, whether or not the shop's prices include it; tax stands beside them. They are folded from
 * Shopify's own journal of the order (`Order.agreements { sales }`): what was sold by the order and its later edits
 * counts at the order's date, what was given back counts as a refund of its own day.
 */
export interface Order {
  id: number;
  /** `null` for a guest: Shopify names no customer. */
  customerId: number | null;
  /** When Shopify made the record; the backfill's windows run over it. */
  createdAt: number;
  /** When the purchase happened (Shopify's processedAt): an imported order keeps its original date. */
  placedAt: number;
  updatedAt: number;
  /** Shop-local day of `placedAt`. */
  day: number;

  /** Product sales at list price, before discounts, without gift cards. */
  grossMinor: number;
  /** Discounts on products, positive. */
  discountMinor: number;
  /** Shipping charged, after its own discounts. */
  shippingMinor: number;
  /** All tax charged: on products, shipping and fees. */
  taxMinor: number;
  tipMinor: number;
  /** Gift cards sold. Not revenue: the card's later use buys products and is counted there, once. */
  giftCardMinor: number;
  /** Duties and additional fees charged. */
  feeMinor: number;
  /** Product value given back, after discounts, with refunds that name no line; the sum of `refunds[].productMinor`. */
  refundMinor: number;
  /** Net product sales: gross - discounts - refunds. */
  netMinor: number;
  /**
   * Shopify's own current total minus the journal's sum: 0 unless the journal is incomplete. Shown as a coverage figure,
   * never corrected away.
   */
  differenceMinor: number;
  /** ISO 4217 code and total at the time of sale, in the currency that the shopper saw. */
  presentmentCurrency: string;
  presentmentTotalMinor: number;

  /** Shopify's sourceName: web, pos, shopify_draft_order, an app's id. */
  channel: string;
  /** Source of the customer's first visit, from customerJourneySummary; `null` where Shopify names none. */
  firstSource: string | null;
  /** ISO 3166-1 alpha-2. */
  shippingCountry: string | null;
  discountCodes: readonly string[];
  financialStatus: FinancialStatus;
  /** When the last successful payment was taken; `null` while nothing is paid. */
  paidAt: number | null;
  cancelledAt: number | null;
  isTest: boolean;
  isDraft: boolean;
  isSubscription: boolean;
  isPos: boolean;
  isB2b: boolean;

  lines: readonly OrderLine[];
  refunds: readonly Refund[];
}

export type FinancialStatus =
  | "authorized"
  | "expired"
  | "paid"
  | "partially_paid"
  | "partially_refunded"
  | "pending"
  | "refunded"
  | "voided"
  | "unknown";

export interface OrderLine {
  id: number;
  productId: number | null;
  variantId: number | null;
  /** Units sold after edits, before refunds. */
  quantity: number;
  /** Price of one unit as the shop listed it, tax included where the shop's prices include it. */
  listPriceMinor: number;
  /** List value of all units without tax. */
  grossMinor: number;
  discountMinor: number;
  /** gross - discount, before refunds. */
  netMinor: number;
  taxMinor: number;
  refundedQuantity: number;
  refundMinor: number;
  /** Cost of one unit as snapshotted by Perennial; `null` where the merchant gave none. */
  unitCostMinor: number | null;
  isGiftCard: boolean;
}

/** What one refund or return gave back, positive, on its own day. */
export interface Refund {
  /** Id of the sales agreement that records it: unique within the order. */
  id: number;
  refundedAt: number;
  /** Shop-local day of `refundedAt`. */
  day: number;
  productMinor: number;
  shippingMinor: number;
  taxMinor: number;
  giftCardMinor: number;
  /** Tips, duties and fees given back. */
  otherMinor: number;
  /** Units that came back, by line; a refund of money alone names none. */
  returnedUnits: readonly { lineId: number; quantity: number }[];
}
