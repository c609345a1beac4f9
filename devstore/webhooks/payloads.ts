/** Bodies of webhooks: the shapes of Shopify's REST resources, with the personal data that Shopify sends. */
import { decimalAmount, presentmentMinor } from "../state/money.ts";
import type {
  AgreementState,
  CheckoutState,
  CustomerState,
  DiscountState,
  DisputeState,
  LineState,
  OrderState,
  ProductState,
  RefundState,
  ShopState,
  TransactionState,
  VariantState,
} from "../state/model.ts";
import { financialStatus, orderTotals } from "../state/totals.ts";

type Payload = Record<string, unknown>;

const CODE_TYPES = { amount: "fixed_amount", percentage: "percentage" } as const;

export function orderPayload(shop: ShopState, order: OrderState): Payload {
  const totals = orderTotals(order);
  const money = (minor: number) => decimalAmount(minor, shop.currency);
  const set = (minor: number) => moneySet(shop, order, minor);
  const customer = order.customerId === null ? undefined : shop.customers.get(order.customerId);
  return {
    id: order.id,
    admin_graphql_api_id: gid("Order", order.id),
    name: `#${order.number}`,
    number: order.number - 1000,
    order_number: order.number,
    created_at: iso(order.createdAt),
    processed_at: iso(order.processedAt),
    updated_at: iso(order.updatedAt),
    closed_at: isoOrNull(order.closedAt),
    cancelled_at: isoOrNull(order.cancelledAt),
    cancel_reason: order.cancelReason?.toLowerCase() ?? null,
    currency: shop.currency,
    presentment_currency: order.presentmentCurrency,
    taxes_included: order.taxesIncluded,
    test: order.test,
    source_name: order.sourceName,
    tags: order.tags.join(", "),
    financial_status: financialStatus(order).toLowerCase(),
    email: order.email ?? "",
    contact_email: order.email,
    landing_site: order.firstVisit?.landingPage ?? null,
    referring_site: order.firstVisit?.referrerUrl ?? null,
    company: order.companyId === null ? null : { id: order.companyId },
    total_price: money(totals.totalMinor),
    total_price_set: set(totals.totalMinor),
    current_total_price: money(totals.currentTotalMinor),
    current_total_price_set: set(totals.currentTotalMinor),
    subtotal_price: money(totals.subtotalMinor),
    subtotal_price_set: set(totals.subtotalMinor),
    current_subtotal_price: money(totals.currentSubtotalMinor),
    current_subtotal_price_set: set(totals.currentSubtotalMinor),
    total_discounts: money(totals.discountMinor),
    total_discounts_set: set(totals.discountMinor),
    total_tax: money(totals.taxMinor),
    total_tax_set: set(totals.taxMinor),
    current_total_tax: money(totals.currentTaxMinor),
    current_total_tax_set: set(totals.currentTaxMinor),
    total_shipping_price_set: set(totals.shippingMinor),
    total_tip_received: money(totals.tipMinor),
    total_outstanding: money(totals.outstandingMinor),
    discount_codes: order.discounts
      ? order.discounts.map((use) => ({
          code: use.code,
          amount: money(use.lineMinor.reduce((sum, minor) => sum + minor, use.shippingMinor)),
          type: use.target === "SHIPPING_LINE" ? "shipping" : CODE_TYPES[use.value.kind],
        }))
      : order.discountCodes.map((code) => ({ code, amount: money(totals.discountMinor) })),
    shipping_address: order.shippingCountry === null ? null : { country_code: order.shippingCountry },
    customer: customer ? customerPayload(shop, customer) : null,
    line_items: order.lines.map((line) => linePayload(shop, order, line)),
    shipping_lines: order.shippingLine
      ? [
          {
            id: order.shippingLine.id,
            title: order.shippingLine.title,
            price: money(order.shippingLine.priceMinor),
            discounted_price: money(order.shippingLine.priceMinor - order.shippingLine.discountMinor),
          },
        ]
      : [],
    refunds: order.agreements.flatMap(({ refund }) => (refund ? [refundPayload(shop, order, refund)] : [])),
  };
}

