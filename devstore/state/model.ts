/**
 * What one local Shopify knows: plain data that can be written to a file and read back. Only `devstore/state` changes it
 * (actions.ts, one function per thing that can happen at a shop); the Admin API, the pages and the control API read it.
 *
 * Amounts are integer minor units of the shop's currency, times epoch milliseconds, ids the numbers inside global ids.
 */
export interface World {
  /** Added to the real clock: the control API can move time. */
  clockOffsetMs: number;
  /** Next number of any id; ids only grow, as at Shopify. */
  nextId: number;
  shops: Map<string, ShopState>;
}

export interface ShopState {
  id: number;
  /** demo.myshopify.com: also the key in `World.shops`. */
  domain: string;
  name: string;
  email: string;
  currency: string;
  timeZone: string;
  countryCode: string;
  locale: string;
  plan: "basic" | "grow" | "advanced" | "plus";
  taxesIncluded: boolean;
  createdAt: number;
  products: Map<number, ProductState>;
  variants: Map<number, VariantState>;
  customers: Map<number, CustomerState>;
  orders: Map<number, OrderState>;
  checkouts: Map<number, CheckoutState>;
  disputes: Map<number, DisputeState>;
  /** Metafields by owner's global id, then `namespace.key`. */
  metafields: Map<string, Map<string, MetafieldState>>;
  installation: InstallationState | null;
}

export interface InstallationState {
  installedAt: number;
  scopes: string[];
  /** Valid tokens; an uninstall empties both. */
  accessTokens: Map<string, { expiresAt: number | null }>;
  refreshTokens: Map<string, { expiresAt: number; usedAt: number | null }>;
}

export interface ProductState {
  id: number;
  title: string;
  handle: string;
  productType: string;
  vendor: string;
  status: "ACTIVE" | "ARCHIVED" | "DRAFT";
  tags: string[];
  isGiftCard: boolean;
  variantIds: number[];
  createdAt: number;
  updatedAt: number;
}

export interface VariantState {
  id: number;
  productId: number;
  inventoryItemId: number;
  title: string;
  sku: string | null;
  priceMinor: number;
  unitCostMinor: number | null;
  createdAt: number;
  updatedAt: number;
}

export interface CustomerState {
  id: number;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  phone: string | null;
  state: "DECLINED" | "DISABLED" | "ENABLED" | "INVITED";
  tags: string[];
  acceptsMarketing: boolean;
  locale: string;
  countryCode: string | null;
  createdAt: number;
  updatedAt: number;
}

export interface OrderState {
  id: number;
  /** 1001, 1002, ...; the name is `#1001`. */
  number: number;
  customerId: number | null;
  email: string | null;
  createdAt: number;
  processedAt: number;
  updatedAt: number;
  closedAt: number | null;
  cancelledAt: number | null;
  cancelReason: "CUSTOMER" | "DECLINED" | "FRAUD" | "INVENTORY" | "OTHER" | "STAFF" | null;
  test: boolean;
  /** web, pos, shopify_draft_order, subscription_contract, ... */
  sourceName: string;
  tags: string[];
  taxesIncluded: boolean;
  presentmentCurrency: string;
  /** Presentment units per shop unit; 1 where the currencies are the same. */
  presentmentRate: number;
  /** Not null for a B2B order. */
  companyId: number | null;
  shippingCountry: string | null;
  discountCodes: string[];
  firstVisit: {
    source: string;
    landingPage: string | null;
    referrerUrl: string | null;
    occurredAt: number;
  } | null;
  edited: boolean;
  lines: LineState[];
  /** Shopify's journal: everything ever sold, edited and given back, in order of time. */
  agreements: AgreementState[];
  transactions: TransactionState[];
}

export interface LineState {
  id: number;
  productId: number | null;
  variantId: number | null;
  title: string;
  sku: string | null;
  /** As ordered; edits change `currentQuantity` (and add lines), refunds lower it. */
  quantity: number;
  currentQuantity: number;
  refundableQuantity: number;
  unitPriceMinor: number;
  /** Discount over all `quantity` units. */
  discountMinor: number;
  isGiftCard: boolean;
  /** Name of the selling plan where the line renews or starts a subscription. */
  sellingPlanName: string | null;
}

export interface AgreementState {
  id: number;
  kind: "ORDER" | "ORDER_EDIT" | "REFUND" | "RETURN";
  happenedAt: number;
  refund: RefundState | null;
  sales: SaleState[];
}

/** One sale of the journal. Amounts are negative where value goes back to the shopper. */
export interface SaleState {
  id: number;
  actionType: "ORDER" | "RETURN" | "UPDATE";
  lineType:
    | "ADDITIONAL_FEE"
    | "ADJUSTMENT"
    | "DUTY"
    | "FEE"
    | "GIFT_CARD"
    | "PRODUCT"
    | "SHIPPING"
    | "TIP"
    | "UNKNOWN";
  /** For PRODUCT and GIFT_CARD. */
  lineId: number | null;
  quantity: number | null;
  /** After discounts, with tax, as Shopify's totalAmount. */
  totalMinor: number;
  taxMinor: number;
  discountBeforeTaxMinor: number;
  discountAfterTaxMinor: number;
}

export interface RefundState {
  id: number;
  createdAt: number;
  note: string | null;
  totalMinor: number;
  /** Given as store credit instead of money. */
  storeCredit: boolean;
  lines: { lineId: number; quantity: number; subtotalMinor: number; taxMinor: number; restocked: boolean }[];
  shippingMinor: number;
  adjustmentMinor: number;
}

export interface TransactionState {
  id: number;
  kind: "AUTHORIZATION" | "CAPTURE" | "REFUND" | "SALE" | "VOID";
  status: "FAILURE" | "PENDING" | "SUCCESS";
  gateway: string;
  amountMinor: number;
  processedAt: number;
}

export interface CheckoutState {
  id: number;
  customerId: number | null;
  createdAt: number;
  updatedAt: number;
  completedAt: number | null;
  lines: { variantId: number; quantity: number }[];
  totalMinor: number;
}

export interface DisputeState {
  id: number;
  orderId: number;
  amountMinor: number;
  reason: string;
  status: "LOST" | "NEEDS_RESPONSE" | "UNDER_REVIEW" | "WON";
  createdAt: number;
}

export interface MetafieldState {
  id: number;
  namespace: string;
  key: string;
  type: string;
  value: string;
  /** Opaque version for compare-and-set. */
  compareDigest: string;
  updatedAt: number;
}
