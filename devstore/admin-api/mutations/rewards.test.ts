/** Discounts, gift cards, store credit and disputes as the Admin API gives them. */
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deployFunctions, readFunctions } from "../../functions/deployed.ts";
import { disputeOrder, settleDispute } from "../../state/actions.ts";
import { listen } from "../../state/events.ts";
import { placeOrder } from "../../state/place-order.ts";
import { moveClock, now } from "../../state/world.ts";
import { done, startTestShop, type TestShop } from "../test-shop.ts";

const DAY = 86_400_000;
const SCOPES = [
  "read_orders", "write_customers", "write_discounts", "write_gift_cards", "read_store_credit_accounts",
  "write_store_credit_account_transactions", "read_shopify_payments_disputes", "read_products",
].join(); // prettier-ignore

const CREATE_BASIC = `mutation ($input: DiscountCodeBasicInput!) { made: discountCodeBasicCreate(basicCodeDiscount: $input) {
  codeDiscountNode { id } userErrors { field code message } } }`;
const CREATE_SHIPPING = `mutation ($input: DiscountCodeFreeShippingInput!) {
  made: discountCodeFreeShippingCreate(freeShippingCodeDiscount: $input) { codeDiscountNode { id } userErrors { field code } } }`;
const BY_CODE = `query ($code: String!) { codeDiscountNodeByCode(code: $code) { id codeDiscount { __typename
  ... on DiscountCodeBasic { title status startsAt endsAt asyncUsageCount usageLimit appliesOncePerCustomer
    codes(first: 1) { nodes { code asyncUsageCount } }
    context { ... on DiscountCustomers { customers { id } } }
    minimumRequirement { ... on DiscountMinimumSubtotal { greaterThanOrEqualToSubtotal { amount } } }
    combinesWith { orderDiscounts productDiscounts shippingDiscounts }
    customerGets { value { __typename ... on DiscountAmount { amount { amount } appliesOnEachItem } ... on DiscountPercentage { percentage } }
      items { __typename ... on DiscountProducts { productVariants(first: 5) { nodes { id } } } } } }
  ... on DiscountCodeFreeShipping { status asyncUsageCount } } } }`;
const END =
  "mutation ($id: ID!) { ended: discountCodeDeactivate(id: $id) { codeDiscountNode { id } userErrors { field code } } }";
const DELETE =
  "mutation ($id: ID!) { discountCodeDelete(id: $id) { deletedCodeDiscountId userErrors { field } } }";

let shop: TestShop;
const topics: string[] = [];
beforeEach(async () => {
  shop = await startTestShop(SCOPES);
  topics.length = 0;
  listen(shop.world, { event: ({ topic }) => void topics.push(topic) });
});
afterEach(() => shop.devstore.stop());

const customerId = () => `gid://shopify/Customer/${shop.customer.id}`;
const variantId = () => `gid://shopify/ProductVariant/${shop.product.variantIds[0]}`;

async function ask<T = Record<string, unknown>>(
  query: string,
  variables: Record<string, unknown> = {},
): Promise<T> {
  const { data, errors } = await shop.ask(query, variables);
  expect(errors).toBeUndefined();
  return data as T;
}

interface Made {
  made: { codeDiscountNode: { id: string } | null; userErrors: { field: string[]; code: string }[] };
}

const basic = (more: object = {}) => ({
  title: "Reward",
  code: "REWARD-1",
  startsAt: new Date(now(shop.world)).toISOString(),
  endsAt: new Date(now(shop.world) + 30 * DAY).toISOString(),
  usageLimit: 1,
  appliesOncePerCustomer: true,
  context: { customers: { add: [customerId()] } },
  minimumRequirement: { subtotal: { greaterThanOrEqualToSubtotal: "15" } },
  combinesWith: { shippingDiscounts: true },
  customerGets: {
    value: { discountAmount: { amount: "5.00", appliesOnEachItem: false } },
    items: { all: true },
  },
  ...more,
});

const create = async (more: object = {}) => (await ask<Made>(CREATE_BASIC, { input: basic(more) })).made;

