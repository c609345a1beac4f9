/** A local Shopify with one generated shop of ORDERS orders, in a process of its own so that its memory is not the app's. */
import { randomUUID } from "node:crypto";
import path from "node:path";
import { generateHistory } from "../../devstore/history/generate.ts";
import { startDevstore } from "../../devstore/server.ts";
import { fillShop } from "../../devstore/state/fill.ts";
import { createShop, createWorld } from "../../devstore/state/world.ts";
import type { ServedShop } from "./messages.ts";
import { serveResultsApart } from "./serve-results-apart.ts";

const DOMAIN = "bench.myshopify.com";
const CLIENT = { clientId: "bench-client", clientSecret: "bench-secret" };

const orders = Number(process.env["ORDERS"]);
const world = createWorld({ seed: 1 });
const history = generateHistory({ seed: 1, orders, customers: Math.round(orders * 0.4) });
const { name, currency, timeZone, countryCode, taxesIncluded } = history.shop;
const made = createShop(world, {
  domain: DOMAIN,
  name,
  currency,
  timeZone,
  countryCode,
  taxesIncluded,
  plan: "plus",
});
if (!made.ok) throw new Error(made.reason);
fillShop(world, DOMAIN, history);

const devstore = await startDevstore({
  port: 0,
  serveResults: serveResultsApart,
  world,
  apps: [{ ...CLIENT, appUrl: "http://localhost:9", tomlPath: path.resolve("shopify.app.toml") }],
});
devstore.install(DOMAIN);
// Optional scopes that a benchmark needs.
world.shops
  .get(DOMAIN)
  ?.installation?.scopes.push(...(process.env["GRANTED"] ?? "").split(",").filter(Boolean));
const token = `shpat_${randomUUID()}`;
world.shops.get(DOMAIN)?.installation?.accessTokens.set(token, { expiresAt: null });

const served: ServedShop = {
  domain: DOMAIN,
  token,
  env: {
    NODE_ENV: "production",
    SHOPIFY_API_KEY: CLIENT.clientId,
    SHOPIFY_API_SECRET: CLIENT.clientSecret,
    SHOPIFY_APP_URL: "http://localhost:9",
    ENCRYPTION_KEYS: `bench:${Buffer.alloc(32, 3).toString("base64")}`,
    DEMO_SHOPIFY_ORIGIN: devstore.url,
    LOG_LEVEL: "warn",
  },
};
process.send?.(served);
process.on("SIGTERM", () => process.exit());
