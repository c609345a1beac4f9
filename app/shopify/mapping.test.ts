/** Orders as Shopify tells them, folded into Perennial's own: every kind of sale, both tax worlds, and what is amiss. */
import { describe, expect, test } from "vitest";
import { shopCalendar } from "../core/calendar.ts";
import type { Order } from "../core/order.ts";
import {
  mapCheckout,
  mapCustomer,
  mapOrder,
  mapProduct,
  MappingError,
  type MappingContext,
} from "./mapping.ts";
import type { AgreementNode, LineNode, OrderNode, SaleNode } from "./order-nodes.ts";

const pounds: MappingContext = { calendar: shopCalendar("Europe/London"), currency: "GBP" };

function lineNode(id: number, price: string, more: Partial<LineNode> = {}): LineNode {
  return {
    id: `gid://shopify/LineItem/${id}`,
    isGiftCard: false,
    product: { id: `gid://shopify/Product/${id + 100}` },
    variant: { id: `gid://shopify/ProductVariant/${id + 200}` },
    originalUnitPriceSet: { shopMoney: { amount: price } },
    sellingPlan: null,
    ...more,
  };
}

interface SaleFacts {
  type?: string;
  line?: number;
  quantity?: number | null;
  total: string;
  tax?: string;
  discount?: string;
  action?: string;
}

let saleId = 0;

function saleNode({
  type = "PRODUCT",
  line,
  quantity = null,
  total,
  tax,
  discount,
  action,
}: SaleFacts): SaleNode {
  return {
    id: `gid://shopify/Sale/${++saleId}`,
    actionType: action ?? "ORDER",
    lineType: type,
    quantity,
    totalAmount: { shopMoney: { amount: total } },
    totalTaxAmount: { shopMoney: { amount: tax ?? "0.0" } },
    totalDiscountAmountBeforeTaxes: { shopMoney: { amount: discount ?? "0.0" } },
    ...(line === undefined ? {} : { lineItem: { id: `gid://shopify/LineItem/${line}` } }),
  };
}

function agreement(id: number, reason: string, happenedAt: string, sales: SaleFacts[]): AgreementNode {
  return { id: `gid://shopify/SalesAgreement/${id}`, reason, happenedAt, sales: sales.map(saleNode) };
}

function orderNode(lines: LineNode[], agreements: AgreementNode[], more: Partial<OrderNode> = {}): OrderNode {
  const total = agreements
    .flatMap(({ sales }) => sales)
    .reduce((sum, sale) => sum + Math.round(Number(sale.totalAmount.shopMoney.amount) * 100), 0);
  return {
    id: "gid://shopify/Order/1",
    createdAt: "2026-03-01T12:00:05Z",
    processedAt: "2026-03-01T12:00:00Z",
    updatedAt: "2026-04-02T10:00:00Z",
    cancelledAt: null,
    test: false,
    sourceName: "web",
    displayFinancialStatus: "PAID",
    discountCodes: [],
    customer: { id: "gid://shopify/Customer/9" },
    purchasingEntity: { __typename: "Customer" },
    customerJourneySummary: { firstVisit: { source: "google" } },
    shippingAddress: { countryCodeV2: "GB" },
    currentTotalPriceSet: { shopMoney: { amount: (total / 100).toFixed(2) } },
    originalTotalPriceSet: { presentmentMoney: { amount: "12.34", currencyCode: "EUR" } },
    transactions: [],
    disputes: [],
    lines,
    agreements,
    ...more,
  };
}

/** What must hold of every order, whatever happened to it. */
function expectConsistent(order: Order) {
  expect(order.netMinor).toBe(order.grossMinor - order.discountMinor - order.refundMinor);
  expect(order.refundMinor).toBe(order.refunds.reduce((sum, refund) => sum + refund.productMinor, 0));
  const products = order.lines.filter((line) => !line.isGiftCard);
  expect(products.reduce((sum, line) => sum + line.grossMinor, 0)).toBe(order.grossMinor);
  expect(products.reduce((sum, line) => sum + line.discountMinor, 0)).toBe(order.discountMinor);
  for (const line of order.lines) expect(line.netMinor).toBe(line.grossMinor - line.discountMinor);
}

