import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLIENT, SHOP, startTestShop, type TestShop } from "../admin-api/test-shop.ts";
import { readSessionToken } from "../auth/session-token.ts";

describe("the admin shell", () => {
  let test: TestShop;
  const arrived: { url: URL; method: string; body: string; headers: IncomingHttpHeaders }[] = [];
  const app = createServer((request: IncomingMessage, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const { method = "", headers } = request;
      arrived.push({ url: new URL(request.url ?? "", "http://app"), method, body, headers });
      response.setHeader("Content-Type", "application/liquid").end("hello");
    });
  });

  beforeAll(async () => {
    app.listen(0);
    await once(app, "listening");
    test = await startTestShop("read_orders", {
      appUrl: `http://localhost:${(app.address() as AddressInfo).port}`,
      toml: `[app_proxy]\nurl = "https://example.com/proxy"\nsubpath = "points"\nprefix = "apps"`,
    });
  });
  afterAll(async () => {
    await test.devstore.stop();
    app.close();
  });

  const get = (path: string, init?: RequestInit) =>
    fetch(test.devstore.url + path, { redirect: "manual", ...init });

  async function frameOf(path: string): Promise<URL> {
    const html = await (await get(path)).text();
    return new URL((/<iframe[^>]* src="([^"]+)"/.exec(html)?.[1] ?? "").replaceAll("&amp;", "&"));
  }

  it("lists the shops and a shop's apps", async () => {
    expect(await (await get("/admin")).text()).toContain(SHOP);
    expect(await (await get(`/admin?shop=${SHOP}`)).text()).toContain(`/admin/apps/test-app?shop=${SHOP}`);
  });

  it("loads the app with a signed query and a session token, at the path of its own address", async () => {
    const url = await frameOf(`/admin/apps/test-app/app/cohorts?month=2026-01&shop=${SHOP}`);
    expect(url.pathname).toBe("/app/cohorts");
    const query = Object.fromEntries(url.searchParams);
    expect(query).toMatchObject({ month: "2026-01", embedded: "1", shop: SHOP, locale: "en" });
    expect(Buffer.from(query["host"] ?? "", "base64").toString()).toBe("admin.shopify.com/store/demo");
    expect(readSessionToken(query["id_token"] ?? "", CLIENT, SHOP).ok).toBe(true);
    const { hmac, ...signed } = query;
    const text = Object.keys(signed)
      .sort((a, b) => a.localeCompare(b))
      .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(signed[name] ?? "")}`)
      .join("&");
    expect(hmac).toBe(createHmac("sha256", CLIENT.clientSecret).update(text).digest("hex"));
  });

  it("installs the app when it is opened, and gives tokens only while it is", async () => {
    const asked = `/admin/shell/session-token?shop=${SHOP}&app=test-app`;
    test.shop.installation = null;
    expect((await get(asked)).status).toBe(403);
    await frameOf(`/admin/apps/test-app?shop=${SHOP}`);
    expect(test.shop.installation).toMatchObject({ scopes: ["read_orders"] });
    const { token } = (await (await get(asked)).json()) as { token: string };
    expect(readSessionToken(token, CLIENT, SHOP).ok).toBe(true);
  });

  it("brings home a merchant whom the app sends to the admin", async () => {
    const response = await get("/store/demo/apps/client-id/app");
    expect(response.headers.get("location")).toBe(`/admin/apps/client-id/app?shop=${SHOP}`);
    expect((await get(`/admin/apps/client-id/app?shop=${SHOP}`)).status).toBe(200);
    expect((await get(`/admin/apps/unknown?shop=${SHOP}`)).status).toBe(404);
  });

  it("offers products to the resource picker", async () => {
    const response = await get(`/admin/shell/resources?shop=${SHOP}&app=test-app`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ type: "product" }),
    });
    const { resources } = (await response.json()) as { resources: { title: string; variants: unknown[] }[] };
    expect(resources).toMatchObject([{ title: "Tea", totalVariants: 2 }]);
  });

  it("carries requests of the shop's visitors to the app, signed", async () => {
    const response = await get(`/apps/points/balance?x=2&x=1&signature=forged`, {
      method: "POST",
      headers: { "X-Shopify-Shop": SHOP, "X-Devstore-Customer": "77", "Content-Type": "text/plain" },
      body: "ping",
    });
    expect(response.headers.get("content-type")).toContain("application/liquid");
    expect(await response.text()).toBe("hello");
    const [request] = arrived.slice(-1);
    if (!request) throw new Error("nothing arrived");
    const { url, method, body } = request;
    expect([method, body, url.pathname]).toEqual(["POST", "ping", "/proxy/balance"]);
    const query = url.searchParams;
    expect(query.get("logged_in_customer_id")).toBe("77");
    const names = ["logged_in_customer_id", "path_prefix", "shop", "timestamp", "x"];
    const text = names.map((name) => `${name}=${query.getAll(name).join(",")}`).join("");
    expect(text).toContain("path_prefix=/apps/points");
    expect(text).toContain("x=2,1");
    expect(query.get("signature")).toBe(createHmac("sha256", CLIENT.clientSecret).update(text).digest("hex"));
  });

  it("names the customer who is logged in to the store, and keeps cookies to itself", async () => {
    const [customer] = test.shop.customers.keys();
    await get("/apps/points/balance", {
      headers: {
        "X-Shopify-Shop": SHOP,
        Cookie: `devstore_customer=${customer}`,
        Origin: "http://demo.localhost",
      },
    });
    const [request] = arrived.slice(-1);
    expect(request?.url.searchParams.get("logged_in_customer_id")).toBe(String(customer));
    expect(request?.headers).toMatchObject({ origin: "http://demo.localhost" });
    expect(request?.headers).not.toHaveProperty("cookie");
    expect(request?.headers).not.toHaveProperty("x-shopify-shop");
    await get("/apps/points/balance", { headers: { "X-Shopify-Shop": SHOP } });
    expect(arrived.at(-1)?.url.searchParams.getAll("logged_in_customer_id")).toEqual([""]);
  });
});
