/**
 * Everything that can happen at a shop, one function each. An action checks its whole input first: it either happens
 * completely, with its webhook events, or answers why not and changes nothing. `at` is the world's now unless told.
 */
import {
  customerRedactPayload,
  dataRequestPayload,
  inventoryItemPayload,
  mergePayload,
  orderEditPayload,
} from "../webhooks/payloads.ts";
import {
  checkoutTotal,
  customerFault,
  forgetCustomer,
  given,
  handleOf,
  isAmount,
  lineFault,
  notAmount,
  openAuthorization,
  openCheckout,
  openOrder,
  orderIdsOf,
  prepareLines,
  refundFault,
  taxOf,
  variantOf,
  type CheckoutLines,
  type CustomerFacts,
  type LineInput,
} from "./checks.ts";
import { moveDiscounts } from "./discounts.ts";
import { emit, type Topic } from "./events.ts";
import {
  amountsOf,
  recordEdit,
  recordOrder,
  recordRefund,
  recordReturn,
  recordTransaction,
  touch,
  wholeRefund,
  type NewRefund,
} from "./journal.ts";
import type {
  AddressState,
  CardState,
  CheckoutState,
  CustomerState,
  DiscountUseState,
  DisputeState,
  OrderState,
  ProductState,
  RefundState,
  ShopState,
  TransactionState,
  VariantState,
  World,
} from "./model.ts";
import { fail, succeed, type Result } from "./result.ts";
import { accountsOf, balanceOf, creditRefund } from "./store-credit.ts";
import {
  checkoutTopic,
  customerTopic,
  deletedTopic,
  disputeTopic,
  orderTopic,
  productTopic,
  refundOf,
  refundTopics,
  transactionTopic,
} from "./topics.ts";
import { currentTotalMinor, financialStatus, netPaymentMinor } from "./totals.ts";
import { isCurrency, newId, now, wholeSecond } from "./world.ts";

// Orders

export interface OrderInput {
  lines: LineInput[];
  customerId?: number;
  email?: string;
  /** Before its discount, as the shop lists it. */
  shippingMinor?: number;
  shippingDiscountMinor?: number;
  shippingTaxMinor?: number;
  tipMinor?: number;
  dutyMinor?: number;
  feeMinor?: number;
  /** For lines and shipping that name no tax. */
  taxRatePercent?: number;
  payment?: "authorized" | "paid" | "pending";
  gateway?: string;
  /** Part of the payment that is taken from a gift card. */
  giftCardPaymentMinor?: number;
  /** An imported order keeps its original date. */
  processedAt?: number;
  test?: boolean;
  sourceName?: string;
  tags?: string[];
  presentmentCurrency?: string;
  presentmentRate?: number;
  companyId?: number;
  shippingCountry?: string;
  address?: AddressState;
  clientIp?: string;
  customAttributes?: { key: string; value: string }[];
  /** That pays what no gift card does. */
  card?: CardState;
  discountCodes?: string[];
  /** What the shop's own discounts took off: `placeOrder` works it out. */
  discounts?: DiscountUseState[];
  firstVisit?: OrderState["firstVisit"];
  at?: number;
}

