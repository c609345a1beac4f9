import { afterAll, beforeAll, expect, test } from "vitest";
import { done, startTestShop, type TestShop } from "../admin-api/test-shop.ts";
import { createCustomer, refundOrder } from "../state/actions.ts";
import { createCollection } from "../state/collections.ts";
import { answerReturn, fulfillOrder, trackShipment } from "../state/fulfillment.ts";
import type { OrderState } from "../state/model.ts";
import { changeShop, setMetafields } from "../state/shop-actions.ts";

const SCOPES =
  "read_orders,customer_read_customers,customer_write_customers,customer_read_orders,customer_write_orders";
const TOML = `
[customer.metafields.app.points]
type = "number_integer"
name = "Points"
access.customer_account = "read"
[customer.metafields.app.secret]
type = "number_integer"
name = "Secret"
`;
const CUSTOMER_API = "/customer/api/2026-07/graphql";

let here: TestShop;
beforeAll(async () => {
  here = await startTestShop(SCOPES, { toml: TOML });
});
afterAll(() => here.devstore.stop());

interface Answered {
  status: number;
  data?: Record<string, unknown>;
  errors?: { message: string; extensions?: Record<string, unknown> }[];
}

async function ask(
  path: string,
  query: string,
  {
    variables = {},
    customerId = here.customer.id,
  }: { variables?: Record<string, unknown>; customerId?: number | null } = {},
): Promise<Answered> {
  const response = await fetch(`${here.devstore.url}${path}`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Shopify-Shop": here.shop.domain,
      ...(customerId !== null && { cookie: `devstore_customer=${customerId}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as Omit<Answered, "status">) };
}

function orderOf(customerId: number, quantity = 2): OrderState {
  const [variantId = 0] = here.product.variantIds;
  return here.order({ customerId, lines: [{ variantId, quantity }], payment: "paid" });
}

const gidOf = (type: string, id: number) => `gid://shopify/${type}/${id}`;

test("nobody is answered without a login, in another version, or what the schema does not have", async () => {
  expect((await ask(CUSTOMER_API, "{ customer { id } }", { customerId: null })).status).toBe(401);
  expect((await ask("/customer/api/2024-01/graphql", "{ customer { id } }")).status).toBe(404);
  const wrong = await ask(CUSTOMER_API, "{ customer { points } }");
  expect(wrong.errors?.[0]?.extensions?.["code"]).toBe("undefinedField");
  const unmodelled = await ask(CUSTOMER_API, "{ customer { companyContacts(first: 1) { nodes { id } } } }");
  expect(unmodelled.errors?.[0]?.extensions?.["code"]).toBe("NOT_SIMULATED");
});

test("a metafield is seen where its definition opens it to customers, and nowhere else", async () => {
  const ownerId = gidOf("Customer", here.customer.id);
  const namespace = "app--1000001";
  const type = "number_integer";
  const metafields = ["points", "secret"].map((key) => ({ ownerId, namespace, key, type, value: "7" }));
  done(setMetafields(here.world, here.shop, metafields));
  const answer = await ask(
    CUSTOMER_API,
    `{ customer {
      points: metafield(namespace: "$app", key: "points") { value jsonValue }
      secret: metafield(namespace: "$app", key: "secret") { value }
      both: metafields(identifiers: [{ namespace: "$app", key: "secret" }, { namespace: "$app", key: "points" }]) { key }
    } }`,
  );
  expect(answer.data).toEqual({
    customer: { points: { value: "7", jsonValue: 7 }, secret: null, both: [null, { key: "points" }] },
  });
});

test("an order shows where its parcel is and when it should come, to its own customer only", async () => {
  const order = orderOf(here.customer.id);
  const sent = done(
    fulfillOrder(here.world, here.shop, {
      orderId: order.id,
      tracking: { company: "Post", number: "1Z", url: "https://post.example/1Z" },
      estimatedDeliveryAt: Date.UTC(2026, 11, 1),
    }),
  );
  done(
    trackShipment(here.world, here.shop, { orderId: order.id, fulfillmentId: sent.id, status: "IN_TRANSIT" }),
  );
  const query = `query One($id: ID!) { order(id: $id) { name fulfillmentStatus fulfillments(first: 5) { nodes {
    latestShipmentStatus estimatedDeliveryAt trackingInformation { company number url }
    fulfillmentLineItems(first: 5) { nodes { quantity lineItem { title } } }
  } } } }`;
  const id = gidOf("Order", order.id);
  expect((await ask(CUSTOMER_API, query, { variables: { id } })).data).toMatchObject({
    order: {
      name: `#${order.number}`,
      fulfillmentStatus: "FULFILLED",
      fulfillments: {
        nodes: [
          {
            latestShipmentStatus: "IN_TRANSIT",
            estimatedDeliveryAt: "2026-12-01T00:00:00Z",
            trackingInformation: [{ company: "Post", number: "1Z", url: "https://post.example/1Z" }],
            fulfillmentLineItems: { nodes: [{ quantity: 2 }] },
          },
        ],
      },
    },
  });
  const other = done(createCustomer(here.world, here.shop, { email: "eve@example.com" }));
  const asked = await ask(CUSTOMER_API, query, { variables: { id }, customerId: other.id });
  expect(asked.data).toEqual({ order: null });
});

const RETURN = `mutation Ask($id: ID!, $lines: [RequestedLineItemInput!]!) {
  orderRequestReturn(orderId: $id, requestedLineItems: $lines) { return { name status } userErrors { code message } }
}`;
const RETURNABLE = `query Left($id: ID!) { order(id: $id) {
  returnInformation { returnableLineItems(first: 9) { nodes { quantity lineItem { id } } } }
  returns(first: 9) { nodes { name status } }
} }`;

test("only what was sent and is still there can be asked to be sent back, and only once", async () => {
  const order = orderOf(here.customer.id, 3);
  const [line] = order.lines;
  if (!line) throw new Error("the order has no line");
  const id = gidOf("Order", order.id);
  const wish = (quantity: number, customerId = here.customer.id) =>
    ask(CUSTOMER_API, RETURN, {
      variables: {
        id,
        lines: [{ lineItemId: gidOf("LineItem", line.id), quantity, returnReason: "UNWANTED" }],
      },
      customerId,
    });
  const left = async () => {
    const { data } = await ask(CUSTOMER_API, RETURNABLE, { variables: { id } });
    const { order: asked } = data as {
      order: { returnInformation: { returnableLineItems: { nodes: { quantity: number }[] } } };
    };
    return asked.returnInformation.returnableLineItems.nodes[0]?.quantity ?? 0;
  };
  const refusal = async (answer: Promise<Answered>) =>
    ((await answer).data?.["orderRequestReturn"] as { userErrors: { code: string }[] }).userErrors[0]?.code;
  expect(await left()).toBe(0);
  expect(await refusal(wish(1))).toBe("INVALID");
  done(fulfillOrder(here.world, here.shop, { orderId: order.id }));
  expect(await left()).toBe(3);
  const stranger = done(createCustomer(here.world, here.shop, { email: "mallory@example.com" }));
  expect(await refusal(wish(1, stranger.id))).toBe("NOT_FOUND");
  expect((await wish(2)).data).toEqual({
    orderRequestReturn: { return: { name: `#${order.number}-R1`, status: "REQUESTED" }, userErrors: [] },
  });
  expect(await left()).toBe(1);
  expect(await refusal(wish(2))).toBe("INVALID");
  const returnId = order.returnRequests?.[0]?.id ?? 0;
  done(answerReturn(here.world, here.shop, { orderId: order.id, returnId, status: "OPEN" }));
  done(refundOrder(here.world, here.shop, { orderId: order.id, lines: [{ lineId: line.id, quantity: 2 }] }));
  done(answerReturn(here.world, here.shop, { orderId: order.id, returnId, status: "CLOSED" }));
  expect(await left()).toBe(1);
});

test("marketing by e-mail is the customer's own choice", async () => {
  const change = async (name: string) => {
    const field = `customerEmailMarketing${name}`;
    const { data } = await ask(
      CUSTOMER_API,
      `mutation { ${field} { emailAddress { marketingState } userErrors { code } } }`,
    );
    return data?.[field];
  };
  expect(await change("Subscribe")).toEqual({
    emailAddress: { marketingState: "SUBSCRIBED" },
    userErrors: [],
  });
  expect(here.customer.acceptsMarketing).toBe(true);
  expect(await change("Subscribe")).toEqual({
    emailAddress: null,
    userErrors: [{ code: "CUSTOMER_ALREADY_SUBSCRIBED" }],
  });
  await change("Unsubscribe");
  expect(here.customer.acceptsMarketing).toBe(false);
});

test("products come with their price where the shopper is", async () => {
  done(
    changeShop(here.world, here.shop, {
      markets: [
        { country: "US", currency: "USD", rate: 1, languages: ["en"] },
        { country: "JP", currency: "JPY", rate: 150, languages: ["ja"] },
      ],
    }),
  );
  const query = `query Some($ids: [ID!]!, $country: CountryCode) @inContext(country: $country) { nodes(ids: $ids) {
    ... on Product { title onlineStoreUrl featuredImage { url } priceRange { minVariantPrice { amount currencyCode } } }
  } }`;
  const ids = [gidOf("Product", here.product.id), gidOf("Product", 1)];
  const asked = (country: string) =>
    ask("/api/2026-07/graphql.json", query, { variables: { ids, country }, customerId: null });
  expect((await asked("JP")).data).toMatchObject({
    nodes: [
      { title: "Tea", priceRange: { minVariantPrice: { amount: "1500.0", currencyCode: "JPY" } } },
      null,
    ],
  });
  expect((await asked("US")).data).toMatchObject({
    nodes: [{ priceRange: { minVariantPrice: { amount: "10.0", currencyCode: "USD" } } }, null],
  });
});

test("products name the collections that they are in, as checkout asks for them", async () => {
  const tea = done(createCollection(here.world, here.shop, { title: "Teas", productIds: [here.product.id] }));
  done(createCollection(here.world, here.shop, { title: "Cups" }));
  const query = `query Goods($ids: [ID!]!) { nodes(ids: $ids) {
    ... on Product { id isGiftCard collections(first: 250) { nodes { id title } pageInfo { hasNextPage } } }
  } }`;
  const variables = { ids: [gidOf("Product", here.product.id)] };
  const { data } = await ask("/api/2026-07/graphql.json", query, { variables, customerId: null });
  expect(data).toEqual({
    nodes: [
      {
        id: gidOf("Product", here.product.id),
        isGiftCard: false,
        collections: {
          nodes: [{ id: gidOf("Collection", tea.id), title: "Teas" }],
          pageInfo: { hasNextPage: false },
        },
      },
    ],
  });
});
