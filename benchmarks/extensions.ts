/**
 * What UI extensions weigh and how fast they are: bytes of each bundle, raw and compressed; the time from mounting to the first drawing in
 * the local Shopify's checkout and on its thank-you page, with the bundle fetched anew; and what the real server takes to answer them with a
 * million members, beside what it takes to verify a session token and say that there is no such action: alone, and at the same rate among the
 * others, where it waits behind them as they do. A hold waits for the local Shopify, which makes its code: what that takes by itself, asked
 * for by the same client at the same rate, is told, and the hold against both.
 * `npm run bench -- extensions [--members 1000000] [--rate 5] [--seconds 60] [--loads 30] [--database sqlite]`.
 */
import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";
import path from "node:path";
import { parseArgs } from "node:util";
import { codeFrom, type Grant } from "../app/core/loyalty/reward.ts";
import { openDatabase } from "../app/db/database.server.ts";
import { findShop } from "../app/db/stores/shops.server.ts";
import { createAdminClient } from "../app/shopify/admin-client.server.ts";
import { grantReward } from "../app/shopify/rewards/grant-reward.server.ts";
import { divert } from "../app/shopify/shopify-fetch.server.ts";
import { mintExtensionToken } from "../devstore/auth/session-token.ts";
import { startDevstore } from "../devstore/server.ts";
import { createCustomer, createProduct } from "../devstore/state/actions.ts";
import type { Result as Outcome } from "../devstore/state/result.ts";
import { setMetafields } from "../devstore/state/shop-actions.ts";
import { createShop, createWorld } from "../devstore/state/world.ts";
import { buildApp } from "../scripts/build-app.ts";
import { buildExtensions } from "../scripts/build-extensions.ts";
import { launchBrowser, openWindow } from "../tests/support/browser.ts";
import { customerOf } from "./proxy/members.ts";
import { prepareMembers, REWARD, startWeb } from "./proxy/programme.ts";
import { quantile, steadily, type Ask } from "./proxy/questions.ts";
import type { Result } from "./result.ts";
import type { ServedShop } from "./sync/messages.ts";
import { withServedShop } from "./with-served-shop.ts";

const { values: options } = parseArgs({
  options: {
    members: { type: "string", default: "1000000" },
    rate: { type: "string", default: "5" },
    seconds: { type: "string", default: "60" },
    loads: { type: "string", default: "30" },
    database: { type: "string", default: "sqlite" },
  },
});
const memberCount = Number(options.members);
const GRANTED = "write_discounts,write_customers";
const QUANTILES = [
  ["p50", 0.5],
  ["p99", 0.99],
] as const;

const results: Result[] = [];

function record(name: string, value: number, unit: "B" | "ms", floor: number | null): void {
  const rounded = (number: number) => Number(number.toFixed(unit === "ms" ? 2 : 0));
  const ratio = floor === null ? null : Number((value / floor).toFixed(2));
  const shownFloor = floor === null ? null : rounded(floor);
  results.push({ case: name, value: rounded(value), unit, floor: shownFloor, ratio });
  console.log(
    `${name}: ${rounded(value)} ${unit}${floor === null ? "" : `, floor ${shownFloor}, ratio ${ratio}`}`,
  );
}

async function measureBytes(): Promise<void> {
  for (const { handle, bytes, compressedBytes, mostBytes } of await buildExtensions(".")) {
    record(`${handle}: bytes`, bytes, "B", null);
    record(`${handle}: bytes compressed, of Shopify's bound`, compressedBytes, "B", mostBytes);
  }
}

function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

