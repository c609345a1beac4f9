/**
 * How long after an order shoppers see what became of it: from the order at Shopify, over its webhook, the order's fetching, the points and
 * recommendations, to the customer's metafields, with one order a second on Shopify's smallest plan (100 points a second). The app is the
 * built one with pages and worker in a process of its own; the local Shopify is this one. What is asked is a p95 below five seconds.
 * `npm run bench -- publish [--seconds 600] [--every 1000] [--orders 5000] [--database sqlite]`.
 */
import { fork, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { templateRules } from "../app/core/loyalty/programme-templates.ts";
import { openDatabase } from "../app/db/database.server.ts";
import { migrateDatabase } from "../app/db/migrate.server.ts";
import { addMembers } from "../app/db/stores/members.server.ts";
import { addProgrammeVersion, saveProgramme } from "../app/db/stores/programmes.server.ts";
import { changeShop, findShop } from "../app/db/stores/shops.server.ts";
import { saveStorefront } from "../app/db/stores/storefronts.server.ts";
import { generateHistory } from "../devstore/history/generate.ts";
import { startDevstore } from "../devstore/server.ts";
import { createOrder } from "../devstore/state/actions.ts";
import { fillShop } from "../devstore/state/fill.ts";
import type { ShopState } from "../devstore/state/model.ts";
import { createShop, createWorld } from "../devstore/state/world.ts";
import { buildApp } from "../scripts/build-app.ts";
import { freePort } from "../scripts/free-port.ts";
import { startLocalPostgres, type LocalPostgres } from "../scripts/local-postgres.ts";
import type { Result } from "./result.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "600" },
    every: { type: "string", default: "1000" },
    orders: { type: "string", default: "5000" },
    database: { type: "string", default: "sqlite" },
  },
});
const EVERY_MS = Number(options.every);
const COUNT = Math.round((Number(options.seconds) * 1000) / EVERY_MS);
const ASKED_P95_MS = 5_000;
/** Not published by then counts as lost. */
const LOST_AFTER_MS = 120_000;
const LOOK_MS = 10;
/** Before what is measured: the first ones compile, and fill what is kept in memory. */
const WARM_UP = 10;
const ROOT = path.resolve(import.meta.dirname, "..");
const DOMAIN = "bench-publish.myshopify.com";
const CLIENT = { clientId: "bench-client", clientSecret: "bench-secret" };
const SCOPES = ["write_customers", "write_products"];

const results: Result[] = [];

function record(name: string, value: number, unit: string, floor: number | null = null): void {
  results.push({
    ...{ case: name, value: Math.round(value), unit, floor },
    ratio: floor && Number((value / floor).toFixed(2)),
  });
  console.log(`${name}: ${Math.round(value)} ${unit}${floor === null ? "" : ` of ${floor} asked at most`}`);
}

async function prepare(databaseUrl: string, env: Record<string, string>, token: string): Promise<void> {
  await migrateDatabase(databaseUrl);
  const sync = fork(path.join(ROOT, "benchmarks/sync/sync-shop.ts"), {
    env: { ...process.env, ...env, SHOP_DOMAIN: DOMAIN, SHOP_TOKEN: token },
  });
  await once(sync, "exit");
  const db = await openDatabase(databaseUrl, { subjectKeys: [] });
  try {
    const shop = await findShop(db, DOMAIN);
    if (!shop) throw new Error("the shop was not synced");
    const customers = await db.prisma.customer.findMany({ where: { shopId: shop.id }, select: { id: true } });
    await db.write(async (tx) => {
      await changeShop(tx, shop.id, { scopes: `${shop.scopes},${SCOPES.join(",")}` });
      await saveProgramme(tx, shop.id, { state: "running", membership: "automatic", startedAt: 0 });
      await addProgrammeVersion(tx, shop.id, 0, templateRules("steady", shop.currency));
      const ids = customers.map(({ id }) => Number(id));
      await addMembers(tx, shop.id, ids, 0);
      await saveStorefront(tx, shop.id, { state: "on", startedAt: Date.now() });
    });
  } finally {
    await db.close();
  }
}

/** What stands in a customer's own metafields about points. */
function publishedPoints(shop: ShopState, customerId: number): string {
  const fields = shop.metafields.get(`gid://shopify/Customer/${customerId}`)?.values() ?? [];
  return [...fields]
    .flatMap(({ key, value }) => (/^(points|pending)$/.test(key) ? `${key}=${value}` : []))
    .join();
}

