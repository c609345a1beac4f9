import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { abandonCheckout, cancelOrder, createCustomer, deleteCustomer } from "../state/actions.ts";
import type { OrderState } from "../state/model.ts";
import { moveClock } from "../state/world.ts";
import { done, startTestShop, type Answered, type TestShop } from "./test-shop.ts";

const DAY = 86_400_000;
const START = Date.parse("2026-03-01T12:00:00Z");

interface Page {
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

describe("queries", () => {
  let test: TestShop;
  let orders: OrderState[];
  const gid = (order: OrderState | undefined) => `gid://shopify/Order/${order?.id}`;

  beforeAll(async () => {
    test = await startTestShop();
    const [small = 0, large = 0] = test.product.variantIds;
    orders = [0, 1, 2, 3, 4, 5, 6].map((index) =>
      test.order({
        at: START + index * DAY,
        // Placed in the opposite order of their making.
        processedAt: START - index * DAY,
        lines: [{ variantId: index % 2 ? small : large, quantity: 1 }],
        test: index === 6,
        tags: index === 2 ? ["VIP"] : [],
        payment: index === 3 ? "pending" : "paid",
        sourceName: index === 4 ? "pos" : "web",
        ...(index < 3 && { customerId: test.customer.id }),
      }),
    );
    done(cancelOrder(test.world, test.shop, { orderId: orders[5]?.id ?? 0, at: START + 20 * DAY }));
    done(
      abandonCheckout(test.world, test.shop, {
        customerId: test.customer.id,
        lines: [{ variantId: small, quantity: 3 }],
      }),
    );
  });
  afterAll(() => test.devstore.stop());

  async function found(query: string): Promise<number[]> {
    const { data, errors } = await test.ask(
      "query ($query: String) { orders(first: 50, sortKey: ID, query: $query) { nodes { id } } ordersCount(query: $query, limit: null) { count precision } }",
      { query },
    );
    expect(errors).toBeUndefined();
    const { nodes } = data?.["orders"] as Page;
    expect(data?.["ordersCount"]).toEqual({ count: nodes.length, precision: "EXACT" });
    return nodes.map(({ id }) => orders.findIndex((order) => gid(order) === id));
  }

  const at = (index: number) => new Date(START + index * DAY).toISOString();

  it.each([
    ["", [0, 1, 2, 3, 4, 5, 6]],
    [`created_at:>='${at(2)}' AND created_at:<'${at(5)}'`, [2, 3, 4]],
    [`created_at:>"${at(2)}" created_at:<=${at(5)}`, [3, 4, 5]],
    ["created_at:2026-03-02", [1]],
    ["processed_at:>=2026-02-28", [0, 1]],
    [`updated_at:>='${at(10)}'`, [5]],
    ["status:cancelled", [5]],
    ["NOT status:cancelled AND test:false", [0, 1, 2, 3, 4]],
    ["-test:true tag:vip", [2]],
    ["(tag:VIP OR source_name:pos) financial_status:paid", [2, 4]],
    ["financial_status:pending", [3]],
    ["name:#1001 OR name:1003", [0, 2]],
  ])("finds orders by %s", async (query, indexes) => {
    expect(await found(query)).toEqual(indexes);
  });

  it("finds customers by words of their name and address", async () => {
    const customer = (firstName: string, lastName: string, email: string) =>
      done(createCustomer(test.world, test.shop, { firstName, lastName, email }));
    const made = [
      customer("Robin", "Field", "robin.field@example.com"),
      customer("Robina", "O'Hara", "r@fields.example"),
      customer("Zoë", "Robin-Smith", "zoe@example.com"),
    ];
    const foundBy = async (query: string) => {
      const { data, errors } = await test.ask(
        "query ($query: String) { customers(first: 50, sortKey: RELEVANCE, query: $query) { nodes { id } } }",
        { query },
      );
      expect(errors).toBeUndefined();
      const ids = (data?.["customers"] as Page).nodes.map(({ id }) => id);
      return ids.map((id) => made.findIndex((one) => `gid://shopify/Customer/${one.id}` === id));
    };
    expect(await foundBy("robin")).toEqual([0, 2]);
    expect(await foundBy("Robin*")).toEqual([0, 1, 2]);
    expect(await foundBy("robin field*")).toEqual([0]);
    expect(await foundBy('"r@fields.example"')).toEqual([1]);
    expect(await foundBy(`"O'Hara"`)).toEqual([1]);
    expect(await foundBy('"field robin"')).toEqual([]);
    expect(await foundBy(`id:${made[1]?.id} OR zoë`)).toEqual([1, 2]);
    expect(await foundBy("nobody")).toEqual([]);
    for (const { id } of made) done(deleteCustomer(test.world, test.shop, { customerId: id }));
  });

  it("finds orders by id and by customer", async () => {
    expect(await found(`id:${orders[1]?.id} OR id:>${orders[5]?.id}`)).toEqual([1, 6]);
    expect(await found(`customer_id:${test.customer.id}`)).toEqual([0, 1, 2]);
  });

  it.each(["weather:sunny", "tea", "created_at:yesterday"])("refuses the filter %s loudly", async (query) => {
    const { errors } = await test.ask(
      "query ($query: String) { orders(first: 1, query: $query) { nodes { id } } }",
      {
        query,
      },
    );
    expect(errors?.[0]?.extensions?.["code"]).toBe("NOT_SIMULATED");
  });

  async function page(args: string): Promise<Page> {
    const { data, errors } = await test.ask(
      `{ orders(${args}) { nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
    );
    expect(errors).toBeUndefined();
    return data?.["orders"] as Page;
  }

  it.each(["CREATED_AT", "PROCESSED_AT", "UPDATED_AT", "ID"])(
    "walks all pages by %s, both ways",
    async (sortKey) => {
      for (const reverse of [false, true]) {
        const sort = `sortKey: ${sortKey}, reverse: ${reverse}`;
        const forwards: string[] = [];
        let after = "";
        for (;;) {
          const { nodes, pageInfo } = await page(`first: 3, ${sort}${after}`);
          expect(pageInfo.hasPreviousPage).toBe(after !== "");
          forwards.push(...nodes.map(({ id }) => id));
          if (!pageInfo.hasNextPage) break;
          after = `, after: "${pageInfo.endCursor}"`;
        }
        expect([...forwards].sort()).toEqual(orders.map(gid).sort());
        const backwards: string[] = [];
        let before = "";
        for (;;) {
          const { nodes, pageInfo } = await page(`last: 3, ${sort}${before}`);
          expect(pageInfo.hasNextPage).toBe(before !== "");
          backwards.unshift(...nodes.map(({ id }) => id));
          if (!pageInfo.hasPreviousPage) break;
          before = `, before: "${pageInfo.startCursor}"`;
        }
        expect(backwards).toEqual(forwards);
      }
    },
  );

  it("keeps a page's place while orders are added", async () => {
    const first = await page("first: 2, sortKey: CREATED_AT, reverse: true");
    const added = test.order({ at: START + 30 * DAY });
    const second = await page(
      `first: 2, sortKey: CREATED_AT, reverse: true, after: "${first.pageInfo.endCursor}"`,
    );
    expect(second.nodes.map(({ id }) => id)).toEqual([gid(orders[4]), gid(orders[3])]);
    test.shop.orders.delete(added.id);
  });

  it("counts up to a limit unless it is null", async () => {
    const { data } = await test.ask(
      "{ ordersCount(limit: 4) { count precision } customersCount { count precision } }",
    );
    expect(data).toEqual({
      ordersCount: { count: 4, precision: "AT_LEAST" },
      customersCount: { count: 1, precision: "EXACT" },
    });
  });

  it("answers customers, products, variants, costs and checkouts", async () => {
    const { data, errors } = await test.ask(`{
      customers(first: 5, sortKey: UPDATED_AT) { nodes { state numberOfOrders amountSpent { amount }
        defaultEmailAddress { emailAddress } orders(first: 2) { nodes { name } } } }
      products(first: 5) { nodes { title isGiftCard variants(first: 5) { nodes { price inventoryItem { unitCost { amount } } } } } }
      productVariants(first: 5, query: "title:Large") { nodes { displayName } }
      inventoryItems(first: 1) { nodes { unitCost { amount currencyCode } } }
      abandonedCheckouts(first: 5) { nodes { completedAt customer { id } totalPriceSet { shopMoney { amount } }
        lineItems(first: 2) { nodes { quantity } } } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      customers: {
        nodes: [
          {
            state: "DISABLED",
            numberOfOrders: "3",
            amountSpent: { amount: "61.0" },
            defaultEmailAddress: { emailAddress: "ada@example.com" },
            orders: { nodes: [{ name: "#1001" }, { name: "#1002" }] },
          },
        ],
      },
      products: {
        nodes: [
          {
            title: "Tea",
            isGiftCard: false,
            variants: {
              nodes: [
                { price: "10.00", inventoryItem: { unitCost: { amount: "4.0" } } },
                { price: "25.50", inventoryItem: { unitCost: null } },
              ],
            },
          },
        ],
      },
      productVariants: { nodes: [{ displayName: "Tea - Large" }] },
      inventoryItems: { nodes: [{ unitCost: { amount: "4.0", currencyCode: "USD" } }] },
      abandonedCheckouts: {
        nodes: [
          {
            completedAt: null,
            customer: { id: `gid://shopify/Customer/${test.customer.id}` },
            totalPriceSet: { shopMoney: { amount: "30.0" } },
            lineItems: { nodes: [{ quantity: 3 }] },
          },
        ],
      },
    });
  });

  it("finds nodes of several types, and null for what is not there", async () => {
    const ids = [gid(orders[0]), "gid://shopify/Order/1", `gid://shopify/Product/${test.product.id}`];
    const { data } = await test.ask(
      "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Order { name } ... on Product { title } } }",
      { ids },
    );
    expect(data?.["nodes"]).toEqual([
      { __typename: "Order", name: "#1001" },
      null,
      { __typename: "Product", title: "Tea" },
    ]);
  });

  it("demands a size of each connection, of at most 250", async () => {
    const message = async (query: string) => (await test.ask(query)).errors?.[0]?.message;
    expect(await message("{ orders { nodes { id } } }")).toBe("you must provide one of first or last");
    expect(await message("{ orders(first: 251) { nodes { id } } }")).toBe("first cannot exceed 250");
  });
});

describe("cost and throttling", () => {
  it("charges what was found, refuses more than 1,000 points, and throttles an empty bucket", async () => {
    const test = await startTestShop(undefined, { plan: "basic" });
    try {
      const wide = "{ orders(first: 250) { nodes { lineItems(first: 100) { nodes { product { id } } } } } }";
      const { extensions } = await test.ask(wide);
      expect(extensions?.cost).toMatchObject({ requestedQueryCost: 233, actualQueryCost: 2 });
      const deep =
        "{ orders(first: 250) { nodes { agreements(first: 250) { nodes { sales(first: 250) { nodes { id } } } } } } }";
      const refused = await test.ask(deep);
      expect(refused.data).toBeUndefined();
      expect(refused.errors?.[0]?.extensions).toMatchObject({ code: "MAX_COST_EXCEEDED", maxCost: 1000 });
      const busy = await Promise.all(Array.from({ length: 60 }, () => test.ask(wide)));
      const throttled = busy.filter(({ errors }) => errors?.[0]?.extensions?.["code"] === "THROTTLED");
      // Each gives back at once what it did not need.
      expect(throttled.length).toBeLessThan(60);
      const drained = await drain(test);
      expect(drained.status).toBe(200);
      expect(drained.errors?.[0]).toMatchObject({ message: "Throttled", extensions: { code: "THROTTLED" } });
      expect(drained.extensions?.cost.actualQueryCost).toBeNull();
    } finally {
      await test.devstore.stop();
    }
  });

  /** Mutations cost 10 whatever they do. */
  async function drain(test: TestShop): Promise<Answered> {
    const fields = Array.from(
      { length: 90 },
      (_, index) => `m${index}: tagsAdd(id: "gid://shopify/Customer/1", tags: []) { userErrors { message } }`,
    );
    for (;;) {
      const answer = await test.ask(`mutation { ${fields.join(" ")} }`);
      if (answer.errors) return answer;
    }
  }
});

describe("access", () => {
  it("hides orders of more than 60 days ago without read_all_orders", async () => {
    const test = await startTestShop("read_orders,read_customers");
    try {
      const old = test.order({ customerId: test.customer.id });
      const batch = test.order({ customerId: test.customer.id });
      moveClock(test.world, 30 * DAY);
      const recent = test.order({ customerId: test.customer.id });
      moveClock(test.world, 31 * DAY);
      test.devstore.install(test.shop.domain);
      const fresh = await startedAgain(test);
      const { data, errors } = await fresh(
        `query ($id: ID!, $ids: [ID!]!) { order(id: $id) { id } nodes(ids: $ids) { id } ordersCount { count }
          orders(first: 5) { nodes { id } } customers(first: 1) { nodes { numberOfOrders orders(first: 5) { nodes { id } } } } }`,
        {
          id: `gid://shopify/Order/${old.id}`,
          ids: [`gid://shopify/Order/${batch.id}`, `gid://shopify/Order/${recent.id}`],
        },
      );
      const visible = { id: `gid://shopify/Order/${recent.id}` };
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        order: null,
        nodes: [null, visible],
        ordersCount: { count: 1 },
        orders: { nodes: [visible] },
        customers: { nodes: [{ numberOfOrders: "1", orders: { nodes: [visible] } }] },
      });
    } finally {
      await test.devstore.stop();
    }
  });

