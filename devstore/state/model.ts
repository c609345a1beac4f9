/**
 * What one local Shopify knows: plain data that can be written to a file and read back. Only `devstore/state` changes it
 * (actions.ts, one function per thing that can happen at a shop); the Admin API, the pages and the control API read it.
 *
 * Amounts are integer minor units of the shop's currency, times epoch milliseconds, ids the numbers inside global ids.
 */
export interface World {
  /** Added to the real clock: the control API can move time. */
  clockOffsetMs: number;
  /** Last id given out, by kind: ids only grow, as at Shopify (`newId` in world.ts). */
  ids: Record<IdKind, number>;
  /** By the shop's domain. */
  shops: Map<string, ShopState>;
  /** What goes wrong, and how often (chaos.ts). */
  chaos: ChaosState;
  /** Webhooks on their way and the latest that arrived or were given up, oldest first. */
  deliveries: Map<number, DeliveryState>;
  /** What is due later by the world's clock. */
  scheduled: ScheduledState[];
}

export type IdKind =
  | "agreement"
  | "bulkOperation"
  | "checkout"
  | "collection"
  | "company"
  | "customer"
  | "dataRequest"
  | "delivery"
  | "discount"
  | "dispute"
  | "fulfillment"
  | "fulfillmentEvent"
  | "giftCard"
  | "inventoryItem"
  | "job"
  | "line"
  | "metafield"
  | "order"
  | "product"
  | "refund"
  | "return"
  | "sale"
  | "shippingLine"
  | "shop"
  | "stagedUpload"
  | "storeCreditAccount"
  | "storeCreditTransaction"
  | "transaction"
  | "variant"
  | "webhookSubscription";

/** How often a fault strikes: the next `next` times for certain, after that with `probability`. */
export interface Chance {
  probability: number;
  next: number;
}

export interface ChaosState extends Record<Fault, Chance> {
  seed: number;
  /** How many random numbers were drawn from the seed. */
  drawn: number;
  /** The longest that a delayed webhook waits, in real milliseconds. */
  webhookDelayMs: number;
}

export type Fault =
  | "duplicateWebhook"
  | "dropWebhook"
  | "delayWebhook"
  | "reorderWebhook"
  /** The Admin API's faults, which it looks up itself. */
  | "answer429"
  | "answer500"
  | "cutAnswerAfterWork"
  | "stallBulk"
  | "failBulk"
  | "expireBulkUrl"
  | "loseBulkFinishWebhook";

export interface DeliveryState {
  id: number;
  /** The app that it goes to. */
  clientId: string;
  shopDomain: string;
  topic: string;
  url: string;
  /** X-Shopify-Webhook-Id: the same for every attempt and for a duplicate. */
  webhookId: string;
  /** X-Shopify-Event-Id: the same for all topics that one change triggers. */
  eventId: string;
  apiVersion: string;
  triggeredAt: number;
  /** The raw body, made when the event happened: a retry sends the original payload. */
  body: string;
  status: "DELIVERED" | "DROPPED" | "GIVEN_UP" | "HELD" | "WAITING";
  attempts: { at: number; status: number | null; error: string | null; tookMs: number }[];
  /** When the next attempt is due, by the world's clock. */
  dueAt: number;
  /** What chaos did to it. */
  chaos: ("delayed" | "duplicate" | "dropped" | "reordered")[];
}