test("an app's discount needs a function that the app is deployed with", async () => {
  const common = {
    title: "Reward",
    code: "APP-1",
    startsAt: new Date(0).toISOString(),
    context: { all: "ALL" },
  };
  const make = async (more: object) =>
    (
      await ask<{ made: { codeAppDiscount: { discountId: string } | null; userErrors: unknown[] } }>(
        `mutation ($input: DiscountCodeAppInput!) { made: discountCodeAppCreate(codeAppDiscount: $input) {
          codeAppDiscount { discountId discountClasses } userErrors { field code } } }`,
        { input: { ...common, discountClasses: ["ORDER"], ...more } },
      )
    ).made;
  const refusedAs = (field: string[], code: string) => ({
    codeAppDiscount: null,
    userErrors: [{ field: ["codeAppDiscount", ...field], code }],
  });
  expect(await make({})).toEqual(refusedAs([], "MISSING_FUNCTION_IDENTIFIER"));
  expect(await make({ functionHandle: "a", functionId: "b" })).toEqual(
    refusedAs([], "MULTIPLE_FUNCTION_IDENTIFIERS"),
  );
  const functionHandle = "points-discount";
  expect(await make({ functionHandle })).toEqual(refusedAs(["functionHandle"], "INVALID"));
  deployFunctions(shop.world, await readFunctions(path.resolve("shopify.app.toml")));
  const odd = [{ namespace: "$app", key: "amounts", type: "json", value: "{" }];
  expect(await make({ functionHandle, metafields: odd })).toEqual(
    refusedAs(["metafields", "0", "value"], "INVALID"),
  );
  const metafields = [{ namespace: "$app", key: "amounts", type: "json", value: '{"amounts":{"USD":300}}' }];
  const { codeAppDiscount } = await make({ functionHandle, metafields });
  expect(codeAppDiscount).toMatchObject({ discountClasses: ["ORDER"] });
  expect(await make({ functionHandle })).toEqual(refusedAs(["code"], "TAKEN"));
  const told = await ask(
    `query ($id: ID!) { codeDiscountNode(id: $id) { metafield(namespace: "$app", key: "amounts") { value }
      codeDiscount { __typename ... on DiscountCodeApp { status asyncUsageCount } } }
      shopifyFunctions(first: 5, apiType: "discount") { nodes { handle } } }`,
    { id: codeAppDiscount?.discountId },
  );
  expect(told).toEqual({
    codeDiscountNode: {
      metafield: { value: '{"amounts":{"USD":300}}' },
      codeDiscount: { __typename: "DiscountCodeApp", status: "ACTIVE", asyncUsageCount: 0 },
    },
    shopifyFunctions: { nodes: [{ handle: functionHandle }] },
  });
});

interface Shown {
  codeDiscountNodeByCode: { id: string; codeDiscount: Record<string, unknown> } | null;
}
const byCode = async (code: string) => (await ask<Shown>(BY_CODE, { code })).codeDiscountNodeByCode;

