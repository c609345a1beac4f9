import { expect, test } from "vitest";
import type { HistoryLine, HistoryOrder, ShopHistory } from "../history/model.ts";
import { fillShop } from "./fill.ts";
import { financialStatus, orderTotals } from "./totals.ts";
import { createWorld } from "./world.ts";

const line: HistoryLine = {
  productKey: "tea",
  variantKey: "tea-100",
  title: "Tea",
  quantity: 3,
  unitPriceMinor: 1000,
  discountMinor: 300,
  taxMinor: 540,
  sellingPlanName: null,
};

const order: HistoryOrder = {
  key: "o1",
  customerKey: "c1",
  placedAt: Date.UTC(2025, 0, 1),
  lines: [line],
  shippingMinor: 500,
  shippingTaxMinor: 100,
  tipMinor: 200,
  paidAt: Date.UTC(2025, 0, 1),
  giftCardPaymentMinor: 1000,
  cancelledAt: null,
  test: false,
  sourceName: "web",
  companyKey: null,
  shippingCountry: "GB",
  discountCodes: ["TEN"],
  firstVisitSource: "google",
  presentmentCurrency: "GBP",
  presentmentRate: 1,
  edits: [],
  refunds: [],
};

function history(orders: HistoryOrder[], taxesIncluded = false): ShopHistory {
  return {
    shop: { name: "Tea", currency: "GBP", timeZone: "Europe/London", countryCode: "GB", taxesIncluded },
    products: [
      {
        key: "tea",
        title: "Tea",
        productType: "Tea",
        vendor: "Tea",
        isGiftCard: false,
        createdAt: 0,
        variants: [{ key: "tea-100", title: "100 g", priceMinor: 1000, unitCostMinor: 400 }],
      },
    ],
    customers: [
      {
        key: "c1",
        firstName: null,
        lastName: null,
        email: null,
        state: "DISABLED",
        tags: [],
        acceptsMarketing: false,
        countryCode: null,
        createdAt: 0,
      },
    ],
    orders,
    checkouts: [],
  };
}

function filled(changes: Partial<HistoryOrder>, taxesIncluded = false) {
  const { shop, orderIds } = fillShop(
    createWorld(),
    "tea.myshopify.com",
    history([{ ...order, ...changes }], taxesIncluded),
  );
  const state = shop.orders.get(orderIds.get("o1") ?? 0);
  if (!state) throw new Error("the order was not filled");
  return state;
}

test("an order's journal holds what the history says", () => {
  const state = filled({});
  expect(orderTotals(state)).toMatchObject({
    totalMinor: 2700 + 540 + 600 + 200,
    subtotalMinor: 2700,
    discountMinor: 300,
    taxMinor: 640,
    shippingMinor: 500,
    tipMinor: 200,
    outstandingMinor: 0,
  });
  expect(state.transactions.map(({ gateway, amountMinor }) => [gateway, amountMinor])).toEqual([
    ["gift_card", 1000],
    ["shopify_payments", 3040],
  ]);
  expect(financialStatus(state)).toBe("PAID");
});

test("values without tax stay exact where prices include it", () => {
  const [sale] = filled({}, true).agreements[0]?.sales ?? [];
  expect(sale).toMatchObject({ totalMinor: 3240, taxMinor: 540, discountBeforeTaxMinor: 300 });
});

test("a refund at another price than the sale's leaves an adjustment", () => {
  const refunds = [
    {
      happenedAt: Date.UTC(2025, 0, 5),
      lines: [{ line: 0, quantity: 1, amountMinor: 800, taxMinor: 180 }],
      shippingMinor: 0,
      shippingTaxMinor: 0,
      adjustmentMinor: 0,
      storeCredit: false,
    },
  ];
  const state = filled({ refunds });
  const agreement = state.agreements[1];
  expect(
    agreement?.sales.map(({ lineType, totalMinor, taxMinor }) => [lineType, totalMinor, taxMinor]),
  ).toEqual([
    ["PRODUCT", -1080, -180],
    ["ADJUSTMENT", 100, 0],
  ]);
  expect(agreement?.refund?.totalMinor).toBe(980);
  expect(state.updatedAt).toBe(Date.UTC(2025, 0, 5));
  expect(financialStatus(state)).toBe("PARTIALLY_REFUNDED");
});

test("an unpaid order that is cancelled is written off", () => {
  const state = filled({ paidAt: null, cancelledAt: Date.UTC(2025, 0, 2) });
  expect(orderTotals(state)).toMatchObject({ currentTotalMinor: 0, refundedMinor: 0, outstandingMinor: 0 });
  expect(financialStatus(state)).toBe("VOIDED");
});

test("a history that names what it does not hold is a bug", () => {
  expect(() => filled({ customerKey: "nobody" })).toThrow("unknown customer: nobody");
});
