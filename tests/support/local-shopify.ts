/**
 * The local Shopify with an app beside it, for tests of services: real HTTP both ways, really signed webhooks, a real database.
 * The app's half is what server.ts is in production, less the pages: a receiver of webhooks and a worker.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { config } from "../../app/config.server.ts";
import type { Database } from "../../app/db/types.ts";
import { createHandlers } from "../../app/jobs/handlers.server.ts";
import { startWorker, type Worker, type WorkerOptions } from "../../app/jobs/worker.server.ts";
import { keepOfflineSession } from "../../app/services/access/offline-session.server.ts";
import { installShop } from "../../app/services/sync/install-shop.server.ts";
import type { SyncSettings } from "../../app/services/sync/settings.ts";
import { startDevstore, type Devstore } from "../../devstore/server.ts";
import type { DeliveryOptions } from "../../devstore/webhooks/delivery.ts";
import type { ShopState, World } from "../../devstore/state/model.ts";
import { createWorld } from "../../devstore/state/world.ts";
import { QUICK } from "./quick-settings.ts";
import { answerWebhook } from "./webhook-receiver.ts";

export const APP = {
  clientId: "test-client",
  clientSecret: "test-secret",
  tomlPath: path.resolve(import.meta.dirname, "../../shopify.app.toml"),
};

export interface LocalShopify {
  devstore: Devstore;
  world: World;
  /** Which database hears of a shop's webhooks, or the address of which process; none leaves them unanswered. */
  listen(shopDomain: string, listener: Database | string | null): void;
  stop(): Promise<void>;
}

/**
 * One per test file, before anything reads the configuration: the process's configuration is parsed once and names its port.
 */
export async function startLocalShopify(
  world: World = createWorld({ seed: 1 }),
  webhooks: DeliveryOptions = {},
): Promise<LocalShopify> {
  const listeners = new Map<string, Database | string>();
  const receiver = createServer((request, response) => {
    const listener = listeners.get(String(request.headers["x-shopify-shop-domain"]));
    if (typeof listener === "string") void forward(request, response, listener);
    else void answerWebhook(request, response, APP.clientSecret, () => listener);
  });
  receiver.listen(0);
  await once(receiver, "listening");
  const appUrl = `http://localhost:${(receiver.address() as AddressInfo).port}`;
  const devstore = await startDevstore({ port: 0, world, apps: [{ ...APP, appUrl }], webhooks });
  process.env["NODE_ENV"] = "test";
  process.env["SHOPIFY_API_KEY"] = APP.clientId;
  process.env["SHOPIFY_API_SECRET"] = APP.clientSecret;
  process.env["SHOPIFY_APP_URL"] = appUrl;
  process.env["ENCRYPTION_KEYS"] = `test:${Buffer.alloc(32, 3).toString("base64")}`;
  process.env["DEMO_SHOPIFY_ORIGIN"] = devstore.url;
  process.env["LOG_LEVEL"] ??= "silent";
  if (config().DEMO_SHOPIFY_ORIGIN !== devstore.url) throw new Error("the configuration was read too early");
  return {
    devstore,
    world,
    listen(shopDomain, listener) {
      if (listener) listeners.set(shopDomain, listener);
      else listeners.delete(shopDomain);
    },
    async stop() {
      await devstore.stop();
      await stopServer(receiver);
    },
  };
}

/** Hands a request to the process that works the shop; one that is down, or dies meanwhile, is a 503. */
async function forward(request: IncomingMessage, response: ServerResponse, to: string): Promise<void> {
  const body = await buffer(request);
  const headers = Object.entries(request.headers).flatMap(([name, content]) =>
    name.startsWith("x-shopify-") && typeof content === "string" ? [[name, content] as [string, string]] : [],
  );
  const status = await fetch(`${to}${request.url ?? ""}`, { method: "POST", headers, body }).then(
    (answer) => answer.status,
    () => 503,
  );
  response.writeHead(status).end();
}

async function stopServer(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
}

/** Installs the app in a shop: Shopify's grant, a token sealed in the database, and the service that begins the sync. */
export async function installApp(local: LocalShopify, db: Database, shop: ShopState): Promise<number> {
  local.devstore.install(shop.domain);
  await giveToken(db, shop);
  local.listen(shop.domain, db);
  const { shopId } = await installShop(db, shop.domain);
  return shopId;
}

/** A token that does not expire, as the exchange of a session token would leave it. */
export async function giveToken(db: Database, shop: ShopState): Promise<void> {
  const token = `shpat_${randomUUID()}`;
  shop.installation?.accessTokens.set(token, { expiresAt: null });
  await keepOfflineSession(db, shop.domain, {
    sessionId: `offline_${shop.domain}`,
    scope: shop.installation?.scopes.join(",") ?? "",
    accessToken: token,
    expiresAt: null,
    refreshToken: null,
    refreshExpiresAt: null,
  });
}

export async function startAppWorker(
  db: Database,
  settings: SyncSettings = QUICK,
  options: WorkerOptions = {},
): Promise<Worker> {
  const quick = { cron: [], pollMs: 50, backoffMs: 50, concurrency: 8 };
  return startWorker(db, createHandlers(settings), { ...quick, ...options });
}

/** Waits until `holds` is true; an error names what it waited for. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await sleep(20);
  }
}

export async function untilSynced(db: Database, shopId: number, timeoutMs = 30_000): Promise<void> {
  await until(
    "the sync to be complete",
    async () => {
      const state = await db.prisma.syncState.findUnique({ where: { shopId } });
      return state?.phase === "complete";
    },
    timeoutMs,
  );
}
