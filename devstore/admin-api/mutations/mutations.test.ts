import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listen } from "../../state/events.ts";
import { startTestShop, type TestShop } from "../test-shop.ts";

const SET = `mutation ($metafields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $metafields) {
  metafields { namespace key value compareDigest } userErrors { code field message elementIndex } } }`;

interface SetAnswer {
  metafields: { namespace: string; compareDigest: string }[] | null;
  userErrors: { code: string; field: string[] }[];
}

describe("mutations", () => {
  let test: TestShop;
  const topics: string[] = [];
  beforeAll(async () => {
    test = await startTestShop();
    listen(test.world, { event: ({ topic }) => void topics.push(topic) });
  });
  afterAll(() => test.devstore.stop());

  const customer = () => `gid://shopify/Customer/${test.customer.id}`;
  const field = (more: object = {}) => ({
    ownerId: customer(),
    namespace: "$app:loyalty",
    key: "points",
    type: "number_integer",
    value: "5",
    ...more,
  });

  async function set(metafields: object[]): Promise<SetAnswer> {
    const { data, errors } = await test.ask(SET, { metafields });
    expect(errors).toBeUndefined();
    return data?.["metafieldsSet"] as SetAnswer;
  }

  it("writes metafields, and tells of the owner's change", async () => {
    topics.length = 0;
    const { metafields, userErrors } = await set([field()]);
    expect(userErrors).toEqual([]);
    expect(metafields?.[0]).toMatchObject({ namespace: "app--1000001--loyalty", key: "points", value: "5" });
    expect(topics).toEqual(["customers/update"]);
    const { data } = await test.ask(
      'query ($id: ID!) { customer(id: $id) { metafield(namespace: "$app:loyalty", key: "points") { jsonValue ownerType } } }',
      { id: customer() },
    );
    expect(data).toEqual({ customer: { metafield: { jsonValue: 5, ownerType: "CUSTOMER" } } });
  });

  it("compares digests, and writes all or none", async () => {
    const [written] = (await set([field()])).metafields ?? [];
    const stale = await set([
      field({ key: "other", value: "1" }),
      field({ value: "6", compareDigest: "something else" }),
    ]);
    expect(stale).toMatchObject({
      metafields: null,
      userErrors: [{ code: "STALE_OBJECT", field: ["metafields", "1", "compareDigest"], elementIndex: 1 }],
    });
    expect(test.shop.metafields.get(customer())?.size).toBe(1);
    expect((await set([field({ value: "7", compareDigest: written?.compareDigest })])).userErrors).toEqual(
      [],
    );
    expect((await set([field({ key: "fresh", compareDigest: null })])).userErrors).toEqual([]);
    expect((await set([field({ key: "fresh", compareDigest: null })])).userErrors[0]?.code).toBe(
      "STALE_OBJECT",
    );
  });

  it("holds declared ones to their types, and writes only owners that the app may write", async () => {
    const toml = `[customer.metafields.app.points]\ntype = "number_integer"\nname = "Points"\naccess.storefront = "public_read"`;
    const strict = await startTestShop("read_customers,write_customers,read_products", { toml });
    const [customer, product] = [strict.customer.id, strict.product.id];
    const ask = async (metafield: object) => {
      const { data, errors } = await strict.ask(SET, { metafields: [metafield] });
      return { codes: errors?.map(({ extensions }) => extensions?.["code"]), set: data?.["metafieldsSet"] };
    };
    const own = { ownerId: `gid://shopify/Customer/${customer}`, key: "points", value: "5" };
    expect(await ask({ ...own, type: "json" })).toMatchObject({
      set: { userErrors: [{ code: "INVALID_TYPE" }] },
    });
    expect(await ask(own)).toMatchObject({
      set: { userErrors: [], metafields: [{ key: "points", value: "5" }] },
    });
    expect(await ask({ ...own, ownerId: `gid://shopify/Product/${product}`, type: "json" })).toMatchObject({
      codes: ["ACCESS_DENIED"],
    });
    const { data } = await strict.ask("{ currentAppInstallation { id } }");
    const ownerId = (data as { currentAppInstallation: { id: string } }).currentAppInstallation.id;
    const ofApp = { ownerId, namespace: "perennial", key: "programme", type: "json", value: "{}" };
    expect(await ask(ofApp)).toMatchObject({ set: { userErrors: [] } });
    await strict.devstore.stop();
  });

  it("takes 25 at most, of values that fit their type", async () => {
    const many = Array.from({ length: 26 }, (_, index) => field({ key: `key_${index}` }));
    expect((await set(many)).userErrors[0]?.code).toBe("LESS_THAN_OR_EQUAL_TO");
    const wrong = await set([
      field({ value: "five" }),
      field({ key: "list", type: "list.number_integer", value: "[1" }),
    ]);
    expect(wrong.userErrors).toMatchObject([
      { code: "INVALID_VALUE", field: ["metafields", "0", "value"] },
      { code: "INVALID_VALUE", field: ["metafields", "1", "value"] },
    ]);
    expect((await set([field({ ownerId: "gid://shopify/Customer/1" })])).userErrors[0]?.field).toEqual([
      "metafields",
      "0",
      "ownerId",
    ]);
  });

  it("deletes metafields", async () => {
    await set([field({ key: "gone" })]);
    const { data } = await test.ask(
      `mutation ($ids: [MetafieldIdentifierInput!]!) { metafieldsDelete(metafields: $ids) { deletedMetafields { key } userErrors { message } } }`,
      { ids: ["gone", "never"].map((key) => ({ ownerId: customer(), namespace: "$app:loyalty", key })) },
    );
    expect(data?.["metafieldsDelete"]).toEqual({
      deletedMetafields: [{ key: "gone" }, null],
      userErrors: [],
    });
  });

  it("adds and removes tags without minding their case", async () => {
    const tags = async (name: string, values: string[]) => {
      const { data } = await test.ask(
        `mutation ($id: ID!, $tags: [String!]!) { ${name}(id: $id, tags: $tags) { node { ... on Customer { tags } } userErrors { message } } }`,
        { id: customer(), tags: values },
      );
      return (data?.[name] as { node: { tags: string[] } }).node.tags;
    };
    expect(await tags("tagsAdd", ["Gold", "new"])).toEqual(["Gold", "new"]);
    expect(await tags("tagsAdd", ["gold", "x"])).toEqual(["Gold", "new", "x"]);
    expect(await tags("tagsRemove", ["NEW", "absent"])).toEqual(["Gold", "x"]);
  });

  it("creates, pays, refunds and cancels orders through the state's actions", async () => {
    const created = await test.ask(
      `mutation ($order: OrderCreateOrderInput!) { orderCreate(order: $order) { order { id displayFinancialStatus
        currentTotalPriceSet { shopMoney { amount } } lineItems(first: 1) { nodes { id } } } userErrors { message } } }`,
      {
        order: {
          lineItems: [
            { variantId: `gid://shopify/ProductVariant/${test.product.variantIds[0]}`, quantity: 2 },
          ],
        },
      },
    );
    const { order } = created.data?.["orderCreate"] as {
      order: { id: string; lineItems: { nodes: { id: string }[] } };
    };
    expect(order).toMatchObject({
      displayFinancialStatus: "PENDING",
      currentTotalPriceSet: { shopMoney: { amount: "20.0" } },
    });
    const paid = await test.ask(
      "mutation ($id: ID!) { orderMarkAsPaid(input: { id: $id }) { order { displayFinancialStatus } userErrors { message } } }",
      { id: order.id },
    );
    expect(paid.data?.["orderMarkAsPaid"]).toMatchObject({ order: { displayFinancialStatus: "PAID" } });
    const refunded = await test.ask(
      `mutation ($input: RefundInput!) { refundCreate(input: $input) { refund { totalRefundedSet { shopMoney { amount } } }
        order { displayFinancialStatus } userErrors { message } } }`,
      {
        input: {
          orderId: order.id,
          refundLineItems: [{ lineItemId: order.lineItems.nodes[0]?.id, quantity: 1 }],
        },
      },
    );
    expect(refunded.data?.["refundCreate"]).toEqual({
      refund: { totalRefundedSet: { shopMoney: { amount: "10.0" } } },
      order: { displayFinancialStatus: "PARTIALLY_REFUNDED" },
      userErrors: [],
    });
    const cancel = `mutation ($id: ID!) { orderCancel(orderId: $id, reason: CUSTOMER, restock: true, refundMethod: { originalPaymentMethodsRefund: true }) {
      job { id } orderCancelUserErrors { field } } }`;
    expect((await test.ask(cancel, { id: order.id })).data?.["orderCancel"]).toMatchObject({
      orderCancelUserErrors: [],
    });
    expect((await test.ask(cancel, { id: order.id })).data?.["orderCancel"]).toMatchObject({
      job: null,
      orderCancelUserErrors: [{ field: ["orderId"] }],
    });
  });

  it("refuses loudly mutations and inputs that are not modelled", async () => {
    const mutation = await test.ask(
      'mutation { segmentDelete(id: "gid://shopify/Segment/1") { deletedSegmentId } }',
    );
    expect(mutation.errors?.[0]?.extensions?.["what"]).toBe("Mutation.segmentDelete");
    const input = await test.ask(
      'mutation { orderCreate(order: { note: "x", lineItems: [] }) { userErrors { message } } }',
    );
    expect(input.errors?.[0]?.extensions?.["what"]).toBe("OrderCreateOrderInput.note");
  });
});
