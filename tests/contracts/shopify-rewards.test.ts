/** Rewards at Shopify: each is made whole, once, whatever becomes of the answers, and every refusal says what to do next. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Grant, RewardGives } from "../../app/core/loyalty/reward.ts";
import { createAdminClient, type AdminClient } from "../../app/shopify/admin-client.server.ts";
import { endDiscountCode, findDiscountCode } from "../../app/shopify/rewards/discount-codes.server.ts";
import { endGiftCard, findGiftCard } from "../../app/shopify/rewards/gift-cards.server.ts";
import { grantReward } from "../../app/shopify/rewards/grant-reward.server.ts";
import { missingScopes } from "../../app/shopify/rewards/reward-scopes.ts";
import { findStoreCredit } from "../../app/shopify/rewards/store-credit.server.ts";
import { shopifyFetch } from "../../app/shopify/shopify-fetch.server.ts";
import { deployFunctions, functionsOf } from "../../devstore/functions/deployed.ts";
import * as actions from "../../devstore/state/actions.ts";
import type { CustomerState, ProductState, ShopState } from "../../devstore/state/model.ts";
import { placeOrder, priceOrder } from "../../devstore/state/place-order.ts";
import { creditAccount } from "../../devstore/state/store-credit.ts";
import { createShop } from "../../devstore/state/world.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { value } from "../support/open-shop.ts";

const DAY = 86_400_000;
const SCOPES = [
  "write_customers", "write_discounts", "write_gift_cards", "read_store_credit_accounts",
  "write_store_credit_account_transactions",
]; // prettier-ignore

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

let count = 0;
let shop: ShopState;
let product: ProductState;
let customer: CustomerState;
let client: AdminClient;
/** Strikes the next mutation, not the questions before it. */
let beforeMutation: () => void;

beforeEach(() => {
  openShopIn("USD");
});

function openShopIn(currency: string): void {
  count += 1;
  shop = value(createShop(local.world, { domain: `rewards-${count}`, plan: "plus", currency }));
  const variants = [{ priceMinor: 1234 }];
  product = value(actions.createProduct(local.world, shop, { title: "Tea", variants }));
  customer = value(actions.createCustomer(local.world, shop, { firstName: "Ann" }));
  local.devstore.install(shop.domain);
  shop.installation?.scopes.push(...SCOPES);
  shop.installation?.accessTokens.set("token", { expiresAt: null });
  beforeMutation = () => undefined;
  client = createAdminClient({
    shopDomain: shop.domain,
    accessToken: "token",
    fetch: (input, init) => {
      if (typeof init?.body === "string" && init.body.includes("mutation")) beforeMutation();
      return shopifyFetch(input, init);
    },
  });
}

function grantOf(gives: RewardGives, more: Partial<Grant> = {}): Grant {
  count += 1;
  const startsAt = Math.floor(Date.now() / 1000) * 1000;
  const expiresAt = startsAt + 30 * DAY + count * 1000;
  return {
    name: "A reward",
    gives,
    minimumMinor: 2000,
    combinesWith: { order: false, product: true, shipping: true },
    code: `PRN7K2M${count}WXYZ`,
    customerId: customer.id,
    currency: shop.currency,
    startsAt,
    expiresAt,
    expiresOn: new Date(expiresAt).toISOString().slice(0, 10),
    ...more,
  };
}

const KINDS: [string, () => RewardGives][] = [
  ["amount-off", () => ({ kind: "amount-off", valueMinor: 550 })],
  ["amounts by currency", () => ({ kind: "amount-off", valueMinor: 550, amounts: { EUR: 500 } })],
  ["percentage", () => ({ kind: "percentage", percent: 12.5 })],
  ["free-shipping", () => ({ kind: "free-shipping" })],
  ["free-product", () => ({ kind: "free-product", variantId: product.variantIds[0] ?? 0 })],
  ["gift-card", () => ({ kind: "gift-card", valueMinor: 2500 })],
  ["store-credit", () => ({ kind: "store-credit", valueMinor: 700 })],
];

/** How many things there are at Shopify that a reward may be. */
function made(): number {
  const credits = [...shop.storeCreditAccounts.values()].flatMap(({ transactions }) => transactions);
  return shop.discounts.size + shop.giftCards.size + credits.length;
}