export function createOrder(world: World, shop: ShopState, input: OrderInput): Result<OrderState> {
  const at = input.at ?? now(world);
  if (input.lines.length === 0) return fail("invalid", "An order needs at least one line.", ["lines"]);
  const rate = input.taxRatePercent ?? 0;
  if (!(rate >= 0 && rate <= 100))
    return fail("invalid", "The tax rate is a percentage.", ["taxRatePercent"]);
  const lines = prepareLines(shop, input.lines, rate, shop.taxesIncluded);
  if (!lines.ok) return lines;
  const customer = input.customerId === undefined ? null : shop.customers.get(input.customerId);
  if (customer === undefined) return fail("not-found", "The customer does not exist.", ["customerId"]);
  const amounts = notAmount(input, [
    "shippingMinor",
    "shippingDiscountMinor",
    "shippingTaxMinor",
    "tipMinor",
    "dutyMinor",
    "feeMinor",
    "giftCardPaymentMinor",
  ]);
  if (amounts) return amounts;
  const presentmentCurrency = input.presentmentCurrency ?? shop.currency;
  if (!isCurrency(presentmentCurrency))
    return fail("invalid", `${presentmentCurrency} is not a currency code.`, ["presentmentCurrency"]);
  const presentmentRate = input.presentmentRate ?? 1;
  if (!(presentmentRate > 0) || (presentmentCurrency === shop.currency && presentmentRate !== 1))
    return fail("invalid", "The presentment rate does not fit its currency.", ["presentmentRate"]);
  const shippingMinor = input.shippingMinor ?? 0;
  const shippingDiscountMinor = input.shippingDiscountMinor ?? 0;
  if (shippingDiscountMinor > shippingMinor)
    return fail("exceeds", "The discount exceeds the shipping.", ["shippingDiscountMinor"]);
  const shippingTaxMinor =
    input.shippingTaxMinor ?? taxOf(shippingMinor - shippingDiscountMinor, rate, shop.taxesIncluded);
  if (shop.taxesIncluded && shippingTaxMinor > shippingMinor - shippingDiscountMinor)
    return fail("exceeds", "The tax exceeds the shipping that includes it.", ["shippingTaxMinor"]);

  const order = recordOrder(world, {
    number: shop.nextOrderNumber,
    customerId: customer?.id ?? null,
    email: input.email ?? customer?.email ?? null,
    createdAt: at,
    processedAt: input.processedAt ?? at,
    test: input.test ?? false,
    sourceName: input.sourceName ?? "web",
    tags: input.tags ?? [],
    taxesIncluded: shop.taxesIncluded,
    presentmentCurrency,
    presentmentRate,
    companyId: input.companyId ?? null,
    shippingCountry: input.shippingCountry ?? customer?.countryCode ?? null,
    discountCodes: input.discountCodes ?? [],
    ...(input.discounts && { discounts: input.discounts }),
    firstVisit: input.firstVisit ?? null,
    lines: lines.value,
    shipping:
      shippingMinor === 0
        ? null
        : {
            title: "Standard",
            priceMinor: shippingMinor,
            discountMinor: shippingDiscountMinor,
            amounts: amountsOf(shop.taxesIncluded, shippingMinor, shippingDiscountMinor, shippingTaxMinor),
          },
    tipMinor: input.tipMinor ?? 0,
    dutyMinor: input.dutyMinor ?? 0,
    feeMinor: input.feeMinor ?? 0,
  });
  if (input.address) order.address = input.address;
  if (input.clientIp !== undefined) order.clientIp = input.clientIp;
  if (input.customAttributes) order.customAttributes = input.customAttributes;
  const totalMinor = currentTotalMinor(order);
  const giftCardPart = Math.min(input.giftCardPaymentMinor ?? 0, totalMinor);
  const payment = input.payment ?? "paid";
  const transactions: TransactionState[] = [];
  const gateway = input.gateway ?? "shopify_payments";
  const pay = (kind: "AUTHORIZATION" | "SALE", through: string, amountMinor: number) => {
    if (amountMinor === 0) return;
    const rest = { status: "SUCCESS", parentId: null, refundId: null } as const;
    const card = through !== "gift_card" && input.card ? { card: input.card } : {};
    const facts = { kind, gateway: through, amountMinor, ...rest, ...card };
    transactions.push(recordTransaction(world, order, at, facts));
  };
  if (payment !== "pending") {
    pay("SALE", "gift_card", giftCardPart);
    pay(payment === "authorized" ? "AUTHORIZATION" : "SALE", gateway, totalMinor - giftCardPart);
  }
  shop.nextOrderNumber += 1;
  shop.orders.set(order.id, order);
  emit(world, shop, at, [
    orderTopic(shop, order, "orders/create"),
    ...transactions.map((transaction) => transactionTopic(shop, order, transaction)),
    ...(financialStatus(order) === "PAID" ? [orderTopic(shop, order, "orders/paid")] : []),
  ]);
  return succeed(order);
}

