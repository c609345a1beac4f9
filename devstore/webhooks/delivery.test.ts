import { createHmac } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { createCustomer, createOrder, mergeCustomers, updateCustomer } from "../state/actions.ts";
import type { ShopState, World } from "../state/model.ts";
import { redactShop, uninstallApp } from "../state/shop-actions.ts";
import { createShop, createWorld, moveClock } from "../state/world.ts";
import { startWebhooks, type DeliveryOptions, type Webhooks } from "./delivery.ts";

interface Received {
  headers: Record<string, string | string[] | undefined>;
  body: string;
  json: Record<string, unknown>;
  path: string;
}

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const TOML = `
application_url = "https://app.example"
[webhooks]
api_version = "2026-07"
[[webhooks.subscriptions]]
topics = ["orders/create", "orders/paid", "customers/create", "customers/update", "customers/merge", "app/uninstalled"]
uri = "/webhooks"
[[webhooks.subscriptions]]
compliance_topics = ["customers/redact", "shop/redact"]
uri = "https://app.example/compliance"
[[webhooks.subscriptions]]
topics = ["products/update"]
uri = "/webhooks/products"
include_fields = ["id", "variants.id"]
`;

/** An app that answers what it is told and remembers what it got. */
async function setUp(options: DeliveryOptions & { answer?: (nth: number) => number | "never" } = {}) {
  const { answer = () => 200, ...rest } = options;
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString("utf8")));
    request.on("end", () => {
      const json = JSON.parse(body) as Record<string, unknown>;
      received.push({ headers: request.headers, body, json, path: request.url ?? "" });
      const status = answer(received.length);
      if (status === "never") return;
      response.statusCode = status;
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const tomlPath = path.join(mkdtempSync(path.join(tmpdir(), "devstore-")), "shopify.app.toml");
  writeFileSync(tomlPath, TOML);
  const world = createWorld({ seed: 7 });
  const app = {
    clientId: "key",
    clientSecret: "hush",
    appUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tomlPath,
  };
  const webhooks = startWebhooks(world, [app], { retryScale: 0.00005, ...rest });
  cleanups.push(() => webhooks.stop());
  return { world, shop: installedShop(world), webhooks, received, app };
}

function installedShop(world: World): ShopState {
  const shop = createShop(world, { domain: "tea" });
  if (!shop.ok) throw new Error(shop.message);
  const tokens = { accessTokens: new Map(), refreshTokens: new Map() };
  shop.value.installation = { installedAt: 0, scopes: [], ...tokens };
  return shop.value;
}

function placeOrder(world: World, shop: ShopState): number {
  const order = createOrder(world, shop, { lines: [{ title: "Tea", unitPriceMinor: 1000, quantity: 1 }] });
  if (!order.ok) throw new Error(order.message);
  return order.value.id;
}

function addCustomer(world: World, shop: ShopState): number {
  const customer = createCustomer(world, shop, { firstName: "A" });
  if (!customer.ok) throw new Error(customer.message);
  return customer.value.id;
}

async function settled(world: World, webhooks: Webhooks): Promise<void> {
  const open = () =>
    [...world.deliveries.values()].some(({ status }) => status === "WAITING" || status === "HELD");
  await expect.poll(open, { timeout: 20_000 }).toBe(false);
  await webhooks.idle();
}

test("a webhook is signed over its raw body and names its event", async () => {
  const { world, shop, webhooks, received } = await setUp();
  const id = placeOrder(world, shop);
  await webhooks.idle();
  const [created, paid] = received.sort((a, b) =>
    String(a.headers["x-shopify-topic"]).localeCompare(String(b.headers["x-shopify-topic"])),
  );
  expect(received).toHaveLength(2);
  expect(created?.path).toBe("/webhooks");
  expect(created?.headers).toMatchObject({
    "x-shopify-topic": "orders/create",
    "x-shopify-shop-domain": "tea.myshopify.com",
    "x-shopify-api-version": "2026-07",
    "x-shopify-hmac-sha256": createHmac("sha256", "hush")
      .update(created?.body ?? "")
      .digest("base64"),
  });
  expect(created?.json).toMatchObject({
    id,
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    total_price: "10.00",
  });
  expect(created?.headers["x-shopify-event-id"]).toBe(paid?.headers["x-shopify-event-id"]);
  expect(created?.headers["x-shopify-webhook-id"]).not.toBe(paid?.headers["x-shopify-webhook-id"]);
});

test("a refused webhook comes again with its original body, until it is taken", async () => {
  const { world, shop, webhooks, received } = await setUp({ answer: (nth) => (nth < 4 ? 500 : 200) });
  const customerId = addCustomer(world, shop);
  await webhooks.idle();
  await settled(world, webhooks);
  expect(received).toHaveLength(4);
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  expect(new Set(received.map(({ headers }) => headers["x-shopify-webhook-id"])).size).toBe(1);
  expect(received[0]?.json.id).toBe(customerId);
  const [delivery] = world.deliveries.values();
  expect(delivery?.status).toBe("DELIVERED");
  expect(delivery?.attempts.map(({ status }) => status)).toEqual([500, 500, 500, 200]);
});

test("after eight retries it is given up", async () => {
  const { world, shop, webhooks, received } = await setUp({ answer: () => 503 });
  addCustomer(world, shop);
  await settled(world, webhooks);
  expect(received).toHaveLength(9);
  expect([...world.deliveries.values()].map(({ status }) => status)).toEqual(["GIVEN_UP"]);
});

test("an answer that takes too long counts as none", async () => {
  const { world, shop, webhooks } = await setUp({
    answer: (nth) => (nth === 1 ? "never" : 200),
    timeoutMs: 100,
  });
  addCustomer(world, shop);
  await settled(world, webhooks);
  const [delivery] = world.deliveries.values();
  expect(delivery?.attempts.map(({ error }) => error)).toEqual(["no answer in time", null]);
});

test("retries wait by the world's clock", async () => {
  const { world, shop, webhooks, received } = await setUp({
    retryScale: 1,
    answer: (nth) => (nth === 1 ? 500 : 200),
  });
  addCustomer(world, shop);
  await webhooks.idle();
  expect(received).toHaveLength(1);
  moveClock(world, 61_000);
  await webhooks.idle();
  expect(received).toHaveLength(2);
});

test("chaos drops, doubles, delays and reorders", async () => {
  const { world, shop, webhooks, received } = await setUp();
  world.chaos.webhookDelayMs = 50;
  world.chaos.dropWebhook.next = 1;
  addCustomer(world, shop);
  await webhooks.idle();
  expect(received).toHaveLength(0);

  world.chaos.duplicateWebhook.next = 1;
  addCustomer(world, shop);
  await webhooks.idle();
  expect(received).toHaveLength(2);
  expect(received[0]?.headers["x-shopify-event-id"]).toBe(received[1]?.headers["x-shopify-event-id"]);
  expect(received[0]?.body).toBe(received[1]?.body);

  world.chaos.delayWebhook.next = 1;
  const delayed = addCustomer(world, shop);
  await webhooks.idle();
  expect(received[2]?.json.id).toBe(delayed);

  world.chaos.reorderWebhook.next = 1;
  const first = addCustomer(world, shop);
  const second = addCustomer(world, shop);
  await webhooks.idle();
  expect(received.slice(3).map(({ json }) => json.id)).toEqual([second, first]);
  expect([...world.deliveries.values()].map(({ chaos }) => chaos)).toEqual([
    ["dropped"],
    [],
    ["duplicate"],
    ["delayed"],
    ["reordered"],
    [],
  ]);
});

test("a reordered webhook that nothing overtakes still arrives", async () => {
  const { world, shop, webhooks, received } = await setUp({ reorderWaitMs: 30 });
  world.chaos.reorderWebhook.next = 1;
  addCustomer(world, shop);
  await webhooks.idle();
  expect(received).toHaveLength(1);
});

test("the same seed draws the same faults", async () => {
  const runs = [];
  for (let run = 0; run < 2; run += 1) {
    const { world, shop, webhooks } = await setUp();
    world.chaos.dropWebhook.probability = 0.5;
    for (let i = 0; i < 20; i += 1) addCustomer(world, shop);
    await webhooks.idle();
    runs.push([...world.deliveries.values()].map(({ chaos }) => chaos.join()));
  }
  expect(runs[0]).toEqual(runs[1]);
  expect(new Set(runs[0])).toEqual(new Set(["", "dropped"]));
});

test("a shop without the app gets nothing but the news of its end and of erasure", async () => {
  const { world, shop, webhooks, received } = await setUp();
  const customerId = addCustomer(world, shop);
  uninstallApp(world, shop);
  updateCustomer(world, shop, { customerId, firstName: "B" });
  await webhooks.idle();
  expect(received.map(({ headers }) => headers["x-shopify-topic"]).sort()).toEqual([
    "app/uninstalled",
    "customers/create",
  ]);
  moveClock(world, 49 * 3_600_000);
  await webhooks.idle();
  expect(received[2]?.headers["x-shopify-topic"]).toBe("shop/redact");
  expect(received[2]?.path).toBe("/compliance");
  expect(received[2]?.json).toEqual({ shop_id: shop.id, shop_domain: "tea.myshopify.com" });
});

test("a shop that has the app again keeps its data", async () => {
  const { world, shop, webhooks, received } = await setUp();
  uninstallApp(world, shop);
  installedAgain(shop);
  moveClock(world, 49 * 3_600_000);
  await webhooks.idle();
  expect(received.map(({ headers }) => headers["x-shopify-topic"])).toEqual(["app/uninstalled"]);
  redactShop(world, shop);
  await webhooks.idle();
  expect(received).toHaveLength(2);
});

function installedAgain(shop: ShopState): void {
  shop.installation = { installedAt: 0, scopes: [], accessTokens: new Map(), refreshTokens: new Map() };
}

test("a merge names who stays, whatever the order of the arguments", async () => {
  const { world, shop, webhooks, received } = await setUp();
  const one = addCustomer(world, shop);
  const two = addCustomer(world, shop);
  updateCustomer(world, shop, { customerId: one, state: "ENABLED" });
  await webhooks.idle();
  received.length = 0;
  mergeCustomers(world, shop, { customerOneId: one, customerTwoId: two });
  await webhooks.idle();
  const merge = received.find(({ headers }) => headers["x-shopify-topic"] === "customers/merge");
  expect(merge?.json).toMatchObject({
    admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${one}`,
    admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${two}`,
  });
});

test("a delivery of the log can be sent again", async () => {
  const { world, shop, webhooks, received } = await setUp();
  addCustomer(world, shop);
  await webhooks.idle();
  const [delivery] = world.deliveries.values();
  expect(webhooks.redeliver(delivery?.id ?? 0).ok).toBe(true);
  expect(webhooks.redeliver(99)).toMatchObject({ ok: false, reason: "not-found" });
  await webhooks.idle();
  expect(received.map(({ headers }) => headers["x-shopify-webhook-id"])).toEqual([
    delivery?.webhookId,
    delivery?.webhookId,
  ]);
});