describe.each(KINDS)("%s", (_, gives) => {
  test("is made once, though the answer is cut and it is asked for again and again", async () => {
    const grant = grantOf(gives());
    beforeMutation = () => (local.world.chaos.cutAnswerAfterWork.next = 1);
    await expect(grantReward(client, grant)).rejects.toMatchObject({ name: "ShopifyError", retry: "later" });
    expect(made()).toBe(1);
    beforeMutation = () => undefined;
    const again = await grantReward(client, grant);
    expect(again).toMatchObject({ ok: true });
    expect(await grantReward(client, grant)).toEqual(again);
    expect(made()).toBe(1);
    expect(await grantReward(client, grantOf(gives()))).toMatchObject({ ok: true });
    expect(made()).toBe(2);
  });

  test("waits out Shopify's bad minutes, and says so of those that last", async () => {
    const grant = grantOf(gives());
    beforeMutation = () => (local.world.chaos.answer500.next = 1);
    await expect(grantReward(client, grant)).rejects.toMatchObject({ kind: "server", retry: "later" });
    expect(made()).toBe(0);
    beforeMutation = () => undefined;
    expect(await grantReward(client, grant)).toMatchObject({ ok: true });
    expect(made()).toBe(1);
  });

  test("is a value where the scope is missing, or where the customer is gone", async () => {
    const grant = grantOf(gives());
    expect(missingScopes({ scopes: SCOPES.join(",") }, grant.gives.kind)).toEqual([]);
    expect(missingScopes({ scopes: "read_orders" }, grant.gives.kind).length).toBeGreaterThan(0);
    const scopes = shop.installation?.scopes ?? [];
    const all = scopes.splice(0, scopes.length, "read_orders", "read_products", "read_customers");
    expect(await grantReward(client, grant)).toEqual({ ok: false, reason: "scope-missing" });
    scopes.splice(0, scopes.length, ...all);
    expect(await grantReward(client, { ...grant, customerId: 1 })).toMatchObject({
      ok: false,
      reason: "refused",
    });
    expect(made()).toBe(0);
  });
});

test("a code is for its customer, at its minimum, once, between its times, with the discounts that it allows", async () => {
  const grant = grantOf({ kind: "amount-off", valueMinor: 550 });
  await grantReward(client, grant);
  const [discount] = shop.discounts.values();
  expect(discount).toMatchObject({
    code: grant.code,
    title: "A reward",
    customerIds: [customer.id],
    minimum: { kind: "subtotal", subtotalMinor: 2000 },
    usageLimit: 1,
    appliesOncePerCustomer: true,
    startsAt: grant.startsAt,
    endsAt: grant.expiresAt,
    gives: { kind: "amount", amountMinor: 550, onEachItem: false },
    combinesWith: { orderDiscounts: false, productDiscounts: true, shippingDiscounts: true },
  });
  expect(await findDiscountCode(client, grant.code)).toMatchObject({ usageCount: 0, isOver: false });
  const lines = [{ variantId: product.variantIds[0] ?? 0, quantity: 2 }];
  const order = { lines, customerId: customer.id, codes: [grant.code] };
  value(placeOrder(local.world, shop, order));
  expect(await findDiscountCode(client, grant.code.toLowerCase())).toMatchObject({ usageCount: 1 });
  expect(placeOrder(local.world, shop, order)).toMatchObject({ ok: false });
});

test("an amount is each market's own where the merchant named it, and nothing where not", async () => {
  const grant = grantOf({ kind: "amount-off", valueMinor: 550, amounts: { EUR: 500, JPY: 900 } });
  await grantReward(client, grant);
  const [discount] = shop.discounts.values();
  expect(discount?.gives).toMatchObject({ kind: "function", handle: "points-discount" });
  expect(await findDiscountCode(client, grant.code)).toMatchObject({ usageCount: 0, isOver: false });
  const lines = [{ variantId: product.variantIds[0] ?? 0, quantity: 2 }];
  const priced = (currency: string, rate: number, of = lines) =>
    priceOrder(local.world, shop, {
      ...{ lines: of, codes: [grant.code], customerId: customer.id, shippingMinor: 0, at: Date.now() },
      presentment: { currency, rate },
    });
  const off = (currency: string, rate: number) =>
    value(priced(currency, rate)).uses[0]?.lineMinor.reduce((sum, minor) => sum + minor, 0);
  expect(off("USD", 1)).toBe(550);
  // 5.00 and 900 of theirs, at the day's rate.
  expect(off("EUR", 0.8)).toBe(625);
  expect(off("JPY", 150)).toBe(600);
  expect(priced("CHF", 0.9)).toMatchObject({ ok: false });
  // The minimum is the shop's, as Shopify's own discounts have it.
  expect(priced("EUR", 0.8, [{ ...(lines[0] ?? { variantId: 0 }), quantity: 1 }])).toMatchObject({
    ok: false,
  });
  const order = value(placeOrder(local.world, shop, { lines, customerId: customer.id, codes: [grant.code] }));
  expect(order.lines[0]?.discountMinor).toBe(550);
  expect(await findDiscountCode(client, grant.code)).toMatchObject({ usageCount: 1 });
});