/** Takes money: an authorization is captured, anything else is a sale. All that is owed unless told. */
export function payOrder(
  world: World,
  shop: ShopState,
  input: { orderId: number; amountMinor?: number; gateway?: string; at?: number },
): Result<OrderState> {
  const at = input.at ?? now(world);
  const found = openOrder(shop, input.orderId);
  if (!found.ok) return found;
  const order = found.value;
  const owed = currentTotalMinor(order) - netPaymentMinor(order);
  if (owed <= 0) return fail("wrong-state", "Nothing is owed on this order.", ["orderId"]);
  const amountMinor = input.amountMinor ?? owed;
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0)
    return fail("invalid", "The amount must be positive.", ["amountMinor"]);
  if (amountMinor > owed) return fail("exceeds", "The amount exceeds what is owed.", ["amountMinor"]);
  const authorization = openAuthorization(order);
  const captured = authorization !== undefined && amountMinor <= authorization.amountMinor;
  const transaction = recordTransaction(world, order, at, {
    kind: captured ? "CAPTURE" : "SALE",
    status: "SUCCESS",
    gateway: captured ? authorization.gateway : (input.gateway ?? "manual"),
    amountMinor,
    parentId: captured ? authorization.id : null,
    refundId: null,
  });
  emit(world, shop, at, [
    transactionTopic(shop, order, transaction),
    orderTopic(shop, order, "orders/updated"),
    ...(amountMinor === owed ? [orderTopic(shop, order, "orders/paid")] : []),
  ]);
  return succeed(order);
}

export interface EditInput {
  orderId: number;
  addedLines?: LineInput[];
  /** New current quantities of lines. */
  quantities?: { lineId: number; quantity: number }[];
  taxRatePercent?: number;
  at?: number;
}

export function editOrder(world: World, shop: ShopState, input: EditInput): Result<OrderState> {
  const at = input.at ?? now(world);
  const found = openOrder(shop, input.orderId);
  if (!found.ok) return found;
  const order = found.value;
  const rate = input.taxRatePercent ?? 0;
  if (!(rate >= 0 && rate <= 100))
    return fail("invalid", "The tax rate is a percentage.", ["taxRatePercent"]);
  const added = prepareLines(shop, input.addedLines ?? [], rate, order.taxesIncluded);
  if (!added.ok) return added;
  const quantities = input.quantities ?? [];
  const seen = new Set<number>();
  for (const [index, { lineId, quantity }] of quantities.entries()) {
    const field = ["quantities", String(index)];
    const line = order.lines.find(({ id }) => id === lineId);
    if (!line) return fail("not-found", "The line does not exist.", [...field, "lineId"]);
    if (seen.has(lineId)) return fail("invalid", "The line is named twice.", [...field, "lineId"]);
    seen.add(lineId);
    if (!Number.isSafeInteger(quantity) || quantity < 0 || quantity > 1_000_000)
      return fail("invalid", "The quantity must be a whole number.", [...field, "quantity"]);
    if (quantity < line.currentQuantity && line.currentQuantity - quantity > line.refundableQuantity)
      return fail("exceeds", "More units than are left cannot be removed.", [...field, "quantity"]);
  }
  const changed = quantities.some(
    ({ lineId, quantity }) => order.lines.find(({ id }) => id === lineId)?.currentQuantity !== quantity,
  );
  if (!changed && added.value.length === 0) return fail("invalid", "The edit changes nothing.");
  const edit = recordEdit(world, order, at, { addedLines: added.value, quantities });
  emit(world, shop, at, [
    { topic: "orders/edited", resourceId: order.id, payload: () => orderEditPayload(order, edit) },
    orderTopic(shop, order, "orders/updated"),
  ]);
  return succeed(order);
}

export interface RefundInput {
  orderId: number;
  lines?: { lineId: number; quantity: number; restock?: boolean }[];
  /** Shipping given back, without tax; its tax follows in proportion unless told. */
  shippingMinor?: number;
  shippingTaxMinor?: number;
  tipMinor?: number;
  dutyMinor?: number;
  feeMinor?: number;
  /** Given back without naming a line; negative: kept back of what the lines are worth. */
  adjustmentMinor?: number;
  /** The return whose goods are paid back. */
  returnId?: number;
  storeCredit?: boolean;
  /** Also give back what is paid too much, as after an edit. */
  overpaid?: boolean;
  note?: string;
  at?: number;
}

