import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refundOrder } from "../state/actions.ts";
import { done, SHOP, startTestShop, type TestShop } from "./test-shop.ts";

describe("the Admin API", () => {
  let test: TestShop;
  beforeAll(async () => {
    test = await startTestShop();
  });
  afterAll(() => test.devstore.stop());

  it("answers who the shop is", async () => {
    const { status, data, errors, extensions } = await test.ask(
      "{ shop { myshopifyDomain currencyCode ianaTimezone plan { shopifyPlus } } currentAppInstallation { accessScopes { handle } } }",
    );
    expect(errors).toBeUndefined();
    expect(status).toBe(200);
    expect(data).toMatchObject({
      shop: { myshopifyDomain: SHOP, currencyCode: "USD", ianaTimezone: "America/New_York" },
    });
    expect(extensions?.cost.requestedQueryCost).toBe(4);
  });

  it("answers an order with its journal", async () => {
    const order = test.order({
      customerId: test.customer.id,
      shippingMinor: 500,
      tipMinor: 100,
      taxRatePercent: 10,
      discountCodes: ["TEN"],
    });
    done(
      refundOrder(test.world, test.shop, {
        orderId: order.id,
        lines: [{ lineId: order.lines[0]?.id ?? 0, quantity: 1 }],
      }),
    );
    const { data, errors } = await test.ask(
      `query ($id: ID!) { order(id: $id) {
        name displayFinancialStatus discountCodes customer { id }
        currentTotalPriceSet { shopMoney { amount currencyCode } }
        purchasingEntity { __typename }
        lineItems(first: 5) { nodes { id quantity currentQuantity } }
        agreements(first: 5) { nodes { __typename reason sales(first: 10) { nodes {
          __typename actionType lineType quantity totalAmount { shopMoney { amount } }
          ... on ProductSale { lineItem { id } }
        } } } }
        refunds { totalRefundedSet { shopMoney { amount } } }
        transactions(first: 5) { kind status amountSet { shopMoney { amount } } }
      } }`,
      { id: `gid://shopify/Order/${order.id}` },
    );
    expect(errors).toBeUndefined();
    const lineId = `gid://shopify/LineItem/${order.lines[0]?.id}`;
    expect(data?.["order"]).toEqual({
      name: "#1001",
      displayFinancialStatus: "PARTIALLY_REFUNDED",
      discountCodes: ["TEN"],
      customer: { id: `gid://shopify/Customer/${test.customer.id}` },
      currentTotalPriceSet: { shopMoney: { amount: "17.5", currencyCode: "USD" } },
      purchasingEntity: { __typename: "Customer" },
      lineItems: { nodes: [{ id: lineId, quantity: 2, currentQuantity: 1 }] },
      agreements: {
        nodes: [
          {
            __typename: "OrderAgreement",
            reason: "ORDER",
            sales: {
              nodes: [
                sale("ProductSale", "ORDER", "PRODUCT", 2, "22.0", { lineItem: { id: lineId } }),
                sale("ShippingLineSale", "ORDER", "SHIPPING", null, "5.5"),
                sale("TipSale", "ORDER", "TIP", null, "1.0"),
              ],
            },
          },
          {
            __typename: "RefundAgreement",
            reason: "REFUND",
            sales: {
              nodes: [sale("ProductSale", "RETURN", "PRODUCT", -1, "-11.0", { lineItem: { id: lineId } })],
            },
          },
        ],
      },
      refunds: [{ totalRefundedSet: { shopMoney: { amount: "11.0" } } }],
      transactions: [
        { kind: "SALE", status: "SUCCESS", amountSet: { shopMoney: { amount: "28.5" } } },
        { kind: "REFUND", status: "SUCCESS", amountSet: { shopMoney: { amount: "11.0" } } },
      ],
    });
  });

  function sale(
    __typename: string,
    actionType: string,
    lineType: string,
    quantity: number | null,
    amount: string,
    more: object = {},
  ) {
    return { __typename, actionType, lineType, quantity, totalAmount: { shopMoney: { amount } }, ...more };
  }

  it("refuses what Shopify's schema refuses, with Shopify's code", async () => {
    const { status, errors, data } = await test.ask("{ shop { nonsense } }");
    expect(status).toBe(200);
    expect(data).toBeUndefined();
    expect(errors?.[0]).toMatchObject({
      locations: [{ line: 1, column: 10 }],
      extensions: { code: "undefinedField" },
    });
  });

  it("refuses loudly what it does not model", async () => {
    const { errors, data } = await test.ask("{ shop { shipsToCountries } }");
    expect(data).toBeNull();
    expect(errors?.[0]?.extensions).toMatchObject({ code: "NOT_SIMULATED", what: "Shop.shipsToCountries" });
  });

  it("knows only its versions and its shops' tokens", async () => {
    expect((await test.ask("{ shop { id } }", {}, "2020-01")).status).toBe(404);
    expect((await test.ask("{ shop { id } }", {}, "2026-10")).status).toBe(200);
    const response = await fetch(`${test.devstore.url}/admin/api/2026-07/graphql.json`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Shopify-Shop": SHOP, "X-Shopify-Access-Token": "x" },
      body: JSON.stringify({ query: "{ shop { id } }" }),
    });
    expect(response.status).toBe(401);
  });
});
