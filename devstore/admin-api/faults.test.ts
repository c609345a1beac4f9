/** What the control API's faults do to an app that asks the Admin API. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createOrder } from "../state/actions.ts";
import { done, SHOP, startTestShop, type TestShop } from "./test-shop.ts";

describe("faults of the Admin API", () => {
  let test: TestShop;
  beforeEach(async () => {
    test = await startTestShop(undefined, {
      toml: '[webhooks]\napi_version = "2026-07"\n[[webhooks.subscriptions]]\ntopics = ["bulk_operations/finish", "orders/create"]\nuri = "/webhooks"',
    });
  });
  afterEach(() => test.devstore.stop());

  const strike = (faults: Record<string, unknown>) =>
    fetch(`${test.devstore.url}/_control/api/chaos`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ faults }),
    });

  async function addTag(tag: string): Promise<Response> {
    const { url } = test.devstore;
    return fetch(`${url}/admin/api/2026-07/graphql.json`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-Shopify-Shop": SHOP,
        "X-Shopify-Access-Token": await test.token(),
      },
      body: JSON.stringify({
        query:
          "mutation ($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { userErrors { message } } }",
        variables: { id: `gid://shopify/Customer/${test.customer.id}`, tags: [tag] },
      }),
    });
  }

  it("refuses and fails before the work, so many times as it was told", async () => {
    await strike({ answer429: { next: 1 }, answer500: { next: 1 } });
    const refused = await addTag("a");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "2.0"]);
    expect((await addTag("b")).status).toBe(500);
    expect(test.customer.tags).toEqual([]);
    expect((await addTag("c")).status).toBe(200);
    expect(test.customer.tags).toEqual(["c"]);
  });

  it("cuts the answer after the work is done", async () => {
    await strike({ cutAnswerAfterWork: { next: 1 } });
    await expect(addTag("done")).rejects.toThrow("fetch failed");
    expect(test.customer.tags).toEqual(["done"]);
    expect((await addTag("again")).status).toBe(200);
  });

  it("strikes by its probability", async () => {
    await strike({ answer500: 1 });
    expect([(await addTag("a")).status, (await addTag("b")).status]).toEqual([500, 500]);
    await strike({ answer500: 0 });
    expect((await addTag("c")).status).toBe(200);
  });

  it("loses the webhook of a bulk operation that ended, and no other", async () => {
    await strike({ loseBulkFinishWebhook: { next: 1 } });
    for (let run = 0; run < 2; run += 1) {
      done(createOrder(test.world, test.shop, { lines: [{ title: "Tea", unitPriceMinor: 1, quantity: 1 }] }));
      const { data } =
        await test.ask(`mutation { bulkOperationRunQuery(groupObjects: false, query: "{ orders { edges { node { id } } } }") {
        bulkOperation { id } userErrors { message } } }`);
      const { bulkOperation } = data?.["bulkOperationRunQuery"] as { bulkOperation: { id: string } };
      const status = async () => {
        const polled = await test.ask("query ($id: ID!) { bulkOperation(id: $id) { status } }", {
          id: bulkOperation.id,
        });
        return (polled.data?.["bulkOperation"] as { status: string }).status;
      };
      await expect.poll(status).toBe("COMPLETED");
    }
    const sent = (topic: string) =>
      [...test.world.deliveries.values()]
        .filter((each) => each.topic === topic)
        .map(({ status }) => status === "DROPPED");
    expect(sent("bulk_operations/finish")).toEqual([true, false]);
    expect(sent("orders/create")).toEqual([false, false]);
  });

  it("ends the address of one result", async () => {
    test.order();
    const { data } =
      await test.ask(`mutation { bulkOperationRunQuery(groupObjects: false, query: "{ orders { edges { node { id } } } }") {
      bulkOperation { id } userErrors { message } } }`);
    const { bulkOperation } = data?.["bulkOperationRunQuery"] as { bulkOperation: { id: string } };
    const url = async () => {
      const polled = await test.ask("query ($id: ID!) { bulkOperation(id: $id) { url } }", {
        id: bulkOperation.id,
      });
      return (polled.data?.["bulkOperation"] as { url: string | null }).url;
    };
    await expect.poll(url).not.toBeNull();
    const address = (await url()) ?? "";
    await strike({ expireBulkUrl: { next: 1 } });
    expect((await fetch(address)).status).toBe(403);
    expect((await fetch(address)).status).toBe(403);
  });
});