interface ScheduledState {
  dueAt: number;
  shopDomain: string;
  kind: "shop/redact";
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
  updatedAt: number;
  nextOrderNumber: number;
  /** Grows with every change of the shop's data: indexes made from it are good while it stands. */
  revision: number;
  products: Map<number, ProductState>;
  variants: Map<number, VariantState>;
  collections: Map<number, CollectionState>;
  customers: Map<number, CustomerState>;
  orders: Map<number, OrderState>;
  checkouts: Map<number, CheckoutState>;
  disputes: Map<number, DisputeState>;
  discounts: Map<number, DiscountState>;
  giftCards: Map<number, GiftCardState>;
  storeCreditAccounts: Map<number, StoreCreditAccountState>;
  /** Metafields by owner's global id, then `namespace.key`. */
  metafields: Map<string, Map<string, MetafieldState>>;
  installation: InstallationState | null;
  /** Where it sells, its own country first; none is its own country alone. */
  markets: MarketState[];
  onlineStore: OnlineStoreState;
  /** Not there where Flow was never used. */
  flow?: FlowState;
  /** Not there where no app has made one. */
  validations?: ValidationState[];
}

/** A function of an app's that checks carts before they may become orders. */
export interface ValidationState {
  id: number;
  handle: string;
  title: string;
  enabled: boolean;
  /** Whether a function that fails keeps everybody from buying. */
  blockOnFailure: boolean;
  /** The app's own, for `$app`. */
  namespace: string;
}

/** Shopify Flow at a shop. */
export interface FlowState {
  /** Handles of triggers that a workflow which is on begins with. */
  usedTriggers: string[];
  /** The latest last. */
  received: {
    handle: string;
    payload: Record<string, unknown>;
    at: number;
    /** Whether a workflow began with it. */
    startsWorkflow: boolean;
  }[];
}

/** Prices there are the shop's own by the rate. */
export interface MarketState {
  country: string;
  currency: string;
  /** Units of its currency per unit of the shop's. */
  rate: number;
  /** The first of the first market is the shop's primary one. */
  languages: string[];
}

interface OnlineStoreState {
  /** The published theme. */
  theme: string;
  /** JSON files of themes that the merchant changed in the editor, by `theme/path`. */
  files: Record<string, unknown>;
}

export interface InstallationState {
  installedAt: number;
  scopes: string[];
  /** Valid tokens; an uninstall empties both. */
  accessTokens: Map<string, { expiresAt: number | null }>;
  refreshTokens: Map<string, { expiresAt: number; usedAt: number | null }>;
  /** What the app has asked to hear of this shop beside what its toml names; not there where it never asked. */
  subscriptions?: WebhookSubscriptionState[];
}

export interface WebhookSubscriptionState {
  id: number;
  clientId: string;
  /** As the Admin API names it: DISPUTES_CREATE. */
  topic: string;
  url: string;
  /** Paths of the payload to send; all of it where empty. */
  includeFields: string[];
  createdAt: number;
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
  /** It cannot be bought now. */
  soldOut?: boolean;
  createdAt: number;
  /** Its inventory item, which holds the unit cost, changes with it. */
  updatedAt: number;
}

export interface CollectionState {
  id: number;
  title: string;
  productIds: number[];
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
  /** Where it goes and who pays for it; not there where nobody said. */
  address?: AddressState;
  /** As the shopper's browser was seen at checkout; not there where no browser ordered. */
  clientIp?: string;
  /** The cart's attributes. */
  customAttributes?: { key: string; value: string }[];
  discountCodes: string[];
  /** What each of the codes took off, where they are discounts of the shop; not there where an order only names codes. */
  discounts?: DiscountUseState[];
  firstVisit: {
    source: string;
    landingPage: string | null;
    referrerUrl: string | null;
    occurredAt: number;
  } | null;
  edited: boolean;
  lines: LineState[];
  shippingLine: ShippingLineState | null;
  /** Shopify's journal: everything ever sold, edited and given back, in order of time. */
  agreements: AgreementState[];
  transactions: TransactionState[];
  /** What was sent; not there where nothing was. */
  fulfillments?: FulfillmentState[];
  /** What the shopper asked to send back; not there where nobody asked. */
  returnRequests?: ReturnRequestState[];
}

export interface AddressState {
  address1: string;
  address2: string | null;
  city: string;
  zip: string;
}