/** A shop of its own without our server: what extensions draw from metafields alone. */
async function measureDrawing(): Promise<void> {
  const world = createWorld({ seed: 1 });
  const shop = must(createShop(world, { domain: "drawing.myshopify.com", currency: "EUR" }));
  const product = must(createProduct(world, shop, { title: "Tea", variants: [{ priceMinor: 2000 }] }));
  const customer = must(createCustomer(world, shop, { email: "shopper@shop.example" }));
  const ownerId = `gid://shopify/Customer/${customer.id}`;
  const points = { namespace: "app--1000001", key: "points", type: "number_integer", value: "1250" };
  must(setMetafields(world, shop, [{ ownerId, ...points }]));
  const app = { clientId: "bench", clientSecret: "bench", appUrl: "http://localhost:9" };
  const tomlPath = path.resolve("shopify.app.toml");
  const devstore = await startDevstore({ port: 0, world, apps: [{ ...app, tomlPath }] });
  devstore.install(shop.domain);
  const browser = await launchBrowser();
  try {
    const { page } = await openWindow(browser);
    const times = new Map<string, number[]>();
    for (let load = 0; load < Number(options.loads); load++) {
      await page.goto(`${devstore.url}/account/login?shop=${shop.domain}`);
      const form = { customer_id: String(customer.id) };
      await page.request.post(`${devstore.url}/account/login`, { form });
      const data = { id: product.variantIds[0], quantity: 1 };
      await page.request.post(`${devstore.url}/cart/add.js`, { data });
      await page.goto(`${devstore.url}/checkout`);
      await page.waitForFunction(ALL_DRAWN);
      for (const found of await page.evaluate(DRAWINGS)) keepTime(times, found);
      await page.getByRole("button", { name: "Pay now" }).click();
      await page.waitForURL("**/thank-you/**");
      await page.waitForFunction(ALL_DRAWN);
      for (const found of await page.evaluate(DRAWINGS)) keepTime(times, found);
    }
    for (const [target, took] of times)
      for (const [name, share] of QUANTILES)
        record(`${target}: first drawing ${name}`, quantile(took, share), "ms", null);
  } finally {
    await browser.close();
    await devstore.stop();
  }
}

const ALL_DRAWN = () =>
  [...document.querySelectorAll("[data-extension]")].every(
    (each) => each.getAttribute("data-extension-state") === "rendered",
  );
const DRAWINGS = () =>
  [...document.querySelectorAll("[data-extension]")].map((each) => ({
    target: each.getAttribute("data-extension-target") ?? "",
    ms: Number(each.getAttribute("data-extension-ms")),
  }));

function keepTime(times: Map<string, number[]>, { target, ms }: { target: string; ms: number }): void {
  times.set(target, [...(times.get(target) ?? []), ms]);
}

type Kind = "account" | "code" | "hold" | "redeem" | "token";
const KINDS: readonly Kind[] = ["token", "account", "hold", "redeem", "code"];

/** Makes codes at the local Shopify as the server does, without it. */
function codeMaker({ domain, token, env }: ServedShop, customerId: number): () => Promise<void> {
  const origin = env["DEMO_SHOPIFY_ORIGIN"] ?? "";
  const client = createAdminClient({
    ...{ shopDomain: domain, priority: "interactive", accessToken: token },
    fetch: (input, init) => fetch(...divert(input, init, origin)),
  });
  return async () => {
    const now = Date.now();
    const grant: Grant = {
      ...{ name: "5 off", code: codeFrom(randomBytes(12)), customerId, currency: "GBP", minimumMinor: null },
      ...{ gives: { kind: "amount-off", valueMinor: 500 }, startsAt: now, expiresAt: now + 60 * 86_400_000 },
      ...{ expiresOn: "2100-01-01", combinesWith: { order: false, product: false, shipping: false } },
    };
    const granted = await grantReward(client, grant, { isFirst: true });
    if (!granted.ok) throw new Error(granted.reason);
  };
}

/** Shopify makes codes for customers that it has: they are the first members. */
async function lendMembers(url: string, { domain }: ServedShop, customers: readonly number[]): Promise<void> {
  const db = await openDatabase(url, { subjectKeys: [] });
  try {
    const shop = await findShop(db, domain);
    if (!shop) throw new Error("the shop was not synced");
    const links = customers.map((customerId, index) => ({
      shopId: shop.id,
      memberId: 1 + index,
      customerId,
    }));
    await db.write(async ({ prisma }) => {
      await prisma.memberLink.deleteMany({ where: { shopId: shop.id, memberId: { lte: links.length } } });
      await prisma.memberLink.createMany({ data: links });
    });
  } finally {
    await db.close();
  }
}