describe("a discount", () => {
  test("is made for one customer, found by its code, used by an order, and ended by the clock", async () => {
    const { codeDiscountNode, userErrors } = await create();
    expect(userErrors).toEqual([]);
    expect(topics).toEqual(["discounts/create"]);
    expect(await byCode("reward-1")).toMatchObject({
      id: codeDiscountNode?.id,
      codeDiscount: {
        __typename: "DiscountCodeBasic",
        title: "Reward",
        status: "ACTIVE",
        asyncUsageCount: 0,
        usageLimit: 1,
        appliesOncePerCustomer: true,
        codes: { nodes: [{ code: "REWARD-1", asyncUsageCount: 0 }] },
        context: { customers: [{ id: customerId() }] },
        minimumRequirement: { greaterThanOrEqualToSubtotal: { amount: "15.0" } },
        combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: true },
        customerGets: {
          value: { __typename: "DiscountAmount", amount: { amount: "5.0" }, appliesOnEachItem: false },
          items: { __typename: "AllDiscountItems" },
        },
      },
    });
    const order = done(
      placeOrder(shop.world, shop.shop, {
        customerId: shop.customer.id,
        lines: [{ variantId: shop.product.variantIds[0] ?? 0, quantity: 2 }],
        codes: ["REWARD-1"],
      }),
    );
    const told = await ask(
      `query ($id: ID!) { order(id: $id) { discountCodes currentTotalDiscountsSet { shopMoney { amount } }
        discountApplications(first: 2) { nodes { index targetType targetSelection allocationMethod value { ... on MoneyV2 { amount } }
          ... on DiscountCodeApplication { code } } }
        lineItems(first: 1) { nodes { discountAllocations { allocatedAmountSet { shopMoney { amount } } discountApplication { index } } } } } }`,
      { id: `gid://shopify/Order/${order.id}` },
    );
    expect(told).toEqual({
      order: {
        discountCodes: ["REWARD-1"],
        currentTotalDiscountsSet: { shopMoney: { amount: "5.0" } },
        discountApplications: {
          nodes: [
            {
              index: 0,
              targetType: "LINE_ITEM",
              targetSelection: "ALL",
              allocationMethod: "ACROSS",
              value: { amount: "5.0" },
              code: "REWARD-1",
            },
          ],
        },
        lineItems: {
          nodes: [
            {
              discountAllocations: [
                { allocatedAmountSet: { shopMoney: { amount: "5.0" } }, discountApplication: { index: 0 } },
              ],
            },
          ],
        },
      },
    });
    expect((await byCode("REWARD-1"))?.codeDiscount["asyncUsageCount"]).toBe(1);
    const minutes = (count: number) => new Date(now(shop.world) + count * 60_000).toISOString();
    await create({ code: "SOON", startsAt: minutes(10), endsAt: minutes(20) });
    const statuses = [];
    for (let moved = 0; moved < 3; moved += 1) {
      statuses.push((await byCode("SOON"))?.codeDiscount["status"]);
      moveClock(shop.world, 11 * 60_000);
    }
    expect(statuses).toEqual(["SCHEDULED", "ACTIVE", "EXPIRED"]);
  });

  test("is of a variant, a percentage or free shipping", async () => {
    await create({
      code: "TEA",
      customerGets: {
        value: { discountAmount: { amount: "10", appliesOnEachItem: false } },
        items: { products: { productVariantsToAdd: [variantId()] } },
      },
    });
    expect((await byCode("TEA"))?.codeDiscount["customerGets"]).toMatchObject({
      items: { __typename: "DiscountProducts", productVariants: { nodes: [{ id: variantId() }] } },
    });
    await create({ code: "PART", customerGets: { value: { percentage: 0.25 }, items: { all: true } } });
    expect((await byCode("PART"))?.codeDiscount["customerGets"]).toMatchObject({
      value: { __typename: "DiscountPercentage", percentage: 0.25 },
    });
    const shipping: Record<string, unknown> = basic({ code: "SHIP", combinesWith: { orderDiscounts: true } });
    delete shipping["customerGets"];
    const { made } = await ask<Made>(CREATE_SHIPPING, { input: { ...shipping, destination: { all: true } } });
    expect(made.userErrors).toEqual([]);
    expect((await byCode("SHIP"))?.codeDiscount).toEqual({
      __typename: "DiscountCodeFreeShipping",
      status: "ACTIVE",
      asyncUsageCount: 0,
    });
  });

  test.each<[string, () => object, string, string[]]>([
    ["a code that is taken", () => ({ code: "first" }), "TAKEN", ["code"]],
    ["no title", () => ({ title: "" }), "BLANK", ["title"]],
    ["an end before its start", () => ({ endsAt: "2001-01-01T00:00:00Z" }), "INVALID", ["endsAt"]],
    [
      "more than everything",
      () => ({ customerGets: { value: { percentage: 1.5 }, items: { all: true } } }),
      "VALUE_OUTSIDE_RANGE",
      ["customerGets", "value", "percentage"],
    ],
    [
      "one unit only",
      () => ({
        customerGets: {
          value: { discountOnQuantity: { quantity: "1", effect: { percentage: 1 } } },
          items: { products: { productVariantsToAdd: [variantId()] } },
        },
      }),
      "INVALID",
      ["customerGets", "value", "discountOnQuantity"],
    ],
    [
      "an unknown customer",
      () => ({ context: { customers: { add: ["gid://shopify/Customer/1"] } } }),
      "INVALID",
      ["context", "customers", "add"],
    ],
    [
      "two minimums",
      () => ({
        minimumRequirement: {
          subtotal: { greaterThanOrEqualToSubtotal: "1" },
          quantity: { greaterThanOrEqualToQuantity: "1" },
        },
      }),
      "MINIMUM_SUBTOTAL_AND_QUANTITY_RANGE_BOTH_PRESENT",
      ["minimumRequirement"],
    ],
  ])("is refused with %s", async (_, more, code, field) => {
    await create({ code: "FIRST" });
    expect(await create({ code: "SECOND", ...more() })).toMatchObject({
      codeDiscountNode: null,
      userErrors: [{ code, field: ["basicCodeDiscount", ...field] }],
    });
    expect(shop.shop.discounts.size).toBe(1);
  });

  test("is deactivated, listed by its state, and deleted", async () => {
    const { codeDiscountNode } = await create();
    await create({ code: "OTHER" });
    const id = codeDiscountNode?.id;
    expect(await ask(END, { id })).toEqual({ ended: { codeDiscountNode: { id }, userErrors: [] } });
    expect((await byCode("REWARD-1"))?.codeDiscount["status"]).toBe("EXPIRED");
    const list =
      await ask(`{ discountNodes(first: 5, query: "status:active method:code") { nodes { id discount { ... on DiscountCodeBasic { title
      codes(first: 1) { nodes { code } } } } } } discountNodesCount(query: "times_used:0") { count } }`);
    expect(list).toMatchObject({
      discountNodes: { nodes: [{ discount: { codes: { nodes: [{ code: "OTHER" }] } } }] },
      discountNodesCount: { count: 2 },
    });
    expect(await ask(DELETE, { id })).toEqual({
      discountCodeDelete: { deletedCodeDiscountId: id, userErrors: [] },
    });
    expect(await byCode("REWARD-1")).toBeNull();
    expect(await ask(END, { id })).toMatchObject({ ended: { userErrors: [{ field: ["id"] }] } });
    expect(topics).toEqual(["discounts/create", "discounts/create", "discounts/update", "discounts/delete"]);
  });

  test("is made though its answer is cut, and is refused loudly what is not modelled", async () => {
    shop.world.chaos.cutAnswerAfterWork = { probability: 0, next: 1 };
    await expect(shop.ask(CREATE_BASIC, { input: basic() })).rejects.toThrow("fetch failed");
    expect((await create()).userErrors).toMatchObject([{ code: "TAKEN" }]);
    const { errors } = await shop.ask(CREATE_BASIC, { input: basic({ tags: ["loyalty"] }) });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: "NOT_SIMULATED",
      what: "DiscountCodeBasicInput.tags",
    });
    const segment = { context: { customerSegments: { add: ["gid://shopify/Segment/1"] } } };
    const refused = await shop.ask(CREATE_BASIC, { input: basic(segment) });
    expect(refused.errors?.[0]?.extensions?.["what"]).toBe("DiscountContextInput.customerSegments");
  });
});

