/**
 * The Customer Account API: what somebody who is logged in may ask and change of their own account. Types and names are those of
 * Shopify's schema; whose the rows are is decided here, once, by the customer of the request.
 */
import { collectionConnection, listConnection, type SortValue } from "../admin-api/connection.ts";
import type { Arguments } from "../admin-api/context.ts";
import { notSimulated } from "../admin-api/errors.ts";
import { gid, parseGid } from "../admin-api/ids.ts";
import { jsonValue } from "../admin-api/model/metafield.ts";
import { bag, decimal, presentment } from "../admin-api/money.ts";
import { dateTime } from "../admin-api/time.ts";
import { updateCustomer } from "../state/actions.ts";
import { requestReturn, returnable, unsent } from "../state/fulfillment.ts";
import type {
  CustomerState,
  FulfillmentState,
  LineState,
  MetafieldState,
  OrderState,
  ReturnReason,
  ReturnRequestState,
  ShopState,
} from "../state/model.ts";
import { financialStatus, orderTotals } from "../state/totals.ts";
import { demandScope, shopperFields, type ShopperContext, type ShopperTables } from "./shopper-context.ts";

interface OfOrder {
  order: OrderState;
}
interface OfLine extends OfOrder {
  line: LineState;
}
interface OfFulfillment extends OfOrder {
  fulfillment: FulfillmentState;
}
interface OfReturn extends OfOrder {
  request: ReturnRequestState;
}

function me({ customer }: ShopperContext): CustomerState {
  if (!customer) throw new Error("nobody is logged in");
  return customer;
}

/** Somebody else's is not there. */
function ownOrder(id: unknown, context: ShopperContext): OrderState | null {
  const parsed = parseGid(String(id));
  const order = parsed?.type === "Order" ? context.shop.orders.get(parsed.id) : undefined;
  return order && order.customerId === me(context).id ? order : null;
}

function money(minor: number, order: OrderState, { shop }: ShopperContext) {
  const { minor: shown, currency } = presentment(bag(minor, shop.currency, order));
  return { amount: decimal(shown, currency), currencyCode: currency };
}

/** What the app's own definitions open to customers; whatever else the shop keeps stays hidden. */
function metafieldsOf<S>(ownerOf: (source: S, shop: ShopState) => { type: string; id: number }) {
  const read = (source: S, namespace: string, key: string, { app, shop }: ShopperContext) => {
    const { type, id } = ownerOf(source, shop);
    const own = `app--${app.numericId}`;
    const opened = app.metafieldDefinitions.some(
      (one) => one.ownerType === type && one.key === key && one.customerAccount !== "none",
    );
    if ((namespace !== "$app" && namespace !== own) || !opened) return null;
    return shop.metafields.get(gid(type, id))?.get(`${own}.${key}`) ?? null;
  };
  return {
    metafield: (source: S, args: Arguments, context: ShopperContext) =>
      read(source, String(args["namespace"]), String(args["key"]), context),
    metafields: (source: S, args: Arguments, context: ShopperContext) =>
      (args["identifiers"] as { namespace: string; key: string }[]).map(({ namespace, key }) =>
        read(source, namespace, key, context),
      ),
  };
}

const SORTED_BY: Readonly<Record<string, (order: OrderState) => SortValue>> = {
  CREATED_AT: ({ createdAt }) => createdAt,
  ID: ({ id }) => id,
  ORDER_NUMBER: ({ number }) => number,
  PROCESSED_AT: ({ processedAt }) => processedAt,
  TOTAL_PRICE: (order) => orderTotals(order).totalMinor,
  UPDATED_AT: ({ updatedAt }) => updatedAt,
};

function ordersOf(customer: CustomerState, args: Arguments, context: ShopperContext) {
  demandScope("orders", "customer_read_orders", context);
  if (args["query"]) throw notSimulated("Customer.orders(query:)");
  return collectionConnection<OrderState>(
    {
      items: context.shop.orders.values(),
      matches: ({ customerId }) => customerId === customer.id,
      sortValue: SORTED_BY[args["sortKey"] as string] ?? (({ id }) => id),
      id: ({ id }) => id,
      source: (order) => ({ order }),
    },
    args,
  );
}

function emailOf(customer: CustomerState) {
  if (customer.email === null) return null;
  const marketingState = customer.acceptsMarketing ? "SUBSCRIBED" : "NOT_SUBSCRIBED";
  return { emailAddress: customer.email, marketingState };
}

function changeMarketing(acceptsMarketing: boolean, context: ShopperContext) {
  const field = `customerEmailMarketing${acceptsMarketing ? "Subscribe" : "Unsubscribe"}`;
  demandScope(field, "customer_write_customers", context);
  const customer = me(context);
  const refused = (code: string, message: string) => ({
    emailAddress: null,
    userErrors: [{ field: null, message, code }],
  });
  if (customer.email === null)
    return refused("EMAIL_ADDRESS_NOT_FOUND", "Customer does not have an email address.");
  if (acceptsMarketing && customer.acceptsMarketing)
    return refused("CUSTOMER_ALREADY_SUBSCRIBED", "Customer is already subscribed.");
  const changed = updateCustomer(context.world, context.shop, { customerId: customer.id, acceptsMarketing });
  if (!changed.ok)
    return refused(acceptsMarketing ? "FAILED_TO_SUBSCRIBE" : "FAILED_TO_UNSUBSCRIBE", changed.message);
  return { emailAddress: emailOf(customer), userErrors: [] };
}