export function refundOrder(
  world: World,
  shop: ShopState,
  input: RefundInput,
): Result<{ order: OrderState; refund: RefundState }> {
  const at = input.at ?? now(world);
  const order = shop.orders.get(input.orderId);
  if (!order) return fail("not-found", "The order does not exist.", ["orderId"]);
  const amounts = notAmount(input, [
    "shippingMinor",
    "shippingTaxMinor",
    "tipMinor",
    "dutyMinor",
    "feeMinor",
  ]);
  if (amounts) return amounts;
  const refund: NewRefund = {
    lines: (input.lines ?? []).map((line) => ({ ...line, restock: line.restock ?? true })),
    shippingMinor: input.shippingMinor ?? 0,
    shippingTaxMinor: input.shippingTaxMinor ?? null,
    tipMinor: input.tipMinor ?? 0,
    dutyMinor: input.dutyMinor ?? 0,
    feeMinor: input.feeMinor ?? 0,
    adjustmentMinor: input.adjustmentMinor ?? 0,
    adjustmentTaxMinor: 0,
    returnId: input.returnId ?? null,
    storeCredit: input.storeCredit ?? false,
    overpaid: (input.overpaid ?? false) || input.returnId !== undefined,
    note: input.note ?? null,
  };
  const wrong = refundFault(order, refund);
  if (wrong) return wrong;
  const agreement = recordRefund(world, order, at, refund);
  creditRefund(world, shop, order, agreement.refund, "ORDER_REFUND", at);
  emit(world, shop, at, [...refundTopics(shop, order, agreement), orderTopic(shop, order, "orders/updated")]);
  return succeed({ order, refund: refundOf(agreement) });
}

/** Goods come back; the money follows with a refund that names the return. */
export function returnItems(
  world: World,
  shop: ShopState,
  input: {
    orderId: number;
    lines: { lineId: number; quantity: number }[];
    feeMinor?: number;
    at?: number;
  },
): Result<{ order: OrderState; returnId: number }> {
  const at = input.at ?? now(world);
  const found = openOrder(shop, input.orderId);
  if (!found.ok) return found;
  const order = found.value;
  if (input.lines.length === 0) return fail("invalid", "A return needs at least one line.", ["lines"]);
  const wrong =
    lineFault(order, input.lines, (line) => line.currentQuantity) ?? notAmount(input, ["feeMinor"]);
  if (wrong) return wrong;
  const agreement = recordReturn(world, order, at, { lines: input.lines, feeMinor: input.feeMinor ?? 0 });
  emit(world, shop, at, [orderTopic(shop, order, "orders/updated")]);
  return succeed({ order, returnId: agreement.returnId ?? 0 });
}

export interface CancelInput {
  orderId: number;
  reason?: NonNullable<OrderState["cancelReason"]>;
  /** Give back what was paid (the default), or later. What is unpaid is written off in any case. */
  refund?: boolean;
  storeCredit?: boolean;
  at?: number;
}

export function cancelOrder(world: World, shop: ShopState, input: CancelInput): Result<OrderState> {
  const at = input.at ?? now(world);
  const found = openOrder(shop, input.orderId);
  if (!found.ok) return found;
  const order = found.value;
  const paid = netPaymentMinor(order);
  const topics: Topic[] = [];
  const authorization = openAuthorization(order);
  if (authorization) {
    const { gateway, amountMinor, id } = authorization;
    const transaction = recordTransaction(world, order, at, {
      kind: "VOID",
      status: "SUCCESS",
      gateway,
      amountMinor,
      parentId: id,
      refundId: null,
    });
    topics.push(transactionTopic(shop, order, transaction));
  }
  if (paid <= 0 || (input.refund ?? true)) {
    const whole = { ...wholeRefund(order, "Cancelled"), storeCredit: input.storeCredit ?? false };
    const agreement = recordRefund(world, order, at, whole);
    creditRefund(world, shop, order, agreement.refund, "ORDER_CANCELLATION", at);
    topics.push(...refundTopics(shop, order, agreement));
  }
  order.cancelledAt = wholeSecond(at);
  order.cancelReason = input.reason ?? "CUSTOMER";
  touch(order, at);
  emit(world, shop, at, [
    ...topics,
    orderTopic(shop, order, "orders/cancelled"),
    orderTopic(shop, order, "orders/updated"),
  ]);
  return succeed(order);
}

/** The order is somebody else's from now on. */
export function setOrderCustomer(
  world: World,
  shop: ShopState,
  input: { orderId: number; customerId: number; at?: number },
): Result<OrderState> {
  const at = input.at ?? now(world);
  const order = shop.orders.get(input.orderId);
  if (!order) return fail("not-found", "The order does not exist.", ["orderId"]);
  if (!shop.customers.has(input.customerId))
    return fail("not-found", "The customer does not exist.", ["customerId"]);
  order.customerId = input.customerId;
  touch(order, at);
  emit(world, shop, at, [orderTopic(shop, order, "orders/updated")]);
  return succeed(order);
}