export function refundPayload(shop: ShopState, order: OrderState, refund: RefundState): Payload {
  const money = (minor: number) => decimalAmount(minor, shop.currency);
  const adjustmentMinor = refund.adjustmentMinor;
  return {
    id: refund.id,
    admin_graphql_api_id: gid("Refund", refund.id),
    order_id: order.id,
    created_at: iso(refund.createdAt),
    processed_at: iso(refund.createdAt),
    note: refund.note,
    refund_line_items: refund.lines.map((line) => ({
      line_item_id: line.lineId,
      quantity: line.quantity,
      restock_type: line.restocked ? "return" : "no_restock",
      subtotal: money(line.subtotalMinor),
      total_tax: money(line.taxMinor),
    })),
    transactions: order.transactions
      .filter(({ refundId }) => refundId === refund.id)
      .map((transaction) => transactionPayload(shop, order, transaction)),
    order_adjustments: [
      ...(refund.shippingMinor === 0 && refund.shippingTaxMinor === 0
        ? []
        : [
            {
              kind: "shipping_refund",
              amount: money(-refund.shippingMinor),
              tax_amount: money(-refund.shippingTaxMinor),
            },
          ]),
      ...(adjustmentMinor === 0 && refund.adjustmentTaxMinor === 0
        ? []
        : [
            {
              kind: "refund_discrepancy",
              amount: money(-adjustmentMinor),
              tax_amount: money(-refund.adjustmentTaxMinor),
            },
          ]),
    ],
  };
}

export function transactionPayload(
  shop: ShopState,
  order: OrderState,
  transaction: TransactionState,
): Payload {
  return {
    id: transaction.id,
    admin_graphql_api_id: gid("OrderTransaction", transaction.id),
    order_id: order.id,
    parent_id: transaction.parentId,
    kind: transaction.kind.toLowerCase(),
    status: transaction.status.toLowerCase(),
    gateway: transaction.gateway,
    amount: decimalAmount(transaction.amountMinor, shop.currency),
    currency: shop.currency,
    test: order.test,
    created_at: iso(transaction.processedAt),
    processed_at: iso(transaction.processedAt),
  };
}

export function orderEditPayload(order: OrderState, edit: AgreementState): Payload {
  const items = (actionType: "ORDER" | "RETURN") =>
    edit.sales
      .filter((sale) => sale.actionType === actionType && sale.lineId !== null)
      .map((sale) => ({ id: sale.lineId, delta: Math.abs(sale.quantity ?? 0) }));
  return {
    order_edit: {
      id: edit.id,
      order_id: order.id,
      created_at: iso(edit.happenedAt),
      committed_at: iso(edit.happenedAt),
      notify_customer: false,
      line_items: { additions: items("ORDER"), removals: items("RETURN") },
    },
  };
}

export function customerPayload(_shop: ShopState, customer: CustomerState): Payload {
  return {
    id: customer.id,
    admin_graphql_api_id: gid("Customer", customer.id),
    created_at: iso(customer.createdAt),
    updated_at: iso(customer.updatedAt),
    first_name: customer.firstName,
    last_name: customer.lastName,
    email: customer.email,
    phone: customer.phone,
    state: customer.state.toLowerCase(),
    tags: customer.tags.join(", "),
    email_marketing_consent: { state: customer.acceptsMarketing ? "subscribed" : "not_subscribed" },
    default_address: customer.countryCode === null ? null : { country_code: customer.countryCode },
  };
}

/** What is left to say of a thing that is gone. */
export function deletedPayload(type: string, id: number): Payload {
  return { id, admin_graphql_api_id: gid(type, id) };
}

export function mergePayload(kept: number, deleted: number, jobId: string): Payload {
  return {
    admin_graphql_api_customer_kept_id: gid("Customer", kept),
    admin_graphql_api_customer_deleted_id: gid("Customer", deleted),
    admin_graphql_api_job_id: gid("Job", jobId),
    status: "completed",
    errors: [],
  };
}

export function productPayload(shop: ShopState, product: ProductState): Payload {
  return {
    id: product.id,
    admin_graphql_api_id: gid("Product", product.id),
    title: product.title,
    handle: product.handle,
    product_type: product.productType,
    vendor: product.vendor,
    status: product.status.toLowerCase(),
    tags: product.tags.join(", "),
    created_at: iso(product.createdAt),
    updated_at: iso(product.updatedAt),
    published_at: product.status === "ACTIVE" ? iso(product.createdAt) : null,
    variants: product.variantIds.flatMap((id) => {
      const variant = shop.variants.get(id);
      return variant ? [variantPayload(shop, variant)] : [];
    }),
  };
}

export function inventoryItemPayload(shop: ShopState, variant: VariantState): Payload {
  return {
    id: variant.inventoryItemId,
    admin_graphql_api_id: gid("InventoryItem", variant.inventoryItemId),
    sku: variant.sku,
    cost: variant.unitCostMinor === null ? null : decimalAmount(variant.unitCostMinor, shop.currency),
    created_at: iso(variant.createdAt),
    updated_at: iso(variant.updatedAt),
    tracked: false,
  };
}

