import { parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { loadShopperSchema } from "../../../scripts/shopify-schema.ts";
import {
  ACCOUNT,
  ORDERS,
  PRODUCTS,
  REQUEST_RETURN,
  SUBSCRIBE,
  UNSUBSCRIBE,
} from "../src/asked/operations.ts";

const OWN = { ACCOUNT, ORDERS, REQUEST_RETURN, SUBSCRIBE, UNSUBSCRIBE };

describe("what the account asks of Shopify", () => {
  const customer = loadShopperSchema("customer_2026-07");

  it.each(Object.entries(OWN))("%s is valid by the Customer Account API's schema", (_, text) => {
    expect(validate(customer, parse(text))).toEqual([]);
  });

  it("PRODUCTS is valid by the Storefront API's schema", () => {
    expect(validate(loadShopperSchema("storefront-graphql_2026-07"), parse(PRODUCTS))).toEqual([]);
  });
});