/** Of a card that paid. */
export interface CardState {
  /** The first six or eight digits. */
  bin: string;
  last4: string;
}

export interface FulfillmentState {
  id: number;
  createdAt: number;
  updatedAt: number;
  lines: { lineId: number; quantity: number }[];
  tracking: { company: string | null; number: string | null; url: string | null } | null;
  estimatedDeliveryAt: number | null;
  events: { id: number; status: ShipmentStatus; happenedAt: number }[];
}

export const SHIPMENT_STATUSES = [
  "CONFIRMED",
  "IN_TRANSIT",
  "OUT_FOR_DELIVERY",
  "DELAYED",
  "ATTEMPTED_DELIVERY",
  "DELIVERED",
  "FAILURE",
] as const;
export type ShipmentStatus = (typeof SHIPMENT_STATUSES)[number];

export const RETURN_REASONS = [
  "COLOR",
  "DEFECTIVE",
  "NOT_AS_DESCRIBED",
  "OTHER",
  "SIZE_TOO_LARGE",
  "SIZE_TOO_SMALL",
  "STYLE",
  "UNKNOWN",
  "UNWANTED",
  "WRONG_ITEM",
] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];

export interface ReturnRequestState {
  id: number;
  /** `#1001-R1` */
  name: string;
  createdAt: number;
  /** Closed is one whose goods have come back. */
  status: "CLOSED" | "DECLINED" | "OPEN" | "REQUESTED";
  lines: { lineId: number; quantity: number; reason: ReturnReason; note: string | null }[];
}

/** What one discount took off an order when it was placed. */
export interface DiscountUseState {
  discountId: number;
  code: string;
  value: { kind: "amount"; amountMinor: number } | { kind: "percentage"; percentage: number };
  target: "LINE_ITEM" | "SHIPPING_LINE";
  /** Whether only some lines are entitled to it. */
  selection: "ALL" | "ENTITLED";
  allocation: "ACROSS" | "EACH";
  /** By the place of the line; as shown. */
  lineMinor: number[];
  shippingMinor: number;
}

export interface LineState {
  id: number;
  productId: number | null;
  variantId: number | null;
  title: string;
  sku: string | null;
  /** All units ever sold on this line, including those that edits removed and refunds or returns took back. */
  quantity: number;
  /** Less what edits removed and refunds or returns took back. */
  currentQuantity: number;
  /** Less what edits removed and refunds took back; a returned unit stays refundable until its money is given back. */
  refundableQuantity: number;
  /** As the shop lists it: with tax where the order's `taxesIncluded`. */
  unitPriceMinor: number;
  /** Discount over all `quantity` units, as shown: with tax where the order's `taxesIncluded`. */
  discountMinor: number;
  /** Tax over all `quantity` units. */
  taxMinor: number;
  isGiftCard: boolean;
  /** Name of the selling plan where the line renews or starts a subscription. */
  sellingPlanName: string | null;
}

/** Amounts as the shop shows them: with tax where the order's `taxesIncluded`. */
export interface ShippingLineState {
  id: number;
  title: string;
  /** Before its discount. */
  priceMinor: number;
  discountMinor: number;
  taxMinor: number;
}

export interface AgreementState {
  id: number;
  kind: "ORDER" | "ORDER_EDIT" | "REFUND" | "RETURN";
  happenedAt: number;
  /** For REFUND. */
  refund: RefundState | null;
  /** For RETURN, and for the REFUND that pays one back. */
  returnId: number | null;
  sales: SaleState[];
}

/**
 * One sale of the journal. Amounts and quantity are negative where value goes back to the shopper. List value without
 * tax = total - tax + discountBeforeTax, for every sale, whether or not the shop's prices include tax.
 */
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
  /** Money (or store credit) given back: the sum of its transactions. */
  totalMinor: number;
  /** Given as store credit instead of money. */
  storeCredit: boolean;
  /** `subtotalMinor`: after discounts, without tax. */
  lines: { lineId: number; quantity: number; subtotalMinor: number; taxMinor: number; restocked: boolean }[];
  /** Without tax. */
  shippingMinor: number;
  shippingTaxMinor: number;
  /** Given back without naming a line (positive), or kept back of what the lines are worth (negative); without tax. */
  adjustmentMinor: number;
  adjustmentTaxMinor: number;
}