describe("an order", () => {
  test("keeps products, shipping, tips, fees, gift cards and tax apart, all without tax", () => {
    const order = mapOrder(
      orderNode(
        [lineNode(1, "10.00"), lineNode(2, "50.00", { isGiftCard: true })],
        [
          agreement(1, "ORDER", "2026-03-01T12:00:00Z", [
            { line: 1, quantity: 3, total: "32.40", tax: "5.40", discount: "3.00" },
            { type: "GIFT_CARD", line: 2, quantity: 1, total: "50.00" },
            { type: "SHIPPING", total: "6.00", tax: "1.00" },
            { type: "TIP", total: "2.00" },
            { type: "DUTY", total: "1.50" },
            { type: "ADDITIONAL_FEE", total: "0.60", tax: "0.10" },
          ]),
        ],
      ),
      pounds,
    );
    expect(order).toMatchObject({
      id: 1,
      customerId: 9,
      grossMinor: 3000,
      discountMinor: 300,
      netMinor: 2700,
      shippingMinor: 500,
      tipMinor: 200,
      feeMinor: 200,
      giftCardMinor: 5000,
      taxMinor: 650,
      refundMinor: 0,
      differenceMinor: 0,
      presentmentCurrency: "EUR",
      presentmentTotalMinor: 1234,
      firstSource: "google",
      shippingCountry: "GB",
      channel: "web",
      financialStatus: "paid",
    });
    expect(order.lines).toEqual([
      {
        id: 1,
        productId: 101,
        variantId: 201,
        quantity: 3,
        listPriceMinor: 1000,
        grossMinor: 3000,
        discountMinor: 300,
        netMinor: 2700,
        taxMinor: 540,
        refundedQuantity: 0,
        refundMinor: 0,
        unitCostMinor: null,
        isGiftCard: false,
      },
      expect.objectContaining({ id: 2, isGiftCard: true, netMinor: 5000, quantity: 1 }),
    ]);
    expectConsistent(order);
  });

  test("counts edits at the order's date: a unit removed, a line added", () => {
    const order = mapOrder(
      orderNode(
        [lineNode(1, "10.00"), lineNode(2, "4.00")],
        [
          agreement(1, "ORDER", "2026-03-01T12:00:00Z", [{ line: 1, quantity: 3, total: "30.00" }]),
          agreement(2, "ORDER_EDIT", "2026-03-05T12:00:00Z", [
            { line: 1, quantity: -1, total: "-10.00", action: "UPDATE" },
            { line: 2, quantity: 2, total: "7.00", discount: "1.00", action: "UPDATE" },
          ]),
        ],
      ),
      pounds,
    );
    expect(order).toMatchObject({ grossMinor: 2800, discountMinor: 100, netMinor: 2700, refunds: [] });
    expect(order.lines.map(({ id, quantity, netMinor }) => [id, quantity, netMinor])).toEqual([
      [1, 2, 2000],
      [2, 2, 700],
    ]);
    expectConsistent(order);
  });

  test("makes each refund and return a refund of its own day, with what names no line as product value", () => {
    const order = mapOrder(
      orderNode(
        [lineNode(1, "10.00")],
        [
          agreement(1, "ORDER", "2026-03-01T12:00:00Z", [
            { line: 1, quantity: 3, total: "32.40", tax: "5.40", discount: "3.00" },
            { type: "SHIPPING", total: "6.00", tax: "1.00" },
            { type: "TIP", total: "2.00" },
          ]),
          agreement(2, "RETURN", "2026-03-28T23:30:00Z", [
            { line: 1, quantity: -1, total: "-10.80", tax: "-1.80", discount: "-1.00", action: "RETURN" },
          ]),
          agreement(3, "REFUND", "2026-03-29T23:30:00Z", [
            { type: "SHIPPING", total: "-6.00", tax: "-1.00", action: "RETURN" },
            { type: "TIP", total: "-2.00", action: "RETURN" },
            { type: "ADJUSTMENT", total: "-2.50", action: "RETURN" },
          ]),
          agreement(4, "REFUND", "2026-03-30T10:00:00Z", []),
        ],
      ),
      pounds,
    );
    const day = pounds.calendar.dayOf(Date.parse("2026-03-28T12:00:00Z"));
    expect(order.refunds).toEqual([
      {
        id: 2,
        refundedAt: Date.parse("2026-03-28T23:30:00Z"),
        day,
        productMinor: 900,
        shippingMinor: 0,
        taxMinor: 180,
        giftCardMinor: 0,
        otherMinor: 0,
        returnedUnits: [{ lineId: 1, quantity: 1 }],
      },
      {
        id: 3,
        refundedAt: Date.parse("2026-03-29T23:30:00Z"),
        // Summer time began in between: half past eleven in UTC is the next day in London.
        day: day + 2,
        productMinor: 250,
        shippingMinor: 500,
        taxMinor: 100,
        giftCardMinor: 0,
        otherMinor: 200,
        returnedUnits: [],
      },
    ]);
    expect(order).toMatchObject({ grossMinor: 3000, discountMinor: 300, refundMinor: 1150, netMinor: 1550 });
    expect(order.lines[0]).toMatchObject({
      quantity: 3,
      refundedQuantity: 1,
      refundMinor: 900,
      unitCostMinor: null,
    });
    expectConsistent(order);
  });

  test("gives gift cards back apart from products", () => {
    const order = mapOrder(
      orderNode(
        [lineNode(1, "50.00", { isGiftCard: true })],
        [
          agreement(1, "ORDER", "2026-03-01T12:00:00Z", [
            { type: "GIFT_CARD", line: 1, quantity: 1, total: "50.00" },
          ]),
          agreement(2, "REFUND", "2026-03-02T12:00:00Z", [
            { type: "GIFT_CARD", line: 1, quantity: -1, total: "-50.00", action: "RETURN" },
          ]),
        ],
      ),
      pounds,
    );
    expect(order).toMatchObject({ grossMinor: 0, netMinor: 0, refundMinor: 0, giftCardMinor: 5000 });
    expect(order.refunds[0]).toMatchObject({ productMinor: 0, giftCardMinor: 5000 });
    expectConsistent(order);
  });

  test("reads a discount by the sign of its units, however it is told", () => {
    const told = (sold: string, returned: string) =>
      mapOrder(
        orderNode(
          [lineNode(1, "10.00")],
          [
            agreement(1, "ORDER", "2026-03-01T12:00:00Z", [
              { line: 1, quantity: 2, total: "18.00", discount: sold },
            ]),
            agreement(2, "ORDER_EDIT", "2026-03-02T12:00:00Z", [
              { line: 1, quantity: -1, total: "-9.00", discount: returned, action: "UPDATE" },
            ]),
          ],
        ),
        pounds,
      );
    expect(told("2.00", "-1.00")).toMatchObject({ grossMinor: 1000, discountMinor: 100 });
    expect(told("-2.00", "1.00")).toEqual(told("2.00", "-1.00"));
  });

  test("has minor units of 0 and 3 decimals", () => {
    const sale = (total: string) =>
      orderNode(
        [lineNode(1, "1")],
        [agreement(1, "ORDER", "2026-03-01T12:00:00Z", [{ line: 1, quantity: 1, total }])],
        { currentTotalPriceSet: { shopMoney: { amount: total } } },
      );
    expect(mapOrder(sale("1980"), { ...pounds, currency: "JPY" }).netMinor).toBe(1980);
    expect(mapOrder(sale("1.234"), { ...pounds, currency: "KWD" }).netMinor).toBe(1234);
  });

  test("shows what the journal does not explain instead of hiding it", () => {
    const journal = [
      agreement(1, "ORDER", "2026-03-01T12:00:00Z", [{ line: 1, quantity: 1, total: "10.00" }]),
    ];
    const node = orderNode([lineNode(1, "10.00")], journal, {
      currentTotalPriceSet: { shopMoney: { amount: "12.50" } },
    });
    expect(mapOrder(node, pounds).differenceMinor).toBe(250);
  });

  test("was paid when its last successful payment was taken", () => {
    const paid = (transactions: OrderNode["transactions"]) =>
      mapOrder(orderNode([], [], { transactions }), pounds).paidAt;
    expect(paid([])).toBeNull();
    expect(
      paid([
        { kind: "AUTHORIZATION", status: "SUCCESS", processedAt: "2026-03-01T12:00:00Z" },
        { kind: "SALE", status: "FAILURE", processedAt: "2026-03-02T12:00:00Z" },
      ]),
    ).toBeNull();
    expect(
      paid([
        { kind: "CAPTURE", status: "SUCCESS", processedAt: "2026-03-04T12:00:00Z" },
        { kind: "SALE", status: "SUCCESS", processedAt: "2026-03-03T12:00:00Z" },
        { kind: "REFUND", status: "SUCCESS", processedAt: "2026-03-09T12:00:00Z" },
      ]),
    ).toBe(Date.parse("2026-03-04T12:00:00Z"));
  });

  test("knows what kind of order it is", () => {
    const kind = (more: Partial<OrderNode>, lines: LineNode[] = []) => {
      const { isDraft, isPos, isB2b, isSubscription, isTest, customerId, cancelledAt } = mapOrder(
        orderNode(lines, [], more),
        pounds,
      );
      return { isDraft, isPos, isB2b, isSubscription, isTest, customerId, cancelledAt };
    };
    const plain = { isDraft: false, isPos: false, isB2b: false, isSubscription: false, isTest: false };
    expect(kind({})).toEqual({ ...plain, customerId: 9, cancelledAt: null });
    expect(kind({ sourceName: "shopify_draft_order" })).toMatchObject({ isDraft: true });
    expect(kind({ sourceName: "pos", customer: null })).toMatchObject({ isPos: true, customerId: null });
    expect(kind({ purchasingEntity: { __typename: "PurchasingCompany" } })).toMatchObject({ isB2b: true });
    expect(kind({ sourceName: "subscription_contract_checkout_one" })).toMatchObject({
      isSubscription: true,
    });
    expect(kind({}, [lineNode(1, "1.00", { sellingPlan: { name: "Monthly" } })])).toMatchObject({
      isSubscription: true,
    });
    expect(kind({ test: true, cancelledAt: "2026-03-02T00:00:00Z" })).toMatchObject({
      isTest: true,
      cancelledAt: Date.parse("2026-03-02T00:00:00Z"),
    });
  });

  test("leaves lines without a sale out and keeps a line that only the journal names", () => {
    const order = mapOrder(
      orderNode(
        [lineNode(7, "3.00")],
        [
          agreement(1, "ORDER", "2026-03-01T12:00:00Z", [
            { line: 8, quantity: 1, total: "5.00" },
            { type: "TIP", total: "3.00" },
          ]),
        ],
      ),
      pounds,
    );
    expect(order.lines.map(({ id, productId, netMinor }) => [id, productId, netMinor])).toEqual([
      [8, null, 500],
    ]);
    expectConsistent(order);
  });

  test("names the order that cannot be read", () => {
    const broken = (more: Partial<OrderNode>) => () => mapOrder(orderNode([], [], more), pounds);
    expect(broken({ processedAt: "yesterday" })).toThrow(MappingError);
    expect(broken({ processedAt: "yesterday" })).toThrow("gid://shopify/Order/1");
    expect(broken({ currentTotalPriceSet: { shopMoney: { amount: "1,00" } } })).toThrow(MappingError);
    expect(broken({ customer: { id: "9" } })).toThrow(MappingError);
  });
});