  /** The hour's token has ended with the clock's move. */
  async function startedAgain(test: TestShop) {
    const { EXCHANGE, requestToken, SHOP } = await import("./test-shop.ts");
    const response = await requestToken(test.devstore, {
      ...EXCHANGE,
      subject_token: test.devstore.sessionToken(SHOP),
    });
    const { access_token } = (await response.json()) as { access_token: string };
    return async (query: string, variables: object): Promise<Answered> => {
      const answer = await fetch(`${test.devstore.url}/admin/api/2026-07/graphql.json`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-Shopify-Shop": SHOP,
          "X-Shopify-Access-Token": access_token,
        },
        body: JSON.stringify({ query, variables }),
      });
      return { status: answer.status, ...((await answer.json()) as object) };
    };
  }

  it("denies what no granted scope opens, and answers the rest", async () => {
    const test = await startTestShop("read_orders");
    try {
      const order = test.order({ customerId: test.customer.id });
      const { data, errors } = await test.ask(
        "{ orders(first: 1) { nodes { id customer { id } } } products(first: 1) { nodes { id } } }",
      );
      // `products` cannot be null, so that all of the answer is.
      expect(data).toBeNull();
      expect(errors?.map(({ extensions }) => extensions?.["code"])).toContain("ACCESS_DENIED");
      const partly = await test.ask("{ orders(first: 1) { nodes { id customer { id } } } }");
      expect(partly.data).toEqual({
        orders: { nodes: [{ id: `gid://shopify/Order/${order.id}`, customer: null }] },
      });
      expect(partly.errors?.[0]).toMatchObject({
        message: "Access denied for customer field. Required access: `read_customers` access scope.",
        path: ["orders", "nodes", 0, "customer"],
        extensions: { code: "ACCESS_DENIED" },
      });
      const write = await test.ask(
        'mutation { customerDelete(input: { id: "gid://shopify/Customer/1" }) { deletedCustomerId } }',
      );
      expect(write.errors?.[0]?.extensions?.["code"]).toBe("ACCESS_DENIED");
      const tag = await test.ask(
        'mutation { tagsAdd(id: "gid://shopify/Customer/1", tags: ["a"]) { userErrors { message } } }',
      );
      expect(tag.errors?.[0]?.extensions?.["code"]).toBe("ACCESS_DENIED");
    } finally {
      await test.devstore.stop();
    }
  });
});