export interface TransactionState {
  id: number;
  kind: "AUTHORIZATION" | "CAPTURE" | "REFUND" | "SALE" | "VOID";
  status: "FAILURE" | "PENDING" | "SUCCESS";
  gateway: string;
  amountMinor: number;
  processedAt: number;
  /** The payment that a CAPTURE, REFUND or VOID belongs to. */
  parentId: number | null;
  /** For REFUND: which one. */
  refundId: number | null;
  /** Not there where none paid. */
  card?: CardState;
}

export interface CheckoutState {
  id: number;
  customerId: number | null;
  createdAt: number;
  updatedAt: number;
  completedAt: number | null;
  lines: { variantId: number; quantity: number }[];
  totalMinor: number;
  /** The order that completed it. */
  orderId: number | null;
}

export interface DisputeState {
  id: number;
  orderId: number;
  amountMinor: number;
  reason: string;
  type: "CHARGEBACK" | "INQUIRY";
  status: "LOST" | "NEEDS_RESPONSE" | "UNDER_REVIEW" | "WON";
  createdAt: number;
  /** When it was won or lost. */
  finalizedAt: number | null;
}

/** A discount with one code. */
export interface DiscountState {
  id: number;
  code: string;
  title: string;
  createdAt: number;
  updatedAt: number;
  startsAt: number;
  endsAt: number | null;
  usageLimit: number | null;
  appliesOncePerCustomer: boolean;
  /** Who may use it; `null` is everybody. */
  customerIds: number[] | null;
  /** What the entitled lines must come to before discounts. */
  minimum: { kind: "quantity"; quantity: number } | { kind: "subtotal"; subtotalMinor: number } | null;
  combinesWith: { orderDiscounts: boolean; productDiscounts: boolean; shippingDiscounts: boolean };
  gives:
    | { kind: "amount"; amountMinor: number; onEachItem: boolean }
    | { kind: "percentage"; percentage: number }
    /** Free, where it costs no more than that. */
    | { kind: "shipping"; maximumMinor: number | null }
    /** What an app's function says, from metafields in the app's own namespace. */
    | { kind: "function"; handle: string; namespace: string };
  /** What it is for; `null` is the whole order. */
  items: { productIds: number[]; variantIds: number[] } | null;
  uses: { orderId: number; customerId: number | null; usedAt: number }[];
}

export interface GiftCardState {
  id: number;
  /** In small letters. */
  code: string;
  customerId: number | null;
  initialMinor: number;
  balanceMinor: number;
  note: string | null;
  /** The last day on which it is good, as the shop counts days. */
  expiresOn: string | null;
  createdAt: number;
  updatedAt: number;
  deactivatedAt: number | null;
}

export interface StoreCreditAccountState {
  id: number;
  customerId: number;
  currency: string;
  createdAt: number;
  transactions: StoreCreditTransactionState[];
}

export interface StoreCreditTransactionState {
  id: number;
  kind: "CREDIT" | "DEBIT" | "EXPIRATION";
  /** Negative where the balance falls. */
  amountMinor: number;
  balanceAfterMinor: number;
  event: "ADJUSTMENT" | "ORDER_CANCELLATION" | "ORDER_REFUND";
  createdAt: number;
  /** Of a CREDIT. */
  expiresAt: number | null;
  remainingMinor: number;
  /** Of an EXPIRATION: the credit whose rest it took. */
  creditId: number | null;
  /** The refund's transaction, for credit that came from an order. */
  origin: { orderId: number; transactionId: number } | null;
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