const CREATE_CARD = `mutation ($input: GiftCardCreateInput!) { made: giftCardCreate(input: $input) { giftCardCode
  giftCard { id balance { amount } expiresOn enabled isRedeemable customer { id } note lastCharacters } userErrors { code field } } }`;

test("gift cards have the code that is given, once", async () => {
  const expiresOn = new Date(now(shop.world) + 30 * DAY).toISOString().slice(0, 10);
  const input = {
    code: "PERENNIAL1234",
    initialAmount: { amount: "25.00", currencyCode: "USD" },
    customerId: customerId(),
    expiresOn,
    note: "Reward",
  };
  const { made } = await ask<{ made: { giftCard: { id: string } } }>(CREATE_CARD, { input });
  expect(made).toMatchObject({
    giftCardCode: "perennial1234",
    giftCard: {
      balance: { amount: "25.0" },
      expiresOn,
      isRedeemable: true,
      customer: { id: customerId() },
      note: "Reward",
      lastCharacters: "1234",
    },
    userErrors: [],
  });
  const errorOf = async (more: object) => {
    const answer = await ask<{ made: { userErrors: unknown[] } }>(CREATE_CARD, {
      input: { ...input, ...more },
    });
    return answer.made.userErrors;
  };
  expect(await errorOf({})).toEqual([{ code: "TAKEN", field: ["input", "code"] }]);
  expect(await errorOf({ code: "short" })).toEqual([{ code: "TOO_SHORT", field: ["input", "code"] }]);
  expect(await errorOf({ code: "with-hyphen" })).toEqual([{ code: "INVALID", field: ["input", "code"] }]);
  expect(await errorOf({ code: "c".repeat(21) })).toEqual([{ code: "TOO_LONG", field: ["input", "code"] }]);
  expect(await errorOf({ code: "other123", customerId: "gid://shopify/Customer/1" })).toEqual([
    { code: "CUSTOMER_NOT_FOUND", field: ["input", "customerId"] },
  ]);
  expect(await errorOf({ code: "other123", initialAmount: { amount: "0", currencyCode: "USD" } })).toEqual([
    { code: "GREATER_THAN", field: ["input", "initialAmount"] },
  ]);
  const found = await ask('{ giftCards(first: 2, query: "PERENNIAL1234") { nodes { id } } }');
  expect(found).toEqual({ giftCards: { nodes: [{ id: made.giftCard.id }] } });
  const off = `mutation ($id: ID!) { giftCardDeactivate(id: $id) { giftCard { enabled isRedeemable } userErrors { code } } }`;
  expect(await ask(off, { id: made.giftCard.id })).toEqual({
    giftCardDeactivate: { giftCard: { enabled: false, isRedeemable: false }, userErrors: [] },
  });
  expect(await ask(off, { id: "gid://shopify/GiftCard/1" })).toMatchObject({
    giftCardDeactivate: { userErrors: [{ code: "GIFT_CARD_NOT_FOUND" }] },
  });
});

