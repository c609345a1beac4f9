/** Demo mode sends a shop's requests to the local Shopify, and nobody else's. */
import { expect, test } from "vitest";
import { divert } from "./shopify-fetch.server.ts";

const LOCAL = "http://localhost:4000";

test("a shop's request goes to the same path of the local Shopify, with the shop in a header", async () => {
  const init = { method: "POST", body: "{}", headers: { "X-Shopify-Access-Token": "t" } };
  const [target, sent] = divert("https://a.myshopify.com/admin/api/2026-07/graphql.json?x=1", init, LOCAL);
  expect(target).toEqual(new URL(`${LOCAL}/admin/api/2026-07/graphql.json?x=1`));
  const headers = new Headers(sent?.headers);
  expect(headers.get("X-Shopify-Shop")).toBe("a.myshopify.com");
  expect(headers.get("X-Shopify-Access-Token")).toBe("t");
  expect(sent).toMatchObject({ method: "POST", body: "{}" });

  const [request] = divert(new Request("https://a.myshopify.com/x", init), undefined, LOCAL);
  if (!(request instanceof Request)) throw new Error("a request stays one");
  expect(request.url).toBe(`${LOCAL}/x`);
  expect(request.headers.get("X-Shopify-Shop")).toBe("a.myshopify.com");
  expect(await request.text()).toBe("{}");
});

test("any other request stays as it is", () => {
  for (const url of [
    "https://storage.example.com/result.jsonl",
    "https://myshopify.com.example.com/",
    `${LOCAL}/bulk`,
  ]) {
    expect(divert(url, undefined, LOCAL)).toEqual([url, undefined]);
  }
});