const RETURN_CODES = {
  "not-found": "NOT_FOUND",
  invalid: "INVALID",
  stale: "INVALID_STATE",
  taken: "ALREADY_EXISTS",
  exceeds: "INVALID",
  "wrong-state": "INVALID_STATE",
} as const;

interface RequestedLine {
  lineItemId: string;
  quantity: number;
  returnReason?: ReturnReason | null;
  returnReasonDefinitionId?: string | null;
  customerNote?: string | null;
}

function askReturn(args: Arguments, context: ShopperContext) {
  demandScope("orderRequestReturn", "customer_write_orders", context);
  const asked = args["requestedLineItems"] as RequestedLine[];
  if (asked.some(({ returnReasonDefinitionId }) => returnReasonDefinitionId))
    throw notSimulated("RequestedLineItemInput.returnReasonDefinitionId");
  const refused = (field: string[] | null, message: string, code: string) => ({
    return: null,
    userErrors: [{ field, message, code }],
  });
  const order = ownOrder(args["orderId"], context);
  if (!order) return refused(["orderId"], "Order does not exist", "NOT_FOUND");
  const lines = asked.map(({ lineItemId, quantity, returnReason, customerNote }) => ({
    lineId: parseGid(lineItemId)?.id ?? 0,
    quantity,
    ...(returnReason && { reason: returnReason }),
    ...(customerNote && { note: customerNote }),
  }));
  const done = requestReturn(context.world, context.shop, { orderId: order.id, lines });
  if (done.ok) return { return: { order, request: done.value }, userErrors: [] };
  return refused(done.field, done.message, RETURN_CODES[done.reason]);
}

function fulfillmentStatus(order: OrderState): string {
  const open = order.lines.reduce((sum, line) => sum + unsent(order, line), 0);
  if ((order.fulfillments ?? []).length === 0) return "UNFULFILLED";
  return open === 0 ? "FULFILLED" : "PARTIALLY_FULFILLED";
}

const lineSource = (order: OrderState, lineId: number): OfLine => {
  const line = order.lines.find(({ id }) => id === lineId);
  if (!line) throw new Error(`order ${order.id} has no line ${lineId}`);
  return { order, line };
};