export function checkoutPayload(shop: ShopState, checkout: CheckoutState): Payload {
  const customer = checkout.customerId === null ? undefined : shop.customers.get(checkout.customerId);
  return {
    id: checkout.id,
    token: checkout.id.toString(16).padStart(32, "0"),
    created_at: iso(checkout.createdAt),
    updated_at: iso(checkout.updatedAt),
    completed_at: isoOrNull(checkout.completedAt),
    currency: shop.currency,
    total_price: decimalAmount(checkout.totalMinor, shop.currency),
    email: customer?.email ?? null,
    customer: customer ? customerPayload(shop, customer) : null,
    line_items: checkout.lines.map(({ variantId, quantity }) => ({
      variant_id: variantId,
      product_id: shop.variants.get(variantId)?.productId ?? null,
      quantity,
    })),
  };
}

export function disputePayload(shop: ShopState, dispute: DisputeState): Payload {
  return {
    id: dispute.id,
    order_id: dispute.orderId,
    type: dispute.type.toLowerCase(),
    amount: decimalAmount(dispute.amountMinor, shop.currency),
    currency: shop.currency,
    reason: dispute.reason,
    status: dispute.status.toLowerCase(),
    initiated_at: iso(dispute.createdAt),
    finalized_on: isoOrNull(dispute.finalizedAt),
  };
}

export function discountPayload(discount: DiscountState, status: string): Payload {
  return {
    admin_graphql_api_id: gid("DiscountCodeNode", discount.id),
    title: discount.title,
    status,
    created_at: iso(discount.createdAt),
    updated_at: iso(discount.updatedAt),
  };
}

export function shopPayload(shop: ShopState): Payload {
  return {
    id: shop.id,
    name: shop.name,
    email: shop.email,
    domain: shop.domain,
    myshopify_domain: shop.domain,
    country_code: shop.countryCode,
    currency: shop.currency,
    iana_timezone: shop.timeZone,
    primary_locale: shop.locale,
    plan_name: shop.plan,
    taxes_included: shop.taxesIncluded,
    created_at: iso(shop.createdAt),
    updated_at: iso(shop.updatedAt),
  };
}

export function customerRedactPayload(
  shop: ShopState,
  customer: CustomerState,
  orderIds: readonly number[],
): Payload {
  return { ...compliance(shop), customer: person(customer), orders_to_redact: orderIds };
}

export function dataRequestPayload(
  shop: ShopState,
  customer: CustomerState,
  orderIds: readonly number[],
  requestId: number,
): Payload {
  return {
    ...compliance(shop),
    customer: person(customer),
    orders_requested: orderIds,
    data_request: { id: requestId },
  };
}

export function shopRedactPayload(shop: ShopState): Payload {
  return compliance(shop);
}

function compliance(shop: ShopState): Payload {
  return { shop_id: shop.id, shop_domain: shop.domain };
}

function person({ id, email, phone }: CustomerState): Payload {
  return { id, email, phone };
}

function variantPayload(shop: ShopState, variant: VariantState): Payload {
  return {
    id: variant.id,
    admin_graphql_api_id: gid("ProductVariant", variant.id),
    product_id: variant.productId,
    inventory_item_id: variant.inventoryItemId,
    title: variant.title,
    sku: variant.sku,
    price: decimalAmount(variant.priceMinor, shop.currency),
    created_at: iso(variant.createdAt),
    updated_at: iso(variant.updatedAt),
  };
}

function linePayload(shop: ShopState, order: OrderState, line: LineState): Payload {
  return {
    id: line.id,
    admin_graphql_api_id: gid("LineItem", line.id),
    product_id: line.productId,
    variant_id: line.variantId,
    title: line.title,
    sku: line.sku,
    quantity: line.quantity,
    current_quantity: line.currentQuantity,
    price: decimalAmount(line.unitPriceMinor, shop.currency),
    price_set: moneySet(shop, order, line.unitPriceMinor),
    total_discount: decimalAmount(line.discountMinor, shop.currency),
    gift_card: line.isGiftCard,
  };
}

function moneySet(shop: ShopState, order: OrderState, minor: number): Payload {
  const shown = presentmentMinor(minor, shop.currency, order.presentmentCurrency, order.presentmentRate);
  return {
    shop_money: { amount: decimalAmount(minor, shop.currency), currency_code: shop.currency },
    presentment_money: {
      amount: decimalAmount(shown, order.presentmentCurrency),
      currency_code: order.presentmentCurrency,
    },
  };
}

function gid(type: string, id: number | string): string {
  return `gid://shopify/${type}/${id}`;
}

function iso(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");
}

function isoOrNull(time: number | null): string | null {
  return time === null ? null : iso(time);
}
