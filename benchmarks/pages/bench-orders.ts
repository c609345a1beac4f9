/** A shop's orders by the million, from a seed: three years, 2.5 orders a customer, 2.5 lines an order, 5% guests, 6% refunded, 1% cancelled. */
import type { Customer } from "../../app/core/customer.ts";
import type { Order, OrderLine, Refund } from "../../app/core/order.ts";
import type { Product } from "../../app/core/product.ts";
import { randomNumbers } from "../random-numbers.ts";

const DAY_MS = 86_400_000;
const DAYS = 1096;
/** To yesterday, so that every preset of the period picker has something to show. */
const LAST_DAY = Math.floor(Date.now() / DAY_MS) - 1;
const FIRST_DAY = LAST_DAY - DAYS + 1;
const PRODUCTS = 120;

const productId = (index: number) => 8_000_000_000_000 + index * 32;
const variantId = (index: number) => 45_000_000_000_000 + index * 32;
export const customerId = (index: number) => 7_000_000_000_000 + index * 64;
export const customersOf = (orders: number) => Math.max(1, Math.round(orders / 2.5));

const priceOf = (product: number) => 500 + ((product * 7919) % 6_000);

export function benchProducts(): Product[] {
  const createdAt = FIRST_DAY * DAY_MS;
  return Array.from({ length: PRODUCTS }, (_, index) => ({
    id: productId(index),
    title: `Product ${index + 1}`,
    productType: `Type ${1 + (index % 8)}`,
    vendor: `Vendor ${1 + (index % 5)}`,
    status: "active",
    isGiftCard: false,
    publishedAt: createdAt,
    createdAt,
    updatedAt: createdAt,
    // One in ten has no cost, as at real shops.
    variants: [
      {
        id: variantId(index),
        title: "Default",
        priceMinor: priceOf(index),
        unitCostMinor: index % 10 === 0 ? null : Math.round(priceOf(index) * 0.55),
      },
    ],
  }));
}

export function* benchCustomers(orders: number): Generator<Customer> {
  const count = customersOf(orders);
  for (let index = 0; index < count; index++) {
    const createdAt = Math.floor((FIRST_DAY + (index / count) * DAYS) * DAY_MS);
    yield { id: customerId(index), createdAt, updatedAt: createdAt, state: "enabled", excluded: false };
  }
}

export function* benchOrders(count: number): Generator<Order> {
  const random = randomNumbers(20_260_731);
  const customers = customersOf(count);
  for (let index = 0; index < count; index++) {
    // One in fifty was imported and keeps an older date.
    const position = random() < 0.02 ? random() * index : index;
    const placedAt = Math.floor((FIRST_DAY + (position / count) * DAYS) * DAY_MS);
    // Customers arrive over time and leave again: each order is of one of the latest third.
    const newest = (position / count) * customers;
    const customer = Math.floor(Math.max(0, newest - (random() ** 2 * customers) / 3));
    const isGuest = random() < 0.05;
    yield orderOf(random, 5_000_000_000_000 + index * 1024, placedAt, isGuest ? null : customerId(customer));
  }
}

function orderOf(random: () => number, id: number, placedAt: number, buyer: number | null): Order {
  const day = Math.floor(placedAt / DAY_MS);
  const isDiscounted = random() < 0.2;
  const isRefunded = random() < 0.06;
  const isCancelled = random() < 0.01;
  // 1 to 4 lines, 2.5 on average.
  const lines = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, line) =>
    lineOf(random, id + line, isDiscounted, isRefunded && line === 0),
  );
  const sum = (of: (line: OrderLine) => number) => lines.reduce((total, line) => total + of(line), 0);
  const refundMinor = sum((line) => line.refundMinor);
  const netMinor = sum((line) => line.netMinor) - refundMinor;
  const [first] = lines;
  const refunds: Refund[] =
    isRefunded && first
      ? [
          {
            id: id + 1,
            refundedAt: placedAt + 7 * DAY_MS,
            day: day + 7,
            productMinor: refundMinor,
            shippingMinor: 0,
            taxMinor: Math.round(refundMinor / 5),
            giftCardMinor: 0,
            otherMinor: 0,
            returnedUnits: [{ lineId: first.id, quantity: first.refundedQuantity }],
          },
        ]
      : [];
  return {
    id,
    customerId: buyer,
    createdAt: placedAt,
    placedAt,
    updatedAt: placedAt,
    day,
    grossMinor: sum((line) => line.grossMinor),
    discountMinor: sum((line) => line.discountMinor),
    shippingMinor: random() < 0.5 ? 490 : 0,
    taxMinor: sum((line) => line.taxMinor),
    tipMinor: 0,
    giftCardMinor: 0,
    feeMinor: 0,
    refundMinor,
    netMinor,
    differenceMinor: 0,
    presentmentCurrency: "EUR",
    presentmentTotalMinor: netMinor,
    channel: random() < 0.1 ? "pos" : "web",
    firstSource: random() < 0.3 ? "google" : null,
    shippingCountry: "DE",
    discountCodes: isDiscounted ? ["TEN"] : [],
    financialStatus: isRefunded ? "partially_refunded" : "paid",
    paidAt: placedAt,
    cancelledAt: isCancelled ? placedAt + DAY_MS : null,
    isTest: false,
    isDraft: false,
    isSubscription: false,
    isPos: false,
    isB2b: false,
    lines,
    refunds,
  };
}

function lineOf(random: () => number, id: number, isDiscounted: boolean, isRefunded: boolean): OrderLine {
  // Few products sell much.
  const product = Math.floor(random() ** 2 * PRODUCTS);
  const quantity = 1 + Math.floor(random() ** 3 * 4);
  const listPriceMinor = priceOf(product);
  const grossMinor = listPriceMinor * quantity;
  const discountMinor = isDiscounted ? Math.floor(grossMinor / 10) : 0;
  const netMinor = grossMinor - discountMinor;
  const refundedQuantity = isRefunded ? 1 : 0;
  return {
    id,
    productId: productId(product),
    variantId: variantId(product),
    quantity,
    listPriceMinor,
    grossMinor,
    discountMinor,
    netMinor,
    taxMinor: Math.round(netMinor / 5),
    refundedQuantity,
    refundMinor: Math.floor((netMinor * refundedQuantity) / quantity),
    unitCostMinor: null,
    isGiftCard: false,
  };
}
