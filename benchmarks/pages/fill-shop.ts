/**
 * Fills a database with an installed shop whose sync is complete, through the app's own writers and no Shopify. A program of its
 * own, because the app's configuration and its memory are a process's; prints one line of JSON when it is done.
 */
import pg from "pg";
import { openDatabase } from "../../app/db/database.server.ts";
import { writeCustomersInBulk, writeOrdersInBulk } from "../../app/db/bulk/write-in-bulk.server.ts";
import { saveProducts } from "../../app/db/stores/products.server.ts";
import { ensureShop, markInstalled } from "../../app/db/stores/shops.server.ts";
import { beginSync, changeSyncState } from "../../app/db/stores/sync-state.server.ts";
import { keepOfflineSession } from "../../app/services/access/offline-session.server.ts";
import { benchCustomers, benchOrders, benchProducts, customersOf } from "./bench-orders.ts";
import type { FilledShop } from "./messages.ts";

const { DATABASE_URL = "", SHOP_DOMAIN = "", SHOP_TOKEN = "", ORDERS = "0" } = process.env;
const count = Number(ORDERS);
const BATCH = 20_000;

function* batches<T>(all: Iterable<T>): Generator<T[]> {
  let batch: T[] = [];
  for (const one of all) {
    batch.push(one);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** As a database is that has been there for a while. */
async function settle(): Promise<void> {
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  await client.query("VACUUM ANALYZE");
  await client.end();
}

const startedAt = performance.now();
const db = await openDatabase(DATABASE_URL);
const shopId = await db.write(async (tx) => {
  const { id } = await ensureShop(tx, SHOP_DOMAIN);
  const facts = { timeZone: "Europe/Berlin", currency: "EUR", scopes: "read_orders,read_all_orders" };
  const { installGeneration } = await markInstalled(tx, id, facts, Date.now());
  await beginSync(tx, id, installGeneration, Date.now());
  // Costs known before the first order, so that every line of a costed product has one.
  await saveProducts(tx, id, benchProducts(), 0);
  return id;
});
await keepOfflineSession(db, SHOP_DOMAIN, {
  sessionId: `offline_${SHOP_DOMAIN}`,
  scope: "read_orders,read_all_orders",
  accessToken: SHOP_TOKEN,
  expiresAt: null,
  refreshToken: null,
  refreshExpiresAt: null,
});
for (const some of batches(benchCustomers(count))) await writeCustomersInBulk(db, shopId, some);
let orders = 0;
for (const some of batches(benchOrders(count))) {
  orders += (await writeOrdersInBulk(db, shopId, some)).applied;
}
if (orders !== count) throw new Error(`${orders} of ${count} orders were written`);
const customers = customersOf(count);
await db.write((tx) =>
  changeSyncState(tx, shopId, {
    phase: "complete",
    recentAt: Date.now(),
    completedAt: Date.now(),
    sweptAt: Date.now(),
    ordersExpected: orders,
    ordersApplied: orders,
    customersExpected: customers,
    customersApplied: customers,
  }),
);
await db.close();
if (DATABASE_URL.startsWith("postgresql:")) await settle();
const filled: FilledShop = { ready: true, shopId, seconds: (performance.now() - startedAt) / 1_000 };
process.stdout.write(`${JSON.stringify(filled)}\n`);