/** The bank asks the money back. The order itself does not change. */
export function disputeOrder(
  world: World,
  shop: ShopState,
  input: { orderId: number; amountMinor?: number; reason?: string; type?: DisputeState["type"]; at?: number },
): Result<DisputeState> {
  const at = input.at ?? now(world);
  const order = shop.orders.get(input.orderId);
  if (!order) return fail("not-found", "The order does not exist.", ["orderId"]);
  const paid = netPaymentMinor(order);
  if (paid <= 0) return fail("wrong-state", "Only a paid order can be disputed.", ["orderId"]);
  const amountMinor = input.amountMinor ?? paid;
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0)
    return fail("invalid", "The amount must be positive.", ["amountMinor"]);
  if (amountMinor > paid) return fail("exceeds", "The amount exceeds what was paid.", ["amountMinor"]);
  const dispute: DisputeState = {
    id: newId(world, "dispute"),
    orderId: order.id,
    amountMinor,
    reason: input.reason ?? "fraudulent",
    type: input.type ?? "CHARGEBACK",
    status: "NEEDS_RESPONSE",
    createdAt: wholeSecond(at),
    finalizedAt: null,
  };
  shop.disputes.set(dispute.id, dispute);
  emit(world, shop, at, [disputeTopic(shop, dispute, "disputes/create")]);
  return succeed(dispute);
}

export function settleDispute(
  world: World,
  shop: ShopState,
  input: { disputeId: number; status: "LOST" | "UNDER_REVIEW" | "WON"; at?: number },
): Result<DisputeState> {
  const at = input.at ?? now(world);
  const dispute = shop.disputes.get(input.disputeId);
  if (!dispute) return fail("not-found", "The dispute does not exist.", ["disputeId"]);
  if (dispute.finalizedAt !== null) return fail("wrong-state", "The dispute is settled.", ["disputeId"]);
  dispute.status = input.status;
  if (input.status !== "UNDER_REVIEW") dispute.finalizedAt = wholeSecond(at);
  emit(world, shop, at, [disputeTopic(shop, dispute, "disputes/update")]);
  return succeed(dispute);
}

export function deleteOrder(
  world: World,
  shop: ShopState,
  input: { orderId: number; at?: number },
): Result<number> {
  if (!shop.orders.delete(input.orderId)) return fail("not-found", "The order does not exist.", ["orderId"]);
  shop.metafields.delete(`gid://shopify/Order/${input.orderId}`);
  for (const dispute of [...shop.disputes.values()])
    if (dispute.orderId === input.orderId) shop.disputes.delete(dispute.id);
  emit(world, shop, input.at ?? now(world), [deletedTopic("orders/delete", "Order", input.orderId)]);
  return succeed(input.orderId);
}

// Customers

export function createCustomer(
  world: World,
  shop: ShopState,
  input: CustomerFacts & { at?: number },
): Result<CustomerState> {
  const { at = now(world), ...facts } = input;
  const wrong = customerFault(shop, facts, null);
  if (wrong) return wrong;
  const customer: CustomerState = {
    id: newId(world, "customer"),
    firstName: null,
    lastName: null,
    email: null,
    phone: null,
    state: "DISABLED",
    tags: [],
    acceptsMarketing: false,
    locale: shop.locale,
    countryCode: null,
    ...given(facts),
    createdAt: wholeSecond(at),
    updatedAt: wholeSecond(at),
  };
  shop.customers.set(customer.id, customer);
  emit(world, shop, at, [customerTopic(shop, customer, "customers/create")]);
  return succeed(customer);
}

export function updateCustomer(
  world: World,
  shop: ShopState,
  input: CustomerFacts & { customerId: number; at?: number },
): Result<CustomerState> {
  const { at = now(world), customerId, ...facts } = input;
  const customer = shop.customers.get(customerId);
  if (!customer) return fail("not-found", "The customer does not exist.", ["customerId"]);
  const wrong = customerFault(shop, facts, customerId);
  if (wrong) return wrong;
  const stateBefore = customer.state;
  Object.assign(customer, given(facts));
  touch(customer, at);
  const topics = [customerTopic(shop, customer, "customers/update")];
  if (customer.state !== stateBefore && customer.state === "ENABLED")
    topics.push(customerTopic(shop, customer, "customers/enable"));
  if (customer.state !== stateBefore && customer.state === "DISABLED")
    topics.push(customerTopic(shop, customer, "customers/disable"));
  emit(world, shop, at, topics);
  return succeed(customer);
}