/** How long it took until the customer's metafields had changed; `null`: it never happened. */
async function timeToPublish(shop: ShopState, customerId: number, before: string): Promise<number | null> {
  const startedAt = performance.now();
  while (publishedPoints(shop, customerId) === before) {
    if (performance.now() - startedAt > LOST_AFTER_MS) return null;
    await sleep(LOOK_MS);
  }
  return performance.now() - startedAt;
}

const quantile = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;

async function measure(database: string, databaseUrl: string): Promise<void> {
  const world = createWorld({ seed: 1 });
  const orders = Number(options.orders);
  const history = generateHistory({ seed: 1, orders, customers: Math.round(orders * 0.4) });
  const { name, currency, timeZone, countryCode, taxesIncluded } = history.shop;
  const facts = {
    domain: DOMAIN,
    name,
    currency,
    timeZone,
    countryCode,
    taxesIncluded,
    plan: "basic",
  } as const;
  const made = createShop(world, facts);
  if (!made.ok) throw new Error(made.reason);
  const shop = made.value;
  fillShop(world, DOMAIN, history);
  const port = await freePort();
  const appUrl = `http://localhost:${port}`;
  const app = { ...CLIENT, appUrl, tomlPath: path.join(ROOT, "shopify.app.toml") };
  const devstore = await startDevstore({ port: 0, world, apps: [app] });
  devstore.install(DOMAIN);
  shop.installation?.scopes.push(...SCOPES);
  const token = `shpat_${randomUUID()}`;
  shop.installation?.accessTokens.set(token, { expiresAt: null });
  const env: Record<string, string> = {
    NODE_ENV: "production",
    DATABASE_URL: databaseUrl,
    SHOPIFY_API_KEY: CLIENT.clientId,
    SHOPIFY_API_SECRET: CLIENT.clientSecret,
    SHOPIFY_APP_URL: appUrl,
    ENCRYPTION_KEYS: `bench:${Buffer.alloc(32, 3).toString("base64")}`,
    DEMO_SHOPIFY_ORIGIN: devstore.url,
    LOG_LEVEL: "error",
  };
  await prepare(databaseUrl, env, token);
  const server = spawn(process.execPath, [path.join(ROOT, "server.ts")], {
    cwd: ROOT,
    env: { ...process.env, ...env, PORT: String(port), PERENNIAL_ROLES: "web,worker" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(server, "exit");
  try {
    await untilReady(appUrl, () => server.exitCode !== null);
    const customers = [...shop.customers.keys()];
    const variants = [...shop.variants.keys()];
    const asked: Promise<number | null>[] = [];
    const startedAt = performance.now();
    for (let index = 0; index < WARM_UP + COUNT; index++) {
      const early = startedAt + index * EVERY_MS - performance.now();
      if (early > 0) await sleep(early);
      const customerId = customers[(index * 7) % customers.length] ?? 0;
      const before = publishedPoints(shop, customerId);
      const lines = [{ variantId: variants[(index * 13) % variants.length] ?? 0, quantity: 1 + (index % 3) }];
      const placed = createOrder(world, shop, { customerId, lines });
      if (!placed.ok) throw new Error(placed.message);
      asked.push(timeToPublish(shop, customerId, before));
    }
    const times = (await Promise.all(asked)).slice(WARM_UP);
    const published = times.filter((time) => time !== null);
    record(`${database}: order to metafield p50`, quantile(published, 0.5), "ms");
    record(`${database}: order to metafield p95`, quantile(published, 0.95), "ms", ASKED_P95_MS);
    record(`${database}: order to metafield longest`, Math.max(...published), "ms");
    record(`${database}: orders`, times.length, "orders");
    record(`${database}: not published`, times.length - published.length, "orders");
  } finally {
    server.kill("SIGTERM");
    await ended;
    await devstore.stop();
  }
}

async function untilReady(appUrl: string, hasEnded: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(100)) {
    if (hasEnded()) throw new Error("the server has ended");
    const answer = await fetch(`${appUrl}/readyz`).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
  }
  throw new Error("the server did not get ready");
}

await buildApp();
const folder = mkdtempSync(path.join(tmpdir(), "perennial-bench-publish-"));
let postgres: LocalPostgres | undefined;
try {
  for (const database of options.database.split(",")) {
    if (database === "sqlite") await measure(database, `file:${path.join(folder, "bench.db")}`);
    else {
      postgres = await startLocalPostgres({ durable: true });
      await measure(database, await postgres.create("publish"));
    }
  }
} finally {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}
console.log(JSON.stringify({ name: "publish", results }));
