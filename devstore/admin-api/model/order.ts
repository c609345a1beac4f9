/** The Order type and what hangs on it. Totals are folded from the journal of sales; the financial status from payments. */
import type {
  CardState,
  DiscountUseState,
  OrderState,
  RefundState,
  ShippingLineState,
} from "../../state/model.ts";
import { financialStatus, orderTotals, type OrderTotals } from "../../state/totals.ts";
import { listConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { gid } from "../ids.ts";
import { bag, type MoneyBag } from "../money.ts";
import { dateTime } from "../time.ts";
import { fields, type Fields } from "./fields.ts";
import { metafieldFields } from "./metafield.ts";
import {
  agreementSource,
  customerSource,
  lineSource,
  orderSource,
  productSource,
  refundSource,
  saleSource,
  transactionSource,
  variantSource,
  type AgreementSource,
  type LineSource,
  type OrderSource,
  type RefundSource,
  type SaleSource,
  type TransactionSource,
} from "./sources.ts";

/** A total of the order as a money field. */
const ofTotals =
  (name: keyof OrderTotals) =>
  ({ order }: OrderSource, _args: unknown, context: Context) =>
    money(orderTotals(order)[name], order, context);

const money = (minor: number, order: OrderState, context: Context): MoneyBag =>
  bag(minor, context.shop.currency, order);

function refundsOf(order: OrderState): RefundSource[] {
  const found: RefundSource[] = [];
  for (const agreement of order.agreements) {
    if (agreement.refund) found.push(refundSource(order, agreement, agreement.refund));
  }
  return found;
}

function shippingLineOf(order: OrderState): ShippingLineSource | null {
  return order.shippingLine && { __typename: "ShippingLine", order, line: order.shippingLine };
}

function visitOf(order: OrderState): VisitSource | null {
  return order.firstVisit && { __typename: "CustomerVisit", order, visit: order.firstVisit };
}

function customerOf(order: OrderState, context: Context) {
  const customer = order.customerId === null ? undefined : context.shop.customers.get(order.customerId);
  return customer ? customerSource(customer) : null;
}

function discountApplicationsOf(order: OrderState): DiscountSource[] {
  if (order.discounts) {
    return order.discounts.map((use, index) => ({
      __typename: "DiscountCodeApplication",
      order,
      code: use.code,
      index,
      amountMinor: use.value.kind === "amount" ? use.value.amountMinor : 0,
      use,
    }));
  }
  const amount = orderTotals(order).discountMinor;
  if (order.discountCodes.length > 0) {
    return order.discountCodes.map((code, index) => ({
      __typename: "DiscountCodeApplication",
      order,
      code,
      index,
      amountMinor: index === 0 ? amount : 0,
    }));
  }
  if (amount === 0) return [];
  return [{ __typename: "AutomaticDiscountApplication", order, code: "", index: 0, amountMinor: amount }];
}

function addressOf(order: OrderState) {
  if (order.shippingCountry === null) return null;
  return {
    ...{ __typename: "MailingAddress", id: order.id, countryCode: order.shippingCountry },
    ...order.address,
  };
}

function customerOrderIndex(order: OrderState, context: Context): number | null {
  if (order.customerId === null) return null;
  const siblings = context.ordersByCustomer().get(order.customerId) ?? [];
  const before = (other: OrderState) =>
    other.processedAt < order.processedAt || (other.processedAt === order.processedAt && other.id < order.id);
  return siblings.filter(before).length + 1;
}

interface ShippingLineSource extends OrderSource {
  line: ShippingLineState;
}

interface VisitSource extends OrderSource {
  visit: NonNullable<OrderState["firstVisit"]>;
}

interface DiscountSource extends OrderSource {
  code: string;
  index: number;
  amountMinor: number;
  /** Where the code is a discount of the shop's. */
  use?: DiscountUseState;
}

interface RefundLineSource extends OrderSource {
  refund: RefundState;
  entry: RefundState["lines"][number];
}

const limited = <T>(list: T[], first: unknown): T[] =>
  typeof first === "number" ? list.slice(0, first) : list;

const order = fields<OrderSource>({
  ...metafieldFields((source: OrderSource) => gid("Order", source.order.id)),
  id: ({ order }) => gid("Order", order.id),
  legacyResourceId: ({ order }) => String(order.id),
  name: ({ order }) => `#${order.number}`,
  number: ({ order }) => order.number,
  createdAt: ({ order }) => dateTime(order.createdAt),
  processedAt: ({ order }) => dateTime(order.processedAt),
  updatedAt: ({ order }) => dateTime(order.updatedAt),
  closed: ({ order }) => order.closedAt !== null,
  closedAt: ({ order }) => (order.closedAt === null ? null : dateTime(order.closedAt)),
  cancelledAt: ({ order }) => (order.cancelledAt === null ? null : dateTime(order.cancelledAt)),
  cancelReason: ({ order }) => order.cancelReason,
  cancellation: ({ order }) => (order.cancelledAt === null ? null : { staffNote: null }),
  confirmed: () => true,
  test: ({ order }) => order.test,
  edited: ({ order }) => order.edited,
  email: ({ order }) => order.email,
  phone: () => null,
  note: () => null,
  clientIp: ({ order }) => order.clientIp ?? null,
  customAttributes: ({ order }) => order.customAttributes ?? [],
  sourceName: ({ order }) => order.sourceName,
  sourceIdentifier: () => null,
  tags: ({ order }) => order.tags,
  taxesIncluded: ({ order }) => order.taxesIncluded,
  taxExempt: () => false,
  estimatedTaxes: () => false,
  currencyCode: (_source, _args, context) => context.shop.currency,
  presentmentCurrencyCode: ({ order }) => order.presentmentCurrency,
  discountCode: ({ order }) => order.discountCodes[0] ?? null,
  discountCodes: ({ order }) => order.discountCodes,
  discountApplications: ({ order }, args) => listConnection(discountApplicationsOf(order), args),
  customer: ({ order }, _args, context) => customerOf(order, context),
  customerLocale: ({ order }, _args, context) =>
    (order.customerId === null ? undefined : context.shop.customers.get(order.customerId)?.locale) ?? null,
  customerJourneySummary: ({ order }) => ({ __typename: "CustomerJourneySummary", order }),
  purchasingEntity: ({ order }, _args, context) =>
    order.companyId === null
      ? customerOf(order, context)
      : { __typename: "PurchasingCompany", order, companyId: order.companyId },
  shippingAddress: ({ order }) => addressOf(order),
  billingAddress: ({ order }) => addressOf(order),
  displayAddress: ({ order }) => addressOf(order),
  billingAddressMatchesShippingAddress: () => true,
  displayFinancialStatus: ({ order }) => financialStatus(order),
  fullyPaid: ({ order }) => orderTotals(order).outstandingMinor <= 0,
  unpaid: ({ order }) => {
    const { receivedMinor, outstandingMinor } = orderTotals(order);
    return receivedMinor === 0 && outstandingMinor > 0;
  },
  canMarkAsPaid: ({ order }) => order.cancelledAt === null && orderTotals(order).outstandingMinor > 0,
  refundable: ({ order }) => orderTotals(order).netPaymentMinor > 0,
  capturable: ({ order }) => financialStatus(order) === "AUTHORIZED",
  paymentGatewayNames: ({ order }) => [...new Set(order.transactions.map(({ gateway }) => gateway))],
  disputes: ({ order }, _args, context) =>
    [...context.shop.disputes.values()]
      .filter((dispute) => dispute.orderId === order.id)
      .map((dispute) => ({ __typename: "OrderDisputeSummary", ...dispute })),

  lineItems: ({ order }, args) =>
    listConnection(
      order.lines.map((line) => lineSource(order, line)),
      args,
    ),
  agreements: ({ order }, args) =>
    listConnection(
      order.agreements.map((one) => agreementSource(order, one)),
      args,
    ),
  refunds: ({ order }, args) => limited(refundsOf(order), args["first"]),
  transactions: ({ order }, args) =>
    limited(
      order.transactions.map((one) => transactionSource(order, one)),
      args["first"],
    ),
  transactionsCount: ({ order }) => ({ count: order.transactions.length, precision: "EXACT" }),
  shippingLine: ({ order }) => shippingLineOf(order),
  shippingLines: ({ order }, args) => listConnection([shippingLineOf(order)].filter(Boolean), args),
  taxLines: ({ order }) => taxLinesOf(order, orderTotals(order).taxMinor),
  currentTaxLines: ({ order }) => taxLinesOf(order, orderTotals(order).currentTaxMinor),

  subtotalLineItemsQuantity: ({ order }) => order.lines.reduce((sum, line) => sum + line.quantity, 0),
  currentSubtotalLineItemsQuantity: ({ order }) => orderTotals(order).currentQuantity,
  originalTotalPriceSet: ofTotals("originalTotalMinor"),
  totalPriceSet: ofTotals("totalMinor"),
  currentTotalPriceSet: ofTotals("currentTotalMinor"),
  subtotalPriceSet: ofTotals("subtotalMinor"),
  currentSubtotalPriceSet: ofTotals("currentSubtotalMinor"),
  totalTaxSet: ofTotals("taxMinor"),
  currentTotalTaxSet: ofTotals("currentTaxMinor"),
  totalDiscountsSet: ofTotals("discountMinor"),
  currentTotalDiscountsSet: ofTotals("currentDiscountMinor"),
  totalShippingPriceSet: ofTotals("shippingMinor"),
  currentShippingPriceSet: ofTotals("currentShippingMinor"),
  totalTipReceivedSet: ofTotals("tipMinor"),
  originalTotalDutiesSet: ofTotals("dutyMinor"),
  currentTotalDutiesSet: ofTotals("currentDutyMinor"),
  originalTotalAdditionalFeesSet: ofTotals("feeMinor"),
  currentTotalAdditionalFeesSet: ofTotals("currentFeeMinor"),
  totalReceivedSet: ofTotals("receivedMinor"),
  totalRefundedSet: ofTotals("refundedMinor"),
  totalRefundedShippingSet: ofTotals("refundedShippingMinor"),
  netPaymentSet: ofTotals("netPaymentMinor"),
  totalOutstandingSet: ofTotals("outstandingMinor"),
});

function taxLinesOf(order: OrderState, amountMinor: number) {
  return amountMinor === 0 ? [] : [{ __typename: "TaxLine", order, amountMinor }];
}

/** What each discount took off a part of the order. */
function allocationsOf(order: OrderState, read: (use: DiscountUseState) => number | undefined) {
  return discountApplicationsOf(order).flatMap((application) => {
    const amountMinor = (application.use && read(application.use)) ?? 0;
    return amountMinor === 0 ? [] : [{ __typename: "DiscountAllocation", order, amountMinor, application }];
  });
}

const lineItem = fields<LineSource>({
  id: ({ line }) => gid("LineItem", line.id),
  title: ({ line }) => line.title,
  name: ({ line }) => line.title,
  sku: ({ line }) => line.sku,
  quantity: ({ line }) => line.quantity,
  currentQuantity: ({ line }) => line.currentQuantity,
  refundableQuantity: ({ line }) => line.refundableQuantity,
  isGiftCard: ({ line }) => line.isGiftCard,
  taxable: ({ line }) => !line.isGiftCard,
  customAttributes: () => [],
  product: ({ line }, _args, context) => {
    const product = line.productId === null ? undefined : context.shop.products.get(line.productId);
    return product ? productSource(product) : null;
  },
  variant: ({ line }, _args, context) => {
    const variant = line.variantId === null ? undefined : context.shop.variants.get(line.variantId);
    return variant ? variantSource(variant) : null;
  },
  variantTitle: ({ line }, _args, context) =>
    (line.variantId === null ? undefined : context.shop.variants.get(line.variantId)?.title) ?? null,
  vendor: ({ line }, _args, context) =>
    (line.productId === null ? undefined : context.shop.products.get(line.productId)?.vendor) ?? null,
  sellingPlan: ({ line }) =>
    line.sellingPlanName === null
      ? null
      : { __typename: "LineItemSellingPlan", name: line.sellingPlanName, sellingPlanId: null },
  originalUnitPriceSet: ({ order, line }, _args, context) => money(line.unitPriceMinor, order, context),
  originalTotalSet: ({ order, line }, _args, context) =>
    money(line.unitPriceMinor * line.quantity, order, context),
  totalDiscountSet: ({ order, line }, _args, context) => money(line.discountMinor, order, context),
  discountedTotalSet: ({ order, line }, args, context) => {
    const counts = args["withCodeDiscounts"] === true || order.discountCodes.length === 0;
    const discountMinor = counts ? line.discountMinor : 0;
    return money(line.unitPriceMinor * line.quantity - discountMinor, order, context);
  },
  discountedUnitPriceAfterAllDiscountsSet: ({ order, line }, _args, context) => {
    const each = line.quantity === 0 ? 0 : Math.round(line.discountMinor / line.quantity);
    return money(line.unitPriceMinor - each, order, context);
  },
  discountAllocations: ({ order, line }) => {
    if (order.discounts) return allocationsOf(order, ({ lineMinor }) => lineMinor[order.lines.indexOf(line)]);
    const [application] = discountApplicationsOf(order);
    if (line.discountMinor === 0 || !application) return [];
    return [{ __typename: "DiscountAllocation", order, amountMinor: line.discountMinor, application }];
  },
  taxLines: ({ order, line }) => taxLinesOf(order, line.taxMinor),
});

const agreement = fields<AgreementSource>({
  id: ({ agreement }) => gid("SalesAgreement", agreement.id),
  happenedAt: ({ agreement }) => dateTime(agreement.happenedAt),
  reason: ({ agreement }) => agreement.kind,
  app: () => null,
  user: () => null,
  order: ({ order }) => orderSource(order),
  sales: ({ order, agreement }, args) =>
    listConnection(
      agreement.sales.map((one) => saleSource(order, one)),
      args,
    ),
});

const refundAgreement = fields<AgreementSource>({
  ...agreement,
  refund: ({ order, agreement }) => {
    if (!agreement.refund) throw new Error(`agreement ${agreement.id} of kind REFUND has no refund`);
    return refundSource(order, agreement, agreement.refund);
  },
});

const sale = fields<SaleSource>({
  id: ({ sale }) => gid("Sale", sale.id),
  actionType: ({ sale }) => sale.actionType,
  lineType: ({ sale }) => sale.lineType,
  quantity: ({ sale }) => sale.quantity,
  totalAmount: ({ order, sale }, _args, context) => money(sale.totalMinor, order, context),
  totalTaxAmount: ({ order, sale }, _args, context) => money(sale.taxMinor, order, context),
  totalDiscountAmountBeforeTaxes: ({ order, sale }, _args, context) =>
    money(sale.discountBeforeTaxMinor, order, context),
  totalDiscountAmountAfterTaxes: ({ order, sale }, _args, context) =>
    money(sale.discountAfterTaxMinor, order, context),
  taxes: ({ order, sale }) => (sale.taxMinor === 0 ? [] : [{ __typename: "SaleTax", order, sale }]),
});

const saleOfLine = fields<SaleSource>({
  ...sale,
  lineItem: ({ order, sale }) => {
    const line = order.lines.find(({ id }) => id === sale.lineId);
    if (!line) throw new Error(`sale ${sale.id} names no line of order ${order.id}`);
    return lineSource(order, line);
  },
});

/** What the types around orders answer. */
export const orderTypes: Readonly<Record<string, Fields>> = {
  Order: order,
  LineItem: lineItem,
  LineItemSellingPlan: fields<{ name: string }>({ name: ({ name }) => name, sellingPlanId: () => null }),
  OrderAgreement: agreement,
  OrderEditAgreement: agreement,
  RefundAgreement: refundAgreement,
  ReturnAgreement: agreement,
  ProductSale: saleOfLine,
  GiftCardSale: saleOfLine,
  TipSale: sale,
  AdjustmentSale: sale,
  DutySale: sale,
  FeeSale: sale,
  AdditionalFeeSale: sale,
  UnknownSale: sale,
  ShippingLineSale: fields<SaleSource>({
    ...sale,
    shippingLine: ({ order }) => shippingLineOf(order),
  }),
  SaleTax: fields<SaleSource>({
    id: ({ sale }) => gid("SaleTax", sale.id),
    amount: ({ order, sale }, _args, context) => money(sale.taxMinor, order, context),
    taxLine: ({ order, sale }) => ({ __typename: "TaxLine", order, amountMinor: sale.taxMinor }),
  }),
  TaxLine: fields<OrderSource & { amountMinor: number }>({
    title: () => "Tax",
    priceSet: ({ order, amountMinor }, _args, context) => money(amountMinor, order, context),
    rate: () => null,
    ratePercentage: () => null,
    source: () => null,
    channelLiable: () => false,
  }),
  ShippingLine: fields<ShippingLineSource>({
    id: ({ line }) => gid("ShippingLine", line.id),
    title: ({ line }) => line.title,
    code: ({ line }) => line.title,
    source: () => "shopify",
    custom: () => false,
    isRemoved: () => false,
    originalPriceSet: ({ order, line }, _args, context) => money(line.priceMinor, order, context),
    discountedPriceSet: ({ order, line }, _args, context) =>
      money(line.priceMinor - line.discountMinor, order, context),
    discountAllocations: ({ order }) => allocationsOf(order, ({ shippingMinor }) => shippingMinor),
    taxLines: ({ order, line }) => taxLinesOf(order, line.taxMinor),
  }),
  Refund: fields<RefundSource>({
    id: ({ refund }) => gid("Refund", refund.id),
    legacyResourceId: ({ refund }) => String(refund.id),
    createdAt: ({ refund }) => dateTime(refund.createdAt),
    processedAt: ({ refund }) => dateTime(refund.createdAt),
    updatedAt: ({ refund }) => dateTime(refund.createdAt),
    note: ({ refund }) => refund.note,
    order: ({ order }) => orderSource(order),
    return: () => null,
    totalRefundedSet: ({ order, refund }, _args, context) => money(refund.totalMinor, order, context),
    refundLineItems: ({ order, refund }, args) =>
      listConnection(
        refund.lines.map((entry) => ({ __typename: "RefundLineItem", order, refund, entry })),
        args,
      ),
    refundShippingLines: ({ order, refund }, args) =>
      listConnection(
        refund.shippingMinor === 0 && refund.shippingTaxMinor === 0
          ? []
          : [{ __typename: "RefundShippingLine", order, refund }],
        args,
      ),
    orderAdjustments: ({ order, refund }, args) =>
      listConnection(
        refund.adjustmentMinor === 0 ? [] : [{ __typename: "OrderAdjustment", order, refund }],
        args,
      ),
    transactions: ({ order, refund }, args) =>
      listConnection(
        order.transactions
          .filter(({ refundId }) => refundId === refund.id)
          .map((one) => transactionSource(order, one)),
        args,
      ),
  }),
  RefundLineItem: fields<RefundLineSource>({
    id: ({ refund, entry }) => gid("RefundLineItem", refund.id * 1000 + refund.lines.indexOf(entry)),
    quantity: ({ entry }) => entry.quantity,
    restocked: ({ entry }) => entry.restocked,
    restockType: ({ entry }) => (entry.restocked ? "RETURN" : "NO_RESTOCK"),
    lineItem: ({ order, entry }) => {
      const line = order.lines.find(({ id }) => id === entry.lineId);
      if (!line) throw new Error(`a refund names no line of order ${order.id}`);
      return lineSource(order, line);
    },
    priceSet: ({ order, entry }, _args, context) =>
      money(Math.round(entry.subtotalMinor / Math.max(1, entry.quantity)), order, context),
    subtotalSet: ({ order, entry }, _args, context) => money(entry.subtotalMinor, order, context),
    totalTaxSet: ({ order, entry }, _args, context) => money(entry.taxMinor, order, context),
  }),
  RefundShippingLine: fields<OrderSource & { refund: RefundState }>({
    id: ({ refund }) => gid("RefundShippingLine", refund.id),
    shippingLine: ({ order }) => shippingLineOf(order),
    subtotalAmountSet: ({ order, refund }, _args, context) => money(refund.shippingMinor, order, context),
    taxAmountSet: ({ order, refund }, _args, context) => money(refund.shippingTaxMinor, order, context),
  }),
  OrderAdjustment: fields<OrderSource & { refund: RefundState }>({
    id: ({ refund }) => gid("OrderAdjustment", refund.id),
    amountSet: ({ order, refund }, _args, context) => money(refund.adjustmentMinor, order, context),
    taxAmountSet: ({ order, refund }, _args, context) => money(refund.adjustmentTaxMinor, order, context),
    reason: () => "REFUND_DISCREPANCY",
  }),
  OrderTransaction: fields<TransactionSource>({
    id: ({ transaction }) => gid("OrderTransaction", transaction.id),
    kind: ({ transaction }) => transaction.kind,
    status: ({ transaction }) => transaction.status,
    gateway: ({ transaction }) => transaction.gateway,
    formattedGateway: ({ transaction }) => transaction.gateway,
    createdAt: ({ transaction }) => dateTime(transaction.processedAt),
    processedAt: ({ transaction }) => dateTime(transaction.processedAt),
    amountSet: ({ order, transaction }, _args, context) => money(transaction.amountMinor, order, context),
    order: ({ order }) => orderSource(order),
    test: ({ order }) => order.test,
    parentTransaction: ({ order, transaction }) => {
      const parent = order.transactions.find(({ id }) => id === transaction.parentId);
      return parent ? transactionSource(order, parent) : null;
    },
    paymentDetails: ({ transaction: { card } }) => card && { __typename: "CardPaymentDetails", ...card },
    errorCode: () => null,
    manualPaymentGateway: ({ transaction }) => transaction.gateway === "manual",
  }),
  CardPaymentDetails: fields<CardState>({
    bin: ({ bin }) => bin,
    number: ({ last4 }) => `•••• •••• •••• ${last4}`,
    company: () => null,
  }),
  CustomerJourneySummary: fields<OrderSource>({
    ready: () => true,
    firstVisit: ({ order }) => visitOf(order),
    lastVisit: ({ order }) => visitOf(order),
    momentsCount: ({ order }) => ({ count: order.firstVisit ? 1 : 0, precision: "EXACT" }),
    customerOrderIndex: ({ order }, _args, context) => customerOrderIndex(order, context),
    daysToConversion: ({ order }) =>
      order.firstVisit && Math.floor((order.processedAt - order.firstVisit.occurredAt) / 86_400_000),
  }),
  CustomerVisit: fields<VisitSource>({
    id: ({ order }) => gid("CustomerVisit", order.id),
    source: ({ visit }) => visit.source,
    sourceDescription: ({ visit }) => visit.source,
    landingPage: ({ visit }) => visit.landingPage,
    referrerUrl: ({ visit }) => visit.referrerUrl,
    occurredAt: ({ visit }) => dateTime(visit.occurredAt),
    referralCode: () => null,
    utmParameters: () => null,
    marketingEvent: () => null,
  }),
  PurchasingCompany: fields<{ companyId: number }>({
    company: ({ companyId }) => ({ __typename: "Company", companyId }),
    location: ({ companyId }) => ({ __typename: "CompanyLocation", companyId }),
    contact: () => null,
  }),
  Company: fields<{ companyId: number }>({
    id: ({ companyId }) => gid("Company", companyId),
    name: ({ companyId }) => `Company ${companyId}`,
  }),
  CompanyLocation: fields<{ companyId: number }>({
    id: ({ companyId }) => gid("CompanyLocation", companyId),
    name: ({ companyId }) => `Company ${companyId}`,
  }),
  DiscountCodeApplication: fields<DiscountSource>({
    code: ({ code }) => code,
    ...discountApplication(),
  }),
  AutomaticDiscountApplication: fields<DiscountSource>({
    title: () => "Discount",
    ...discountApplication(),
  }),
  DiscountAllocation: fields<OrderSource & { amountMinor: number; application: DiscountSource }>({
    allocatedAmountSet: ({ order, amountMinor }, _args, context) => money(amountMinor, order, context),
    discountApplication: ({ application }) => application,
  }),
  OrderDisputeSummary: fields<{ id: number; status: string; type: string }>({
    id: ({ id }) => gid("ShopifyPaymentsDispute", id),
    initiatedAs: ({ type }) => type,
    status: ({ status }) => status,
  }),
};

function discountApplication() {
  return {
    index: ({ index }: DiscountSource) => index,
    allocationMethod: ({ use }: DiscountSource) => use?.allocation ?? "ACROSS",
    targetSelection: ({ use }: DiscountSource) => use?.selection ?? "ALL",
    targetType: ({ use }: DiscountSource) => use?.target ?? "LINE_ITEM",
    value: ({ amountMinor, use }: DiscountSource, _args: unknown, context: Context) =>
      use?.value.kind === "percentage"
        ? { __typename: "PricingPercentageValue", percentage: use.value.percentage }
        : { __typename: "MoneyV2", minor: amountMinor, currency: context.shop.currency },
  };
}
