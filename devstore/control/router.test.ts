import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import express from "express";
import { afterEach, expect, test } from "vitest";
import { createWorld, now } from "../state/world.ts";
import { startWebhooks } from "../webhooks/delivery.ts";
import { DEEDS } from "./deeds.ts";
import { controlRouter } from "./router.ts";

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const TOML = `
[webhooks]
api_version = "2026-07"
[[webhooks.subscriptions]]
topics = ["orders/create", "orders/paid", "orders/edited", "orders/cancelled", "orders/delete", "refunds/create",
  "disputes/create", "disputes/update", "customers/merge", "customers/delete", "app/uninstalled"]
uri = "/webhooks"
[[webhooks.subscriptions]]
compliance_topics = ["customers/redact"]
uri = "/webhooks"
`;

/** The control API on a real server, with an app that refuses every webhook. */
async function setUp(options: { file?: string } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "devstore-"));
  const tomlPath = path.join(folder, "shopify.app.toml");
  writeFileSync(tomlPath, TOML);
  const world = createWorld();
  const server = express();
  const http = createServer(server);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  cleanups.push(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const app = { clientId: "key", clientSecret: "hush", appUrl: url, tomlPath };
  const webhooks = startWebhooks(world, [app]);
  cleanups.push(() => webhooks.stop());
  server.use(
    "/_control",
    controlRouter({
      world,
      app,
      webhooks,
      file: options.file ?? path.join(folder, "world.ndjson.gz"),
      install: (shop) => {
        const tokens = { accessTokens: new Map(), refreshTokens: new Map() };
        shop.installation = { installedAt: now(world), scopes: ["read_orders"], ...tokens };
      },
    }),
  );
  const call = async (method: string, at: string, body?: unknown) => {
    const response = await fetch(`${url}/_control/api/${at}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const act = (name: string, body: unknown) => call("POST", `shops/tea.myshopify.com/actions/${name}`, body);
  return { world, webhooks, url, call, act };
}

const LINES = [{ title: "Tea", unitPriceMinor: 1000, quantity: 2 }];

test("makes a shop, an order, and a refund of it", async () => {
  const { call, act } = await setUp();
  expect(await call("POST", "shops", { domain: "tea", currency: "EUR" })).toMatchObject({
    status: 200,
    json: { domain: "tea.myshopify.com", currency: "EUR", orders: 0, installed: false },
  });
  const { json: order } = await act("createOrder", { lines: LINES });
  const orderId = order["id"] as number;
  const [line] = order["lines"] as { id: number }[];
  const refunded = await act("refundOrder", { orderId, lines: [{ lineId: line?.id, quantity: 1 }] });
  expect(refunded).toMatchObject({ status: 200, json: { refund: { totalMinor: 1000 } } });
  expect(await call("GET", `shops/tea.myshopify.com/orders/${orderId}`)).toMatchObject({
    json: { financialStatus: "PARTIALLY_REFUNDED", totals: { totalMinor: 2000, currentTotalMinor: 1000 } },
  });
  const listed = await call("GET", "shops/tea.myshopify.com/orders?limit=1");
  expect(listed.json).toMatchObject([{ id: orderId, financialStatus: "PARTIALLY_REFUNDED" }]);
});

test("takes an order with a code that is good for its customer, once, and shows it on the page", async () => {
  const { url, call, act } = await setUp();
  await call("POST", "shops", { domain: "tea" });
  const { json: customer } = await act("createCustomer", { firstName: "Ana" });
  const customerId = customer["id"];
  const offer = { code: "HALF", title: "Half", usageLimit: 1, customerIds: [customerId] };
  const made = await act("createDiscount", { ...offer, gives: { kind: "percentage", percentage: 0.5 } });
  expect(made).toMatchObject({ status: 200, json: { code: "HALF", uses: [] } });
  expect((await act("placeOrder", { lines: LINES, codes: ["half"] })).status).toBe(409);
  const placed = await act("placeOrder", { lines: LINES, codes: ["half"], customerId });
  expect(placed).toMatchObject({
    status: 200,
    json: { discountCodes: ["HALF"], lines: [{ discountMinor: 1000 }] },
  });
  expect((await act("placeOrder", { lines: LINES, codes: ["HALF"], customerId })).status).toBe(409);
  expect((await call("GET", "shops/tea.myshopify.com/discounts")).json).toMatchObject([
    { code: "HALF", uses: [{ orderId: placed.json["id"], customerId }] },
  ]);
  await act("disputeOrder", { orderId: placed.json["id"] });
  const page = await (await fetch(`${url}/_control`)).text();
  expect(page).toContain("used 1 of 1");
  expect(page).toContain("&quot;status&quot;:&quot;WON&quot;".replaceAll("&quot;", "&#34;"));
});

test("leads orders and customers through their lives, each deed with its webhook", async () => {
  const { world, webhooks, call, act } = await setUp();
  await call("POST", "shops", { domain: "tea" });
  await call("POST", "shops/tea.myshopify.com/install");
  /** Does it and answers what it came to, with the topics that it sent. */
  async function done(name: string, body: unknown) {
    const before = new Set(world.deliveries.keys());
    const { status, json } = await act(name, body);
    expect(status, `${name}: ${JSON.stringify(json)}`).toBe(200);
    await webhooks.idle();
    const sent = [...world.deliveries.values()].filter(({ id }) => !before.has(id));
    return { json, topics: sent.map(({ topic }) => topic).sort() };
  }
  const seen = async (orderId: number) =>
    (await call("GET", `shops/tea.myshopify.com/orders/${orderId}`)).json as {
      financialStatus: string;
      cancelledAt: number | null;
      lines: { id: number; currentQuantity: number }[];
      totals: { currentTotalMinor: number };
    };
  const people = [];
  for (let count = 0; count < 3; count += 1) {
    people.push(Number((await done("createCustomer", { firstName: `Person ${count}` })).json["id"]));
  }
  const [one = 0, two = 0, three = 0] = people;

  const created = await done("createOrder", { lines: LINES, payment: "pending", customerId: one });
  expect(created.topics).toEqual(["orders/create"]);
  const orderId = created.json["id"] as number;
  expect((await seen(orderId)).financialStatus).toBe("PENDING");
  expect((await done("payOrder", { orderId })).topics).toEqual(["orders/paid"]);
  expect((await seen(orderId)).financialStatus).toBe("PAID");
  const lineId = (await seen(orderId)).lines[0]?.id ?? 0;

  const edited = await done("editOrder", {
    orderId,
    addedLines: [{ title: "Cup", unitPriceMinor: 500, quantity: 1 }],
  });
  expect(edited.topics).toEqual(["orders/edited"]);
  expect((await seen(orderId)).totals.currentTotalMinor).toBe(2500);
  await done("payOrder", { orderId });
  expect((await done("refundOrder", { orderId, lines: [{ lineId, quantity: 1 }] })).topics).toEqual([
    "refunds/create",
  ]);
  expect(await seen(orderId)).toMatchObject({
    financialStatus: "PARTIALLY_REFUNDED",
    totals: { currentTotalMinor: 1500 },
  });
  const disputed = await done("disputeOrder", { orderId });
  expect(disputed.topics).toEqual(["disputes/create"]);
  expect((await done("settleDispute", { disputeId: disputed.json["id"], status: "LOST" })).topics).toEqual([
    "disputes/update",
  ]);
  expect((await done("cancelOrder", { orderId })).topics).toEqual(["orders/cancelled", "refunds/create"]);
  expect((await seen(orderId)).cancelledAt).not.toBeNull();
  expect((await done("deleteOrder", { orderId })).topics).toEqual(["orders/delete"]);
  expect((await call("GET", `shops/tea.myshopify.com/orders/${orderId}`)).status).toBe(404);

  const { json: other } = await done("createOrder", { lines: LINES, customerId: two });
  const ownerOf = () => world.shops.get("tea.myshopify.com")?.orders.get(other["id"] as number)?.customerId;
  const merged = await done("mergeCustomers", { customerOneId: two, customerTwoId: one });
  expect(merged.topics).toEqual(["customers/merge"]);
  expect(ownerOf()).toBe(one);
  expect((await done("redactCustomer", { customerId: one })).topics).toEqual(["customers/redact"]);
  expect(ownerOf()).toBeNull();
  expect((await done("deleteCustomer", { customerId: three })).topics).toEqual(["customers/delete"]);
  expect((await call("GET", "shops/tea.myshopify.com/customers")).json).toEqual([]);
});

test("says what is wrong, and does nothing", async () => {
  const { world, call, act, url } = await setUp();
  await call("POST", "shops", { domain: "tea" });
  expect(await call("POST", "shops", { domain: "tea" })).toMatchObject({
    status: 409,
    json: { error: { reason: "taken", field: ["domain"] } },
  });
  expect(await act("createOrder", { lines: [{ ...LINES[0], colour: "green" }] })).toMatchObject({
    status: 400,
    json: { error: { reason: "invalid", field: ["lines", "0"] } },
  });
  expect(await act("createOrder", { lines: [{ variantId: 1, quantity: 1 }] })).toMatchObject({
    status: 404,
    json: { error: { message: "The variant does not exist.", field: ["lines", "0", "variantId"] } },
  });
  expect(await act("fly", {})).toMatchObject({ status: 404 });
  expect(await call("GET", "shops/none.myshopify.com")).toMatchObject({ status: 404 });
  expect(await call("GET", "nothing")).toMatchObject({ status: 404 });
  expect(await call("POST", "clock", { byDays: 1, byMs: 1 })).toMatchObject({ status: 400 });
  expect(await call("POST", "clock", { byDays: -1 })).toMatchObject({ status: 400 });
  const bad = await fetch(`${url}/_control/api/shops`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{",
  });
  expect([bad.status, await bad.json()]).toEqual([
    400,
    { error: { reason: "invalid", message: "The body is not JSON." } },
  ]);
  expect(world.shops.get("tea.myshopify.com")?.orders.size).toBe(0);
});

test("a form of another site changes nothing", async () => {
  const { world, url } = await setUp();
  const response = await fetch(`${url}/_control/api/shops`, {
    method: "POST",
    body: new URLSearchParams({ domain: "tea" }),
  });
  expect(response.status).toBe(400);
  expect(world.shops.size).toBe(0);
});

test("moves the clock, installs, uninstalls, and shows and repeats webhooks", async () => {
  const { world, webhooks, call, act } = await setUp();
  await call("POST", "shops", { domain: "tea" });
  const before = now(world);
  await call("POST", "clock", { byDays: 2 });
  expect(now(world) - before).toBeGreaterThanOrEqual(2 * 86_400_000);
  expect(await call("POST", "shops/tea.myshopify.com/install")).toMatchObject({ json: { installed: true } });
  await act("createOrder", { lines: LINES });
  await webhooks.idle();
  const listed = await call("GET", "webhooks?topic=orders/create");
  expect(listed.json).toMatchObject([{ topic: "orders/create", attempts: [{ status: 404 }] }]);
  const [{ id }] = listed.json as unknown as [{ id: number }];
  expect(await call("GET", `webhooks/${id}`)).toMatchObject({ json: { id } });
  expect(await call("POST", `webhooks/${id}/redeliver`)).toMatchObject({ status: 200 });
  expect(await call("POST", "shops/tea.myshopify.com/uninstall")).toMatchObject({
    json: { installed: false },
  });
  expect(await call("POST", "shops/tea.myshopify.com/uninstall")).toMatchObject({ status: 409 });
  expect(await call("GET", "state")).toMatchObject({
    json: { scheduled: [{ kind: "shop/redact", shopDomain: "tea.myshopify.com" }] },
  });
});

test("brings chaos and calms it", async () => {
  const { world, call } = await setUp();
  const faults = { answer429: 0.5, stallBulk: { next: 2 } };
  expect(await call("PUT", "chaos", { seed: 9, faults })).toMatchObject({ status: 200 });
  expect(world.chaos).toMatchObject({
    seed: 9,
    answer429: { probability: 0.5, next: 0 },
    stallBulk: { probability: 0, next: 2 },
  });
  expect(await call("PUT", "chaos", { faults: { earthquake: 1 } })).toMatchObject({ status: 400 });
  expect(await call("PUT", "chaos", { faults: { answer500: 2 } })).toMatchObject({ status: 400 });
  await call("DELETE", "chaos");
  expect(world.chaos.answer429).toEqual({ probability: 0, next: 0 });
});

test("saves the state and loads it, under a name too", async () => {
  const { world, call, act } = await setUp();
  await call("POST", "shops", { domain: "tea" });
  await act("createOrder", { lines: LINES });
  expect(await call("POST", "save", { name: "one-order" })).toMatchObject({
    json: { file: "one-order.ndjson.gz" },
  });
  await act("createOrder", { lines: LINES });
  expect(await call("POST", "load", { name: "one-order" })).toMatchObject({
    json: { shops: [{ orders: 1 }] },
  });
  expect(world.shops.get("tea.myshopify.com")?.orders.size).toBe(1);
  expect(await call("POST", "load", { name: "none" })).toMatchObject({ status: 404 });
  expect(await call("POST", "save", { name: "../out" })).toMatchObject({ status: 400 });
});

test("every action's example has the shape that the action takes", async () => {
  const { world, call, act } = await setUp();
  await call("POST", "shops", { domain: "tea" });
  for (const [name, { example }] of DEEDS) {
    const { json } = await act(name, example);
    expect((json["error"] as { reason?: string } | undefined)?.reason, name).not.toBe("invalid");
  }
  expect(world.shops.size).toBe(1);
});

test("the page shows shops, orders and the log, and nothing that a name could smuggle in", async () => {
  const { call, act, url, webhooks } = await setUp();
  await call("POST", "shops", { domain: "tea", name: "<script>alert(1)</script>" });
  await call("POST", "shops/tea.myshopify.com/install");
  await act("createProduct", { title: 'Tea "A" & <b>', variants: [{ priceMinor: 1999 }] });
  await act("createOrder", { lines: LINES });
  await act("createCustomer", { firstName: "<img onerror=alert(1)>" });
  await webhooks.idle();
  const response = await fetch(`${url}/_control?shop=tea.myshopify.com`);
  const page = await response.text();
  expect(response.headers.get("content-type")).toContain("text/html");
  expect(page).toContain("#1001");
  expect(page).toContain("Refund one unit");
  expect(page).toContain("orders/create");
  expect(page).not.toContain("<script>alert");
  expect(page).not.toContain("<img");
  expect(page).not.toContain("<b>");
});