function askerAt(address: string, shop: ServedShop, customers: readonly number[]): Ask<Kind> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const { port } = new URL(address);
  const credentials = {
    clientId: shop.env["SHOPIFY_API_KEY"] ?? "",
    clientSecret: shop.env["SHOPIFY_API_SECRET"] ?? "",
  };
  const makeCode = codeMaker(shop, customers[0] ?? 0);
  let count = 0;
  return async (kind) => {
    count += 1;
    if (kind === "code") {
      const began = performance.now();
      await makeCode();
      return performance.now() - began;
    }
    const among = memberCount - customers.length;
    const anybody = customerOf(1 + customers.length + ((count * 7_919) % among));
    const customerId = kind === "hold" ? (customers[count % customers.length] ?? 0) : anybody;
    const headers = {
      Authorization: `Bearer ${mintExtensionToken(credentials, shop.domain, customerId)}`,
      "Content-Type": "application/json",
      Origin: "null",
      "X-Forwarded-For": `2001:db8::${(count % 0xffff).toString(16)}`,
    };
    const key = `bench-key-${count}`;
    const wish = { reward: REWARD, key, locale: "en", ...(kind === "hold" && { currency: "GBP" }) };
    const body = kind === "account" ? { locale: "en" } : wish;
    const where = `/ui/${kind === "token" ? "nothing" : kind}`;
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const asked = request(
        { port, host: "127.0.0.1", path: where, method: "POST", agent, headers },
        (answer) => {
          let text = "";
          answer.on("data", (part: Buffer) => (text += part.toString()));
          answer.on("end", () => {
            const took = performance.now() - startedAt;
            const isGood =
              kind === "token"
                ? answer.statusCode === 404
                : text.startsWith('{"ok":true') && (kind !== "hold" || !text.includes('"pending":true'));
            if (isGood) resolve(took);
            else reject(new Error(`${kind}: ${answer.statusCode} ${text}`));
          });
        },
      );
      asked.on("error", reject);
      asked.end(JSON.stringify(body));
    });
  };
}

async function measureBackend(database: string, url: string, shop: ServedShop): Promise<void> {
  const customers = await prepareMembers(url, shop, memberCount, GRANTED);
  await lendMembers(url, shop, customers);
  const web = await startWeb(shop.env, url);
  try {
    const ask = askerAt(web.address, shop, customers);
    // The first ones compile.
    await steadily(KINDS, ask, Number(options.rate), 3);
    const alone = await steadily(["token"], ask, Number(options.rate), Number(options.seconds));
    const times = await steadily(KINDS, ask, Number(options.rate), Number(options.seconds));
    for (const [name, share] of QUANTILES) {
      const only = quantile(alone.get("token") ?? [], share);
      const among = quantile(times.get("token") ?? [], share);
      record(`${database}: token alone ${name}`, only, "ms", null);
      record(`${database}: token among the others ${name}`, among, "ms", only);
      for (const kind of ["account", "hold", "redeem"] as const)
        record(`${database}: ${kind} ${name}`, quantile(times.get(kind) ?? [], share), "ms", among);
      const made = quantile(times.get("code") ?? [], share);
      record(`${database}: a code at the local Shopify ${name}`, made, "ms", null);
      const held = quantile(times.get("hold") ?? [], share);
      record(`${database}: hold ${name}, against token and code`, held, "ms", among + made);
    }
  } finally {
    await web.stop();
  }
}

await buildApp();
await measureBytes();
await measureDrawing();
await withServedShop(
  { name: "extensions", databases: options.database.split(","), env: { ORDERS: "1500", GRANTED } },
  measureBackend,
);
console.log(JSON.stringify({ name: "extensions", results }));