test("customers, products and checkouts keep only what Perennial needs", () => {
  const times = { createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-02T00:00:00Z" };
  const stamps = { createdAt: Date.parse(times.createdAt), updatedAt: Date.parse(times.updatedAt) };
  expect(mapCustomer({ id: "gid://shopify/Customer/5", state: "ENABLED", tags: ["vip"], ...times })).toEqual({
    id: 5,
    state: "enabled",
    tags: ["vip"],
    ...stamps,
  });
  expect(
    mapProduct(
      {
        id: "gid://shopify/Product/6",
        title: "Cup",
        productType: "Kitchen",
        vendor: "Kiln",
        status: "ACTIVE",
        isGiftCard: false,
        publishedAt: times.createdAt,
        ...times,
        variants: [
          {
            id: "gid://shopify/ProductVariant/7",
            title: "Red",
            price: "9.50",
            inventoryItem: { unitCost: { amount: "3.1" } },
          },
          {
            id: "gid://shopify/ProductVariant/8",
            title: "Blue",
            price: "9.5",
            inventoryItem: { unitCost: null },
          },
        ],
      },
      "GBP",
    ),
  ).toEqual({
    id: 6,
    title: "Cup",
    productType: "Kitchen",
    vendor: "Kiln",
    status: "active",
    isGiftCard: false,
    publishedAt: stamps.createdAt,
    ...stamps,
    variants: [
      { id: 7, title: "Red", priceMinor: 950, unitCostMinor: 310 },
      { id: 8, title: "Blue", priceMinor: 950, unitCostMinor: null },
    ],
  });
  expect(mapCheckout({ id: "gid://shopify/AbandonedCheckout/3", ...times, customer: null })).toEqual({
    id: 3,
    customerId: null,
    completedAt: null,
    ...stamps,
  });
  expect(() => mapCustomer({ id: "5", state: "ENABLED", tags: [], ...times })).toThrow(MappingError);
});
