/**
 * The local Shopify beside the benchmark's app, in a process of its own: it knows the customers of the filled shop by name, because
 * pages ask for them, and where BUSY_ORDERS says so a second shop with a whole history, for a sync to bring in.
 */
import path from "node:path";
import { generateHistory } from "../../devstore/history/generate.ts";
import { startDevstore } from "../../devstore/server.ts";
import { fillShop } from "../../devstore/state/fill.ts";
import type { ShopState } from "../../devstore/state/model.ts";
import { createShop, createWorld } from "../../devstore/state/world.ts";
import { customerId, customersOf } from "./bench-orders.ts";
import { serveResultsApart } from "../sync/serve-results-apart.ts";
import type { ServedShops } from "./messages.ts";

const { APP_URL = "", CLIENT_ID = "", CLIENT_SECRET = "", SHOP_DOMAIN = "", SHOP_TOKEN = "" } = process.env;
const { ORDERS = "0", BUSY_DOMAIN = "", BUSY_ORDERS = "0" } = process.env;

const world = createWorld({ seed: 1 });

function openShop(domain: string): ShopState {
  const made = createShop(world, { domain, currency: "EUR", timeZone: "Europe/Berlin", plan: "plus" });
  if (!made.ok) throw new Error(made.message);
  return made.value;
}

const resting = openShop(SHOP_DOMAIN);
const now = Date.now();
for (let index = 0; index < customersOf(Number(ORDERS)); index++) {
  const id = customerId(index);
  resting.customers.set(id, {
    id,
    firstName: "Customer",
    lastName: String(index + 1),
    email: `customer-${index + 1}@example.com`,
    phone: null,
    state: "ENABLED",
    tags: [],
    acceptsMarketing: false,
    locale: "en",
    countryCode: "DE",
    createdAt: now,
    updatedAt: now,
  });
}
const busyOrders = Number(BUSY_ORDERS);
if (busyOrders > 0) {
  openShop(BUSY_DOMAIN);
  const history = generateHistory({ seed: 1, orders: busyOrders, customers: Math.round(busyOrders * 0.4) });
  fillShop(world, BUSY_DOMAIN, history);
}

const devstore = await startDevstore({
  port: 0,
  serveResults: serveResultsApart,
  world,
  apps: [
    {
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      appUrl: APP_URL,
      tomlPath: path.resolve("shopify.app.toml"),
    },
  ],
});
for (const shop of world.shops.values()) {
  devstore.install(shop.domain);
  shop.installation?.accessTokens.set(SHOP_TOKEN, { expiresAt: null });
}
const served: ServedShops = { ready: true, url: devstore.url };
process.stdout.write(`${JSON.stringify(served)}\n`);
process.on("SIGTERM", () => process.exit());
