import { mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { createCustomer, createOrder, createProduct, refundOrder } from "./actions.ts";
import { createDiscount } from "./discounts.ts";
import { listen } from "./events.ts";
import { createGiftCard } from "./gift-cards.ts";
import type { ShopState, World } from "./model.ts";
import { loadWorld, replaceWorld, saveWorld } from "./persistence.ts";
import { placeOrder } from "./place-order.ts";
import { setMetafields, uninstallApp } from "./shop-actions.ts";
import { creditAccount } from "./store-credit.ts";
import { createShop, createWorld } from "./world.ts";

function newFile(): string {
  return path.join(mkdtempSync(path.join(tmpdir(), "devstore-")), "state", "world.ndjson.gz");
}

function fullWorld(orders = 3): { world: World; shop: ShopState } {
  const world = createWorld({ seed: 3, clockOffsetMs: 86_400_000 });
  const made = createShop(world, { domain: "tea", currency: "JPY" });
  if (!made.ok) throw new Error(made.message);
  const shop = made.value;
  shop.installation = {
    installedAt: 1,
    scopes: ["read_orders"],
    accessTokens: new Map([["shpat_1", { expiresAt: 5 }]]),
    refreshTokens: new Map([["shprt_1", { expiresAt: 9, usedAt: null }]]),
  };
  const customer = createCustomer(world, shop, { firstName: "Ana", tags: ["vip"] });
  if (!customer.ok) throw new Error(customer.message);
  createProduct(world, shop, { title: "Tea", variants: [{ priceMinor: 100 }] });
  for (let i = 0; i < orders; i += 1) {
    const lines = [{ title: "Tea", unitPriceMinor: 100 + i, quantity: 2 }];
    const order = createOrder(world, shop, { lines, customerId: customer.value.id });
    if (!order.ok) throw new Error(order.message);
    const [line] = order.value.lines;
    refundOrder(world, shop, { orderId: order.value.id, lines: [{ lineId: line?.id ?? 0, quantity: 1 }] });
  }
  const ownerId = `gid://shopify/Customer/${customer.value.id}`;
  setMetafields(world, shop, [{ ownerId, namespace: "n", key: "k", type: "boolean", value: "true" }]);
  addRewards(world, shop, customer.value.id);
  world.chaos.answer429 = { probability: 0.25, next: 2 };
  const gone = createShop(world, { domain: "gone" });
  if (!gone.ok) throw new Error(gone.message);
  gone.value.installation = { ...shop.installation, accessTokens: new Map(), refreshTokens: new Map() };
  uninstallApp(world, gone.value);
  return { world, shop };
}

/** A discount that an order used, a gift card, store credit. */
function addRewards(world: World, shop: ShopState, customerId: number): void {
  createDiscount(world, shop, {
    code: "TEN",
    title: "Ten",
    startsAt: 0,
    endsAt: null,
    usageLimit: 1,
    appliesOncePerCustomer: true,
    customerIds: [customerId],
    minimum: null,
    combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: true },
    gives: { kind: "percentage", percentage: 0.1 },
    items: null,
  });
  const lines = [{ title: "Tea", unitPriceMinor: 100, quantity: 2 }];
  const order = placeOrder(world, shop, { lines, customerId, codes: ["TEN"] });
  if (!order.ok) throw new Error(order.message);
  createGiftCard(world, shop, { amountMinor: 100, customerId, expiresOn: "2999-01-01" });
  creditAccount(world, shop, { account: { customerId }, amountMinor: 5 });
}

test("a saved world comes back as it was, tokens and chaos included", async () => {
  const { world } = fullWorld();
  const file = newFile();
  await saveWorld(world, file);
  const loaded = await loadWorld(file);
  const [shop] = loaded.shops.values();
  expect([shop?.discounts.size, shop?.giftCards.size, shop?.storeCreditAccounts.size]).toEqual([1, 1, 1]);
  expect(loaded).toEqual(world);
  expect(readdirSync(path.dirname(file))).toEqual(["world.ndjson.gz"]);
});

test("a world larger than one piece comes back whole", async () => {
  const { world } = fullWorld(2500);
  const file = newFile();
  await saveWorld(world, file);
  expect(await loadWorld(file)).toEqual(world);
});

test("a file from before there were ids of a kind goes on from their first", async () => {
  const { world } = fullWorld();
  const file = newFile();
  Reflect.deleteProperty(world.ids, "giftCard");
  await saveWorld(world, file);
  expect((await loadWorld(file)).ids.giftCard).toBe(createWorld().ids.giftCard);
});

test("a save is of one moment, even where orders keep coming", async () => {
  const { world, shop } = fullWorld(2500);
  const file = newFile();
  const saving = saveWorld(world, file);
  const lines = [{ title: "Tea", unitPriceMinor: 100, quantity: 1 }];
  const timer = setInterval(() => createOrder(world, shop, { lines }), 1);
  await saving;
  clearInterval(timer);
  const loaded = (await loadWorld(file)).shops.get(shop.domain);
  expect(loaded?.orders.size).toBeGreaterThan(2500);
  expect(loaded?.nextOrderNumber).toBe(1001 + (loaded?.orders.size ?? 0));
});

test("a cut or missing file is refused, and the one before it stays", async () => {
  const { world } = fullWorld();
  const file = newFile();
  await saveWorld(world, file);
  const whole = readFileSync(file);
  truncateSync(file, whole.length - 200);
  await expect(loadWorld(file)).rejects.toThrow();
  await expect(loadWorld(`${file}.not`)).rejects.toThrow("ENOENT");
  writeFileSync(file, whole);
  expect((await loadWorld(file)).shops.size).toBe(2);
});

test("a loaded world takes the place of the running one", async () => {
  const { world } = fullWorld();
  const file = newFile();
  await saveWorld(world, file);
  const running = createWorld();
  let told = 0;
  listen(running, { replaced: () => (told += 1) });
  replaceWorld(running, await loadWorld(file));
  expect(running).toEqual(world);
  expect(told).toBe(1);
});
