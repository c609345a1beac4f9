/**
 * A shop's past as facts, before it is a Shopify: what a generator or a file of orders yields, and what the store is
 * filled from (state/fill.ts). Keys are the source's own and only join things here; amounts are integer minor units of
 * the shop's currency, times epoch milliseconds.
 */
export interface ShopHistory {
  shop: {
    name: string;
    currency: string;
    timeZone: string;
    countryCode: string;
    taxesIncluded: boolean;
  };
  products: HistoryProduct[];
  customers: HistoryCustomer[];
  /** In order of `placedAt`. */
  orders: HistoryOrder[];
  checkouts: HistoryCheckout[];
}

export interface HistoryProduct {
  key: string;
  title: string;
  productType: string;
  vendor: string;
  isGiftCard: boolean;
  createdAt: number;
  variants: { key: string; title: string; priceMinor: number; unitCostMinor: number | null }[];
}

export interface HistoryCustomer {
  key: string;
  /** Names and addresses of a generated person; a real file has none. */
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  state: "DISABLED" | "ENABLED";
  tags: string[];
  acceptsMarketing: boolean;
  countryCode: string | null;
  createdAt: number;
}

export interface HistoryOrder {
  key: string;
  /** `null` for a guest. */
  customerKey: string | null;
  placedAt: number;
  lines: HistoryLine[];
  /** Charged, after discounts; without tax. */
  shippingMinor: number;
  shippingTaxMinor: number;
  tipMinor: number;
  /** Payment: when the money came, `null` while it is owed. */
  paidAt: number | null;
  /** Paid with a gift card up to this amount, the rest by card. */
  giftCardPaymentMinor: number;
  cancelledAt: number | null;
  test: boolean;
  sourceName: string;
  companyKey: string | null;
  shippingCountry: string | null;
  discountCodes: string[];
  firstVisitSource: string | null;
  presentmentCurrency: string;
  presentmentRate: number;
  edits: HistoryEdit[];
  refunds: HistoryRefund[];
}

export interface HistoryLine {
  /** Index in the order's `lines` is how edits and refunds name it. `null` product: a custom line. */
  productKey: string | null;
  variantKey: string | null;
  title: string;
  quantity: number;
  /** List price of one unit, without tax. */
  unitPriceMinor: number;
  /** Over all units, without tax. */
  discountMinor: number;
  taxMinor: number;
  sellingPlanName: string | null;
}

/** A later change of the order: added lines (appended to `lines` by index order) and lowered quantities. */
export interface HistoryEdit {
  happenedAt: number;
  addedLines: HistoryLine[];
  /** New quantities of existing lines. */
  quantities: { line: number; quantity: number }[];
}

export interface HistoryRefund {
  happenedAt: number;
  /** `amountMinor`: product value given back, without tax. */
  lines: { line: number; quantity: number; amountMinor: number; taxMinor: number }[];
  shippingMinor: number;
  shippingTaxMinor: number;
  /** Given back without naming a line. */
  adjustmentMinor: number;
  storeCredit: boolean;
}

export interface HistoryCheckout {
  customerKey: string | null;
  createdAt: number;
  completedAt: number | null;
  lines: { variantKey: string; quantity: number }[];
}