export const customerAccountTables: ShopperTables = {
  QueryRoot: shopperFields<unknown>({
    customer: (_source, _args, context) => {
      demandScope("customer", "customer_read_customers", context);
      return me(context);
    },
    order: (_source, { id }, context) => {
      demandScope("order", "customer_read_orders", context);
      const order = ownOrder(id, context);
      return order && { __typename: "Order", order };
    },
    shop: (_source, _args, { shop }) => shop,
  }),
  Mutation: shopperFields<unknown>({
    customerEmailMarketingSubscribe: (_source, _args, context) => changeMarketing(true, context),
    customerEmailMarketingUnsubscribe: (_source, _args, context) => changeMarketing(false, context),
    orderRequestReturn: (_source, args, context) => askReturn(args, context),
  }),
  Shop: shopperFields<ShopState>({
    id: ({ id }) => gid("Shop", id),
    name: ({ name }) => name,
    email: ({ email }) => email,
    myshopifyDomain: ({ domain }) => domain,
    url: (_source, _args, { origin }) => origin,
    ...metafieldsOf<ShopState>(({ id }) => ({ type: "Shop", id })),
  }),
  Customer: shopperFields<CustomerState>({
    id: ({ id }) => gid("Customer", id),
    firstName: ({ firstName }) => firstName,
    lastName: ({ lastName }) => lastName,
    displayName: ({ firstName, lastName, email }) =>
      [firstName, lastName].filter(Boolean).join(" ") || (email ?? ""),
    creationDate: ({ createdAt }) => dateTime(createdAt),
    emailAddress: emailOf,
    tags: ({ tags }) => tags,
    marketCurrencyCode: (_source, _args, { market }) => market.currency,
    orders: ordersOf,
    ...metafieldsOf<CustomerState>(({ id }) => ({ type: "Customer", id })),
  }),
  Metafield: shopperFields<MetafieldState>({
    id: ({ id }) => gid("Metafield", id),
    namespace: ({ namespace }) => namespace,
    key: ({ key }) => key,
    type: ({ type }) => type,
    value: ({ value }) => value,
    jsonValue,
    compareDigest: ({ compareDigest }) => compareDigest,
    createdAt: ({ updatedAt }) => dateTime(updatedAt),
    updatedAt: ({ updatedAt }) => dateTime(updatedAt),
  }),
  Order: shopperFields<OfOrder>({
    id: ({ order }) => gid("Order", order.id),
    name: ({ order }) => `#${order.number}`,
    number: ({ order }) => order.number,
    createdAt: ({ order }) => dateTime(order.createdAt),
    processedAt: ({ order }) => dateTime(order.processedAt),
    updatedAt: ({ order }) => dateTime(order.updatedAt),
    cancelledAt: ({ order }) => (order.cancelledAt === null ? null : dateTime(order.cancelledAt)),
    cancelReason: ({ order }) => order.cancelReason,
    currencyCode: ({ order }) => order.presentmentCurrency,
    edited: ({ order }) => order.edited,
    email: ({ order }) => order.email,
    financialStatus: ({ order }) => financialStatus(order),
    fulfillmentStatus: ({ order }) => fulfillmentStatus(order),
    requiresShipping: ({ order }) => order.lines.some(({ isGiftCard }) => !isGiftCard),
    statusPageUrl: ({ order }, _args, { origin }) => `${origin}/account/orders/${order.id}`,
    totalPrice: ({ order }, _args, context) => money(orderTotals(order).totalMinor, order, context),
    totalRefunded: ({ order }, _args, context) => money(orderTotals(order).refundedMinor, order, context),
    subtotal: ({ order }, _args, context) => money(orderTotals(order).subtotalMinor, order, context),
    lineItems: ({ order }, args) =>
      listConnection(
        order.lines.map((line) => ({ order, line })),
        args,
      ),
    fulfillments: ({ order }, args) =>
      listConnection(
        (order.fulfillments ?? []).map((fulfillment) => ({ order, fulfillment })),
        args,
      ),
    returnInformation: ({ order }) => ({ order }),
    returns: ({ order }, args) =>
      listConnection(
        (order.returnRequests ?? []).map((request) => ({ order, request })),
        args,
      ),
  }),
  LineItem: shopperFields<OfLine>({
    id: ({ line }) => gid("LineItem", line.id),
    title: ({ line }) => line.title,
    name: ({ line }) => line.title,
    presentmentTitle: ({ line }) => line.title,
    quantity: ({ line }) => line.quantity,
    refundableQuantity: ({ line }) => line.refundableQuantity,
    giftCard: ({ line }) => line.isGiftCard,
    sku: ({ line }) => line.sku,
    productId: ({ line }) => (line.productId === null ? null : gid("Product", line.productId)),
    variantId: ({ line }) => (line.variantId === null ? null : gid("ProductVariant", line.variantId)),
    price: ({ order, line }, _args, context) => money(line.unitPriceMinor, order, context),
    image: ({ line }, _args, { origin }) =>
      line.productId === null ? null : pictureOf(line.productId, line.title, origin),
  }),
  Image: shopperFields<Picture>({
    url: ({ url }) => url,
    altText: ({ altText }) => altText,
    width: () => 600,
    height: () => 600,
  }),
  Fulfillment: shopperFields<OfFulfillment>({
    id: ({ fulfillment }) => gid("Fulfillment", fulfillment.id),
    createdAt: ({ fulfillment }) => dateTime(fulfillment.createdAt),
    updatedAt: ({ fulfillment }) => dateTime(fulfillment.updatedAt),
    status: () => "SUCCESS",
    isPickedUp: () => false,
    requiresShipping: () => true,
    estimatedDeliveryAt: ({ fulfillment }) =>
      fulfillment.estimatedDeliveryAt === null ? null : dateTime(fulfillment.estimatedDeliveryAt),
    latestShipmentStatus: ({ fulfillment }) => fulfillment.events.at(-1)?.status ?? null,
    trackingInformation: ({ fulfillment }) => (fulfillment.tracking ? [fulfillment.tracking] : []),
    events: ({ fulfillment }, args) =>
      listConnection(
        fulfillment.events.map((event) => ({
          ...event,
          id: gid("FulfillmentEvent", event.id),
          happenedAt: dateTime(event.happenedAt),
        })),
        args,
      ),
    fulfillmentLineItems: ({ order, fulfillment }, args) =>
      listConnection(
        fulfillment.lines.map(({ lineId, quantity }) => ({
          id: gid(
            "FulfillmentLineItem",
            fulfillment.id * 1_000 + order.lines.findIndex(({ id }) => id === lineId),
          ),
          quantity,
          lineItem: lineSource(order, lineId),
        })),
        args,
      ),
  }),
  OrderReturnInformation: shopperFields<OfOrder>({
    hasRestockingFee: () => false,
    hasReturnShippingFee: () => false,
    returnableLineItems: ({ order }, args) =>
      listConnection(
        order.lines.flatMap((line) => {
          const quantity = order.cancelledAt === null ? returnable(order, line) : 0;
          return quantity > 0 ? [{ quantity, lineItem: { order, line } }] : [];
        }),
        args,
      ),
  }),
  Return: shopperFields<OfReturn>({
    id: ({ request }) => gid("Return", request.id),
    name: ({ request }) => request.name,
    status: ({ request }) => request.status,
    createdAt: ({ request }) => dateTime(request.createdAt),
    updatedAt: ({ order }) => dateTime(order.updatedAt),
    closedAt: () => null,
  }),
};

interface Picture {
  url: string;
  altText: string;
}

export function pictureOf(productId: number, altText: string, origin: string): Picture {
  return { url: `${origin}/cdn/shop/products/${productId}.svg`, altText };
}