const CREDIT = `mutation ($id: ID!, $input: StoreCreditAccountCreditInput!) { done: storeCreditAccountCredit(id: $id, creditInput: $input) {
  storeCreditAccountTransaction { id amount { amount } balanceAfterTransaction { amount } expiresAt account { id } } userErrors { code field } } }`;
const DEBIT = `mutation ($id: ID!, $input: StoreCreditAccountDebitInput!) { done: storeCreditAccountDebit(id: $id, debitInput: $input) {
  storeCreditAccountTransaction { amount { amount } } userErrors { code } } }`;

test("store credit is credited as often as it is asked for, and read back with its transactions", async () => {
  const expiresAt = new Date(Math.floor(now(shop.world) / 1000) * 1000 + 30 * DAY)
    .toISOString()
    .replace(".000", "");
  const input = { creditAmount: { amount: "5", currencyCode: "USD" }, expiresAt };
  shop.world.chaos.cutAnswerAfterWork = { probability: 0, next: 1 };
  await expect(shop.ask(CREDIT, { id: customerId(), input })).rejects.toThrow("fetch failed");
  expect(await ask(CREDIT, { id: customerId(), input })).toMatchObject({
    done: {
      storeCreditAccountTransaction: {
        amount: { amount: "5.0" },
        balanceAfterTransaction: { amount: "10.0" },
        expiresAt,
      },
      userErrors: [],
    },
  });
  const debit = (amount: string) =>
    ask(DEBIT, { id: customerId(), input: { debitAmount: { amount, currencyCode: "USD" } } });
  expect(await debit("4")).toMatchObject({
    done: { storeCreditAccountTransaction: { amount: { amount: "-4.0" } } },
  });
  expect(await debit("40")).toMatchObject({ done: { userErrors: [{ code: "INSUFFICIENT_FUNDS" }] } });
  const told = `query ($id: ID!) { customer(id: $id) { storeCreditAccounts(first: 2) { nodes { balance { amount currencyCode }
    transactions(first: 5, reverse: true) { nodes { amount { amount } event ... on StoreCreditAccountCreditTransaction { expiresAt remainingAmount { amount } } } } } } } }`;
  expect(await ask(told, { id: customerId() })).toEqual({
    customer: {
      storeCreditAccounts: {
        nodes: [
          {
            balance: { amount: "6.0", currencyCode: "USD" },
            transactions: {
              nodes: [
                { amount: { amount: "-4.0" }, event: "ADJUSTMENT" },
                {
                  amount: { amount: "5.0" },
                  event: "ADJUSTMENT",
                  expiresAt,
                  remainingAmount: { amount: "5.0" },
                },
                {
                  amount: { amount: "5.0" },
                  event: "ADJUSTMENT",
                  expiresAt,
                  remainingAmount: { amount: "1.0" },
                },
              ],
            },
          },
        ],
      },
    },
  });
  const codeOf = async (id: string, more: object) => {
    const answer = await ask<{ done: { userErrors: { code: string }[] } }>(CREDIT, {
      id,
      input: { ...input, ...more },
    });
    return answer.done.userErrors[0]?.code;
  };
  expect(await codeOf("gid://shopify/Customer/1", {})).toBe("OWNER_NOT_FOUND");
  expect(await codeOf("gid://shopify/StoreCreditAccount/1", {})).toBe("ACCOUNT_NOT_FOUND");
  expect(await codeOf(customerId(), { expiresAt: "2001-01-01T00:00:00Z" })).toBe("EXPIRES_AT_IN_PAST");
  expect(await codeOf(customerId(), { creditAmount: { amount: "0", currencyCode: "USD" } })).toBe(
    "NEGATIVE_OR_ZERO_AMOUNT",
  );
  expect(await codeOf(customerId(), { creditAmount: { amount: "1", currencyCode: "EUR" } })).toBe(
    "UNSUPPORTED_CURRENCY",
  );
});

