/** Orders, customers and products for tests: plain defaults, of which each test says what matters to it. */
import type { Customer } from "../../app/core/customer.ts";
import type { Order, OrderLine, Refund } from "../../app/core/order.ts";
import type { Product } from "../../app/core/product.ts";

export const DAY_MS = 86_400_000;
/** 2026-01-01T00:00:00Z */
export const START = 20_454 * DAY_MS;

export function makeLine(facts: Partial<OrderLine> = {}): OrderLine {
  const quantity = facts.quantity ?? 1;
  const grossMinor = facts.grossMinor ?? quantity * 1000;
  const discountMinor = facts.discountMinor ?? 0;
  return {
    id: 1,
    productId: 10,
    variantId: 100,
    quantity,
    listPriceMinor: 1000,
    grossMinor,
    discountMinor,
    netMinor: grossMinor - discountMinor,
    taxMinor: 0,
    refundedQuantity: 0,
    refundMinor: 0,
    unitCostMinor: null,
    isGiftCard: false,
    ...facts,
  };
}

export function makeRefund(facts: Partial<Refund> = {}): Refund {
  return {
    id: 1,
    refundedAt: START,
    day: 20_454,
    productMinor: 0,
    shippingMinor: 0,
    taxMinor: 0,
    giftCardMinor: 0,
    otherMinor: 0,
    returnedUnits: [],
    ...facts,
  };
}

/** Sums of the order follow from its lines and refunds unless they are named. */
export function makeOrder(facts: Partial<Order> = {}): Order {
  const lines = facts.lines ?? [makeLine()];
  const refunds = facts.refunds ?? [];
  const products = lines.filter((line) => !line.isGiftCard);
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const grossMinor = sum(products.map((line) => line.grossMinor));
  const discountMinor = sum(products.map((line) => line.discountMinor));
  const refundMinor = sum(refunds.map((refund) => refund.productMinor));
  const placedAt = facts.placedAt ?? START;
  return {
    id: 1,
    customerId: 5,
    createdAt: placedAt,
    placedAt,
    updatedAt: placedAt,
    day: Math.floor(placedAt / DAY_MS),
    grossMinor,
    discountMinor,
    shippingMinor: 0,
    taxMinor: 0,
    tipMinor: 0,
    giftCardMinor: sum(lines.filter((line) => line.isGiftCard).map((line) => line.netMinor)),
    feeMinor: 0,
    refundMinor,
    netMinor: grossMinor - discountMinor - refundMinor,
    differenceMinor: 0,
    presentmentCurrency: "USD",
    presentmentTotalMinor: grossMinor - discountMinor,
    channel: "web",
    firstSource: null,
    shippingCountry: null,
    discountCodes: [],
    financialStatus: "paid",
    paidAt: placedAt,
    cancelledAt: null,
    isTest: false,
    isDraft: false,
    isSubscription: false,
    isPos: false,
    isB2b: false,
    ...facts,
    lines,
    refunds,
  };
}

export function makeCustomer(facts: Partial<Customer> = {}): Customer {
  return { id: 5, createdAt: START, updatedAt: START, state: "disabled", excluded: false, ...facts };
}

export function makeProduct(facts: Partial<Product> = {}): Product {
  return {
    id: 10,
    title: "Beans",
    productType: "Coffee",
    vendor: "Roastery",
    status: "active",
    isGiftCard: false,
    publishedAt: START,
    createdAt: START,
    updatedAt: START,
    variants: [{ id: 100, title: "250 g", priceMinor: 1000, unitCostMinor: 400 }],
    ...facts,
  };
}