test("amounts by currency are Shopify's own discount where the app has no function", async () => {
  const functions = functionsOf(local.world);
  deployFunctions(local.world, []);
  try {
    const grant = grantOf({ kind: "amount-off", valueMinor: 550, amounts: { EUR: 500 } });
    const granted = await grantReward(client, grant);
    expect([...shop.discounts.values()][0]?.gives).toEqual({
      ...{ kind: "amount", amountMinor: 550, onEachItem: false },
    });
    deployFunctions(local.world, functions);
    // Deployed meanwhile: what was made stays.
    expect(await grantReward(client, grant)).toEqual(granted);
  } finally {
    deployFunctions(local.world, functions);
  }
});

test("a free product is one unit, however many are in the cart", async () => {
  const [variantId = 0] = product.variantIds;
  const grant = grantOf({ kind: "free-product", variantId }, { minimumMinor: null });
  await grantReward(client, grant);
  const lines = [{ variantId, quantity: 3 }];
  const order = value(placeOrder(local.world, shop, { lines, customerId: customer.id, codes: [grant.code] }));
  expect(order.lines[0]?.discountMinor).toBe(1234);
  value(actions.deleteProduct(local.world, shop, { productId: product.id }));
  const gone = await grantReward(client, grantOf({ kind: "free-product", variantId }));
  expect(gone).toEqual({ ok: false, reason: "refused", codes: ["PRODUCT_NOT_FOUND"] });
});

test("a code that is ended cannot be used, and ending it again changes nothing", async () => {
  const grant = grantOf({ kind: "percentage", percent: 10 }, { minimumMinor: null });
  const granted = await grantReward(client, grant);
  if (!granted.ok) throw new Error(granted.reason);
  beforeMutation = () => (local.world.chaos.cutAnswerAfterWork.next = 1);
  await expect(endDiscountCode(client, granted.shopifyId)).rejects.toMatchObject({ retry: "later" });
  beforeMutation = () => undefined;
  await endDiscountCode(client, granted.shopifyId);
  await endDiscountCode(client, 1);
  expect(await findDiscountCode(client, grant.code)).toMatchObject({ isOver: true, usageCount: 0 });
  const lines = [{ variantId: product.variantIds[0] ?? 0, quantity: 2 }];
  expect(
    placeOrder(local.world, shop, { lines, customerId: customer.id, codes: [grant.code] }),
  ).toMatchObject({
    ok: false,
  });
  expect(await findDiscountCode(client, "NOBODYS")).toBeNull();
});

test("a gift card is its customer's, until its day, and can be ended", async () => {
  const grant = grantOf({ kind: "gift-card", valueMinor: 2500 });
  const granted = await grantReward(client, grant);
  expect([...shop.giftCards.values()]).toMatchObject([
    {
      code: grant.code.toLowerCase(),
      customerId: customer.id,
      initialMinor: 2500,
      expiresOn: grant.expiresOn,
    },
  ]);
  expect(await findGiftCard(client, grant)).toMatchObject({ isEnabled: true, isWhole: true });
  if (granted.ok) await endGiftCard(client, granted.shopifyId);
  expect(await findGiftCard(client, grant)).toMatchObject({ isEnabled: false });
});

test("store credit is told from the merchant's own, and found among many", async () => {
  const grant = grantOf({ kind: "store-credit", valueMinor: 700 });
  const account = { customerId: customer.id };
  value(creditAccount(local.world, shop, { account, amountMinor: 700 }));
  value(creditAccount(local.world, shop, { account, amountMinor: 700, expiresAt: grant.expiresAt + 1000 }));
  value(creditAccount(local.world, shop, { account, amountMinor: 701, expiresAt: grant.expiresAt }));
  expect(await findStoreCredit(client, grant)).toBeNull();
  const granted = await grantReward(client, grant);
  for (let more = 0; more < 60; more += 1)
    value(creditAccount(local.world, shop, { account, amountMinor: 700 }));
  expect(await grantReward(client, grant)).toEqual(granted);
});

test.each([
  ["JPY", 550],
  ["KWD", 1550],
])("money is exact in %s", async (currency, valueMinor) => {
  openShopIn(currency);
  await grantReward(client, grantOf({ kind: "amount-off", valueMinor }));
  await grantReward(client, grantOf({ kind: "gift-card", valueMinor }));
  await grantReward(client, grantOf({ kind: "store-credit", valueMinor }));
  expect([...shop.discounts.values()][0]?.gives).toMatchObject({ amountMinor: valueMinor });
  expect([...shop.giftCards.values()][0]?.initialMinor).toBe(valueMinor);
  expect([...shop.storeCreditAccounts.values()][0]?.transactions[0]?.amountMinor).toBe(valueMinor);
});