/**
 * Makes one customer of two. Shopify, not the order of the arguments, decides who survives: the one with an account,
 * else the second. The orders move without a change of their updatedAt; what discounts are for moves as well. Gift cards and
 * store credit cannot move: who has some is not merged.
 */
export function mergeCustomers(
  world: World,
  shop: ShopState,
  input: { customerOneId: number; customerTwoId: number; at?: number },
): Result<{ kept: CustomerState; deletedId: number; jobId: string }> {
  const at = input.at ?? now(world);
  const one = shop.customers.get(input.customerOneId);
  const two = shop.customers.get(input.customerTwoId);
  if (!one) return fail("not-found", "The customer does not exist.", ["customerOneId"]);
  if (!two) return fail("not-found", "The customer does not exist.", ["customerTwoId"]);
  if (one === two) return fail("invalid", "A customer cannot be merged with itself.", ["customerTwoId"]);
  for (const { id } of [one, two]) {
    if ([...shop.giftCards.values()].some((card) => card.customerId === id && card.deactivatedAt === null))
      return fail("wrong-state", "A customer with gift cards cannot be merged.", ["giftCards"]);
    if (accountsOf(world, shop, id).some((account) => balanceOf(account) > 0))
      return fail("wrong-state", "A customer with store credit cannot be merged.", ["storeCredit"]);
  }
  const [kept, lost] = one.state === "ENABLED" && two.state !== "ENABLED" ? [one, two] : [two, one];
  for (const order of shop.orders.values()) if (order.customerId === lost.id) order.customerId = kept.id;
  for (const each of shop.checkouts.values()) if (each.customerId === lost.id) each.customerId = kept.id;
  moveDiscounts(shop, lost.id, kept.id);
  for (const card of shop.giftCards.values()) if (card.customerId === lost.id) card.customerId = kept.id;
  for (const account of accountsOf(world, shop, lost.id)) shop.storeCreditAccounts.delete(account.id);
  kept.firstName ??= lost.firstName;
  kept.lastName ??= lost.lastName;
  kept.email ??= lost.email;
  kept.phone ??= lost.phone;
  kept.countryCode ??= lost.countryCode;
  kept.tags = [...new Set([...kept.tags, ...lost.tags])];
  kept.acceptsMarketing ||= lost.acceptsMarketing;
  touch(kept, at);
  shop.customers.delete(lost.id);
  shop.metafields.delete(`gid://shopify/Customer/${lost.id}`);
  const jobId = String(newId(world, "job"));
  emit(world, shop, at, [
    {
      topic: "customers/merge",
      resourceId: kept.id,
      payload: () => mergePayload(kept.id, lost.id, jobId),
    },
    customerTopic(shop, kept, "customers/update"),
  ]);
  return succeed({ kept, deletedId: lost.id, jobId });
}

/** Shopify deletes only customers without orders. */
export function deleteCustomer(
  world: World,
  shop: ShopState,
  input: { customerId: number; at?: number },
): Result<number> {
  const { customerId } = input;
  if (!shop.customers.has(customerId))
    return fail("not-found", "The customer does not exist.", ["customerId"]);
  if (orderIdsOf(shop, customerId).length > 0)
    return fail("wrong-state", "A customer with orders cannot be deleted.", ["customerId"]);
  forgetCustomer(shop, customerId);
  emit(world, shop, input.at ?? now(world), [deletedTopic("customers/delete", "Customer", customerId)]);
  return succeed(customerId);
}

/** Erases a person: the orders stay, without a customer and without an address. */
export function redactCustomer(
  world: World,
  shop: ShopState,
  input: { customerId: number; at?: number },
): Result<{ orderIds: number[] }> {
  const customer = shop.customers.get(input.customerId);
  if (!customer) return fail("not-found", "The customer does not exist.", ["customerId"]);
  const orderIds = orderIdsOf(shop, customer.id);
  for (const id of orderIds) {
    const order = shop.orders.get(id);
    if (order) Object.assign(order, { customerId: null, email: null });
  }
  forgetCustomer(shop, customer.id);
  emit(world, shop, input.at ?? now(world), [
    {
      topic: "customers/redact",
      resourceId: customer.id,
      payload: () => customerRedactPayload(shop, customer, orderIds),
    },
  ]);
  return succeed({ orderIds });
}