test("disputes are told at their order and by themselves", async () => {
  const order = shop.order();
  const dispute = done(disputeOrder(shop.world, shop.shop, { orderId: order.id }));
  const told = `query ($id: ID!) { order(id: $id) { disputes { id initiatedAs status } }
    disputes(first: 5, query: "status:lost") { nodes { status order { id } amount { amount } reasonDetails { reason } finalizedOn } } }`;
  const id = `gid://shopify/Order/${order.id}`;
  expect(await ask(told, { id })).toEqual({
    order: {
      disputes: [
        {
          id: `gid://shopify/ShopifyPaymentsDispute/${dispute.id}`,
          initiatedAs: "CHARGEBACK",
          status: "NEEDS_RESPONSE",
        },
      ],
    },
    disputes: { nodes: [] },
  });
  moveClock(shop.world, 1000);
  done(settleDispute(shop.world, shop.shop, { disputeId: dispute.id, status: "LOST" }));
  expect(await ask(told, { id })).toMatchObject({
    order: { disputes: [{ status: "LOST" }] },
    disputes: {
      nodes: [
        {
          status: "LOST",
          order: { id },
          amount: { amount: "20.0" },
          reasonDetails: { reason: "FRAUDULENT" },
        },
      ],
    },
  });
  expect(topics.filter((topic) => topic.startsWith("disputes/"))).toEqual([
    "disputes/create",
    "disputes/update",
  ]);
});

test("each needs its scope", async () => {
  const bare = await startTestShop("read_orders,read_customers");
  try {
    const denied = async (query: string, variables: Record<string, unknown>) =>
      (await bare.ask(query, variables)).errors?.[0]?.extensions?.["code"];
    expect(await denied(CREATE_BASIC, { input: basic() })).toBe("ACCESS_DENIED");
    expect(await denied(BY_CODE, { code: "A" })).toBe("ACCESS_DENIED");
    expect(await denied(CREATE_CARD, { input: { code: "12345678" } })).toBe("ACCESS_DENIED");
    const credit = { creditAmount: { amount: "5", currencyCode: "USD" } };
    expect(await denied(CREDIT, { id: customerId(), input: credit })).toBe("ACCESS_DENIED");
  } finally {
    await bare.devstore.stop();
  }
});
