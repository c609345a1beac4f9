/**
 * Shopify's shapes end here: orders, customers, products and checkouts as Shopify tells them become Perennial's own.
 *
 * An order's money is folded from its journal (`agreements { sales }`), every sale of which carries a total after
 * discounts with tax, its tax, and its discount before tax: net = total - tax, gross = net + discount. Sales of the order
 * and of its edits are the order's; those of refunds and returns are a refund of that agreement's own day. Parsed by hand
 * and not by zod, because a backfill passes millions of rows through here; anything amiss is an error that names the order.
 */
import type { ShopCalendar } from "../core/calendar.ts";
import { parseMinor } from "../core/money.ts";
import type { FinancialStatus, Order, OrderLine, Refund } from "../core/order.ts";
import { idOf } from "./gid.ts";
import type { AgreementNode, LineNode, OrderNode, SaleNode } from "./order-nodes.ts";

export interface MappingContext {
  calendar: ShopCalendar;
  /** The shop's currency. */
  currency: string;
}

/** What Shopify answered is not what its schema promises. Names the record so that one bad order can be found. */
export class MappingError extends Error {
  readonly resourceId: string;

  constructor(resourceId: string, cause: unknown) {
    super(`${resourceId} could not be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.name = "MappingError";
    this.resourceId = resourceId;
  }
}

export function mapOrder(node: OrderNode, context: MappingContext): Order {
  try {
    return foldOrder(node, context);
  } catch (error) {
    throw new MappingError(typeof node.id === "string" ? node.id : "an order without id", error);
  }
}

function foldOrder(node: OrderNode, { calendar, currency }: MappingContext): Order {
  const placedAt = timeOf(node.processedAt);
  const lines = new Map<string, OrderLine>();
  let isSubscription = false;
  for (const line of node.lines) {
    lines.set(line.id, unsoldLine(line, currency));
    if (line.sellingPlan) isSubscription = true;
  }

  const charged = { gross: 0, discount: 0, shipping: 0, tax: 0, tip: 0, giftCard: 0, fee: 0 };
  const refunds: Refund[] = [];
  let journalMinor = 0;
  let refundMinor = 0;

  for (const agreement of node.agreements) {
    const givesBack = isGivingBack(agreement);
    const refund = givesBack ? emptyRefund(agreement, calendar) : null;
    for (const sale of agreement.sales) {
      const total = parseMinor(sale.totalAmount.shopMoney.amount, currency);
      const tax = parseMinor(sale.totalTaxAmount.shopMoney.amount, currency);
      journalMinor += total;
      if (refund) addToRefund(refund, sale, total, tax, lineOfSale(lines, sale));
      else addToOrder(charged, sale, total, tax, discountOf(sale, currency), lineOfSale(lines, sale));
    }
    if (refund && agreement.sales.length > 0) {
      refunds.push(refund);
      refundMinor += refund.productMinor;
    }
  }

  const { amount, currencyCode } = node.originalTotalPriceSet.presentmentMoney;
  const channel = node.sourceName ?? "unknown";
  return {
    id: idOf(node.id),
    customerId: node.customer ? idOf(node.customer.id) : null,
    createdAt: timeOf(node.createdAt),
    placedAt,
    updatedAt: timeOf(node.updatedAt),
    day: calendar.dayOf(placedAt),
    grossMinor: charged.gross,
    discountMinor: charged.discount,
    shippingMinor: charged.shipping,
    taxMinor: charged.tax,
    tipMinor: charged.tip,
    giftCardMinor: charged.giftCard,
    feeMinor: charged.fee,
    refundMinor,
    netMinor: charged.gross - charged.discount - refundMinor,
    differenceMinor: parseMinor(node.currentTotalPriceSet.shopMoney.amount, currency) - journalMinor,
    presentmentCurrency: currencyCode,
    presentmentTotalMinor: parseMinor(amount, currencyCode),
    channel,
    firstSource: node.customerJourneySummary?.firstVisit?.source ?? null,
    shippingCountry: node.shippingAddress?.countryCodeV2 ?? null,
    discountCodes: node.discountCodes,
    financialStatus: financialStatusOf(node.displayFinancialStatus),
    paidAt: paidAt(node),
    cancelledAt: node.cancelledAt ? timeOf(node.cancelledAt) : null,
    isTest: node.test,
    isDraft: channel === "shopify_draft_order",
    isSubscription: isSubscription || channel.startsWith("subscription_contract"),
    isPos: channel === "pos",
    isB2b: node.purchasingEntity?.__typename === "PurchasingCompany",
    lines: soldLines(lines),
    refunds,
  };
}

function unsoldLine(line: LineNode, currency: string): OrderLine {
  const variantId = line.variant ? idOf(line.variant.id) : null;
  return {
    id: idOf(line.id),
    productId: line.product ? idOf(line.product.id) : null,
    variantId,
    quantity: 0,
    listPriceMinor: parseMinor(line.originalUnitPriceSet.shopMoney.amount, currency),
    grossMinor: 0,
    discountMinor: 0,
    netMinor: 0,
    taxMinor: 0,
    refundedQuantity: 0,
    refundMinor: 0,
    // What goods cost is known where rows are written.
    unitCostMinor: null,
    isGiftCard: line.isGiftCard,
  };
}

/** Tips are line items too, but sold as tips: what stays without a sale of its own is not a product line. */
function soldLines(lines: Map<string, OrderLine>): OrderLine[] {
  const sold: OrderLine[] = [];
  for (const line of lines.values()) {
    const untouched = line.quantity === 0 && line.refundedQuantity === 0;
    if (untouched && line.grossMinor === 0 && line.discountMinor === 0 && line.refundMinor === 0) continue;
    sold.push(line);
  }
  return sold;
}

/** The line that a sale names; one that the order no longer lists is kept with what the sale tells. */
function lineOfSale(lines: Map<string, OrderLine>, sale: SaleNode): OrderLine | null {
  if (!sale.lineItem) return null;
  let line = lines.get(sale.lineItem.id);
  if (!line) {
    line = {
      id: idOf(sale.lineItem.id),
      productId: null,
      variantId: null,
      quantity: 0,
      listPriceMinor: 0,
      grossMinor: 0,
      discountMinor: 0,
      netMinor: 0,
      taxMinor: 0,
      refundedQuantity: 0,
      refundMinor: 0,
      unitCostMinor: null,
      isGiftCard: sale.lineType === "GIFT_CARD",
    };
    lines.set(sale.lineItem.id, line);
  }
  return line;
}

function isGivingBack({ reason, sales }: AgreementNode): boolean {
  if (reason === "REFUND" || reason === "RETURN") return true;
  if (reason === "ORDER" || reason === "ORDER_EDIT") return false;
  return sales.length > 0 && sales.every((sale) => sale.actionType === "RETURN");
}

interface Charged {
  gross: number;
  discount: number;
  shipping: number;
  tax: number;
  tip: number;
  giftCard: number;
  fee: number;
}

function addToOrder(
  charged: Charged,
  sale: SaleNode,
  total: number,
  tax: number,
  discount: number,
  line: OrderLine | null,
) {
  const net = total - tax;
  charged.tax += tax;
  if (line) {
    line.quantity += sale.quantity ?? 0;
    line.grossMinor += net + discount;
    line.discountMinor += discount;
    line.netMinor += net;
    line.taxMinor += tax;
  }
  switch (sale.lineType) {
    case "PRODUCT":
      charged.gross += net + discount;
      charged.discount += discount;
      break;
    case "SHIPPING":
      charged.shipping += net;
      break;
    case "TIP":
      charged.tip += net;
      break;
    case "GIFT_CARD":
      charged.giftCard += net;
      break;
    default:
      charged.fee += net;
  }
}

interface MutableRefund extends Refund {
  returnedUnits: { lineId: number; quantity: number }[];
}

function emptyRefund(agreement: AgreementNode, calendar: ShopCalendar): MutableRefund {
  const refundedAt = timeOf(agreement.happenedAt);
  return {
    id: idOf(agreement.id),
    refundedAt,
    day: calendar.dayOf(refundedAt),
    productMinor: 0,
    shippingMinor: 0,
    taxMinor: 0,
    giftCardMinor: 0,
    otherMinor: 0,
    returnedUnits: [],
  };
}

/** Sales of a refund are negative; the refund's amounts are positive. */
function addToRefund(
  refund: MutableRefund,
  sale: SaleNode,
  total: number,
  tax: number,
  line: OrderLine | null,
) {
  const given = tax - total;
  refund.taxMinor -= tax;
  if (line) {
    const units = -(sale.quantity ?? 0);
    line.refundedQuantity += units;
    line.refundMinor += given;
    if (units !== 0) refund.returnedUnits.push({ lineId: line.id, quantity: units });
  }
  switch (sale.lineType) {
    // A refund that names no line gives product value back: it is what the shopper was charged for.
    case "ADJUSTMENT":
    case "UNKNOWN":
    case "PRODUCT":
      refund.productMinor += given;
      break;
    case "SHIPPING":
      refund.shippingMinor += given;
      break;
    case "GIFT_CARD":
      refund.giftCardMinor += given;
      break;
    default:
      refund.otherMinor += given;
  }
}

/** A discount has the sign of the units it is on, whichever sign it was told with. */
function discountOf(sale: SaleNode, currency: string): number {
  const told = parseMinor(sale.totalDiscountAmountBeforeTaxes.shopMoney.amount, currency);
  if (told === 0 || !sale.quantity) return told;
  return sale.quantity > 0 ? Math.abs(told) : -Math.abs(told);
}

/** When the last successful payment was taken. */
function paidAt({ transactions }: OrderNode): number | null {
  let last: number | null = null;
  for (const { kind, status, processedAt } of transactions) {
    if (status !== "SUCCESS" || !processedAt || (kind !== "SALE" && kind !== "CAPTURE")) continue;
    const time = timeOf(processedAt);
    if (last === null || time > last) last = time;
  }
  return last;
}

const FINANCIAL_STATUSES: Readonly<Record<string, FinancialStatus>> = {
  AUTHORIZED: "authorized",
  EXPIRED: "expired",
  PAID: "paid",
  PARTIALLY_PAID: "partially_paid",
  PARTIALLY_REFUNDED: "partially_refunded",
  PENDING: "pending",
  REFUNDED: "refunded",
  VOIDED: "voided",
};

function financialStatusOf(status: string | null | undefined): FinancialStatus {
  return FINANCIAL_STATUSES[status ?? ""] ?? "unknown";
}

function timeOf(iso: string): number {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) throw new Error(`not a time: ${JSON.stringify(iso)}`);
  return time;
}

export interface CustomerNode {
  id: string;
  createdAt: string;
  updatedAt: string;
  state: string;
  tags: readonly string[];
}

/** A customer as Perennial keeps one: no name, no address. */
export interface CustomerFacts {
  id: number;
  createdAt: number;
  updatedAt: number;
  /** Shopify's CustomerState in lower case. */
  state: string;
  tags: readonly string[];
}

export function mapCustomer(node: CustomerNode): CustomerFacts {
  return named(node.id, () => ({
    id: idOf(node.id),
    createdAt: timeOf(node.createdAt),
    updatedAt: timeOf(node.updatedAt),
    state: node.state.toLowerCase(),
    tags: node.tags,
  }));
}

export interface VariantNode {
  id: string;
  title: string;
  price: string;
  inventoryItem: { unitCost?: { amount: string } | null };
}

export interface ProductNode {
  id: string;
  title: string;
  productType: string;
  vendor: string;
  status: string;
  isGiftCard: boolean;
  publishedAt?: string | null;
  createdAt: string;
  updatedAt: string;
  variants: readonly VariantNode[];
}

export interface ProductFacts {
  id: number;
  title: string;
  productType: string;
  vendor: string;
  /** Shopify's ProductStatus in lower case. */
  status: string;
  isGiftCard: boolean;
  /** In the online store; `null`: not there. */
  publishedAt: number | null;
  createdAt: number;
  updatedAt: number;
  variants: VariantFacts[];
}

interface VariantFacts {
  id: number;
  title: string;
  priceMinor: number;
  /** Today's; `null` where the merchant gave none. */
  unitCostMinor: number | null;
}

export function mapProduct(node: ProductNode, currency: string): ProductFacts {
  return named(node.id, () => ({
    id: idOf(node.id),
    title: node.title,
    productType: node.productType,
    vendor: node.vendor,
    status: node.status.toLowerCase(),
    isGiftCard: node.isGiftCard,
    publishedAt: node.publishedAt ? timeOf(node.publishedAt) : null,
    createdAt: timeOf(node.createdAt),
    updatedAt: timeOf(node.updatedAt),
    variants: node.variants.map((variant) => ({
      id: idOf(variant.id),
      title: variant.title,
      priceMinor: parseMinor(variant.price, currency),
      unitCostMinor: variant.inventoryItem.unitCost
        ? parseMinor(variant.inventoryItem.unitCost.amount, currency)
        : null,
    })),
  }));
}

export interface CheckoutNode {
  id: string;
  createdAt: string;
  updatedAt: string;
  completedAt?: string | null;
  customer?: { id: string } | null;
}

export interface CheckoutFacts {
  id: number;
  customerId: number | null;
  createdAt: number;
  updatedAt: number;
  completedAt: number | null;
}

export function mapCheckout(node: CheckoutNode): CheckoutFacts {
  return named(node.id, () => ({
    id: idOf(node.id),
    customerId: node.customer ? idOf(node.customer.id) : null,
    createdAt: timeOf(node.createdAt),
    updatedAt: timeOf(node.updatedAt),
    completedAt: node.completedAt ? timeOf(node.completedAt) : null,
  }));
}

function named<Facts>(resourceId: string, map: () => Facts): Facts {
  try {
    return map();
  } catch (error) {
    throw new MappingError(resourceId, error);
  }
}