export function requestCustomerData(
  world: World,
  shop: ShopState,
  input: { customerId: number; at?: number },
): Result<{ dataRequestId: number }> {
  const customer = shop.customers.get(input.customerId);
  if (!customer) return fail("not-found", "The customer does not exist.", ["customerId"]);
  const dataRequestId = newId(world, "dataRequest");
  const orderIds = orderIdsOf(shop, customer.id);
  emit(world, shop, input.at ?? now(world), [
    {
      topic: "customers/data_request",
      resourceId: customer.id,
      payload: () => dataRequestPayload(shop, customer, orderIds, dataRequestId),
    },
  ]);
  return succeed({ dataRequestId });
}

// Products

export interface ProductInput {
  title: string;
  productType?: string;
  vendor?: string;
  status?: ProductState["status"];
  tags?: string[];
  isGiftCard?: boolean;
  variants: { title?: string; sku?: string; priceMinor: number; unitCostMinor?: number | null }[];
  at?: number;
}

export function createProduct(world: World, shop: ShopState, input: ProductInput): Result<ProductState> {
  const at = wholeSecond(input.at ?? now(world));
  if (input.title.trim() === "") return fail("invalid", "Title can't be blank.", ["title"]);
  if (input.variants.length === 0) return fail("invalid", "A product needs a variant.", ["variants"]);
  for (const [index, { priceMinor, unitCostMinor }] of input.variants.entries()) {
    const field = ["variants", String(index)];
    if (!isAmount(priceMinor)) return fail("invalid", "The price is an amount.", [...field, "priceMinor"]);
    if (unitCostMinor !== null && unitCostMinor !== undefined && !isAmount(unitCostMinor))
      return fail("invalid", "The cost is an amount.", [...field, "unitCostMinor"]);
  }
  const product: ProductState = {
    id: newId(world, "product"),
    title: input.title,
    handle: handleOf(input.title),
    productType: input.productType ?? "",
    vendor: input.vendor ?? shop.name,
    status: input.status ?? "ACTIVE",
    tags: input.tags ?? [],
    isGiftCard: input.isGiftCard ?? false,
    variantIds: [],
    createdAt: at,
    updatedAt: at,
  };
  for (const each of input.variants) {
    const variant: VariantState = {
      id: newId(world, "variant"),
      productId: product.id,
      inventoryItemId: newId(world, "inventoryItem"),
      title: each.title ?? "Default Title",
      sku: each.sku ?? null,
      priceMinor: each.priceMinor,
      unitCostMinor: each.unitCostMinor ?? null,
      createdAt: at,
      updatedAt: at,
    };
    shop.variants.set(variant.id, variant);
    product.variantIds.push(variant.id);
  }
  shop.products.set(product.id, product);
  emit(world, shop, at, [productTopic(shop, product, "products/create")]);
  return succeed(product);
}

export function updateProduct(
  world: World,
  shop: ShopState,
  input: {
    productId: number;
    title?: string;
    productType?: string;
    vendor?: string;
    status?: ProductState["status"];
    tags?: string[];
    at?: number;
  },
): Result<ProductState> {
  const { at = now(world), productId, ...facts } = input;
  const product = shop.products.get(productId);
  if (!product) return fail("not-found", "The product does not exist.", ["productId"]);
  if (facts.title?.trim() === "") return fail("invalid", "Title can't be blank.", ["title"]);
  Object.assign(product, given(facts));
  touch(product, at);
  emit(world, shop, at, [productTopic(shop, product, "products/update")]);
  return succeed(product);
}

export function setPrice(
  world: World,
  shop: ShopState,
  input: { variantId: number; priceMinor: number; at?: number },
): Result<VariantState> {
  const at = input.at ?? now(world);
  const found = variantOf(shop, input.variantId);
  if (!found.ok) return found;
  if (!isAmount(input.priceMinor)) return fail("invalid", "The price is an amount.", ["priceMinor"]);
  const { variant, product } = found.value;
  variant.priceMinor = input.priceMinor;
  touch(variant, at);
  touch(product, at);
  emit(world, shop, at, [productTopic(shop, product, "products/update")]);
  return succeed(variant);
}

/** The cost belongs to the inventory item: its topic alone tells of it, and nothing of the product changes. */
export function setUnitCost(
  world: World,
  shop: ShopState,
  input: { variantId: number; unitCostMinor: number | null; at?: number },
): Result<VariantState> {
  const at = input.at ?? now(world);
  const found = variantOf(shop, input.variantId);
  if (!found.ok) return found;
  if (input.unitCostMinor !== null && !isAmount(input.unitCostMinor))
    return fail("invalid", "The cost is an amount.", ["unitCostMinor"]);
  const { variant } = found.value;
  variant.unitCostMinor = input.unitCostMinor;
  touch(variant, at);
  emit(world, shop, at, [
    {
      topic: "inventory_items/update",
      resourceId: variant.inventoryItemId,
      payload: () => inventoryItemPayload(shop, variant),
    },
  ]);
  return succeed(variant);
}

/** Orders keep their lines; these then name no product. */
/** Nobody hears of it: stock is not kept, and a variant is there or it is not. */
export function setSoldOut(
  _world: World,
  shop: ShopState,
  input: { variantId: number; soldOut: boolean },
): Result<VariantState> {
  const found = variantOf(shop, input.variantId);
  if (!found.ok) return fail("not-found", found.message, ["variantId"]);
  found.value.variant.soldOut = input.soldOut;
  shop.revision += 1;
  return succeed(found.value.variant);
}

export function deleteProduct(
  world: World,
  shop: ShopState,
  input: { productId: number; at?: number },
): Result<number> {
  const product = shop.products.get(input.productId);
  if (!product) return fail("not-found", "The product does not exist.", ["productId"]);
  for (const order of shop.orders.values())
    for (const line of order.lines)
      if (line.productId === product.id) Object.assign(line, { productId: null, variantId: null });
  for (const id of product.variantIds) shop.variants.delete(id);
  shop.products.delete(product.id);
  for (const collection of shop.collections.values())
    collection.productIds = collection.productIds.filter((id) => id !== product.id);
  shop.metafields.delete(`gid://shopify/Product/${product.id}`);
  emit(world, shop, input.at ?? now(world), [deletedTopic("products/delete", "Product", product.id)]);
  return succeed(product.id);
}

// Checkouts

export function abandonCheckout(
  world: World,
  shop: ShopState,
  input: { lines: CheckoutLines; customerId?: number; at?: number },
): Result<CheckoutState> {
  const at = wholeSecond(input.at ?? now(world));
  const total = checkoutTotal(shop, input.lines);
  if (!total.ok) return total;
  if (input.customerId !== undefined && !shop.customers.has(input.customerId))
    return fail("not-found", "The customer does not exist.", ["customerId"]);
  const checkout: CheckoutState = {
    id: newId(world, "checkout"),
    customerId: input.customerId ?? null,
    createdAt: at,
    updatedAt: at,
    completedAt: null,
    lines: input.lines,
    totalMinor: total.value,
    orderId: null,
  };
  shop.checkouts.set(checkout.id, checkout);
  emit(world, shop, at, [checkoutTopic(shop, checkout, "checkouts/create")]);
  return succeed(checkout);
}

export function updateCheckout(
  world: World,
  shop: ShopState,
  input: { checkoutId: number; lines: CheckoutLines; at?: number },
): Result<CheckoutState> {
  const at = input.at ?? now(world);
  const found = openCheckout(shop, input.checkoutId);
  if (!found.ok) return found;
  const total = checkoutTotal(shop, input.lines);
  if (!total.ok) return total;
  Object.assign(found.value, { lines: input.lines, totalMinor: total.value });
  touch(found.value, at);
  emit(world, shop, at, [checkoutTopic(shop, found.value, "checkouts/update")]);
  return succeed(found.value);
}

/** The shopper comes back and buys: the order takes the checkout's lines and customer. */
export function completeCheckout(
  world: World,
  shop: ShopState,
  input: Omit<OrderInput, "lines" | "customerId"> & { checkoutId: number },
): Result<OrderState> {
  const { checkoutId, ...rest } = input;
  const found = openCheckout(shop, checkoutId);
  if (!found.ok) return found;
  const checkout = found.value;
  const at = input.at ?? now(world);
  const customer = checkout.customerId === null ? {} : { customerId: checkout.customerId };
  const order = createOrder(world, shop, { ...rest, at, ...customer, lines: checkout.lines });
  if (!order.ok) return order;
  checkout.completedAt = wholeSecond(at);
  checkout.orderId = order.value.id;
  touch(checkout, at);
  emit(world, shop, at, [checkoutTopic(shop, checkout, "checkouts/update")]);
  return order;
}
