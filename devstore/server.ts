/** The local Shopify as a server: every shop of a world behind one port, for the apps that are registered with it. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Request } from "express";
import { sendBulkResult, takeStagedUpload } from "./admin-api/bulk/files.ts";
import { closeBulkRegistry, createBulkRegistry } from "./admin-api/bulk/registry.ts";
import { answerAdminRequest, type AdminApi } from "./admin-api/endpoint.ts";
import { queryRoot } from "./admin-api/model/query-root.ts";
import { types } from "./admin-api/model/types.ts";
import { mutationRoot } from "./admin-api/mutations/mutation-root.ts";
import { createThrottle } from "./admin-api/throttle.ts";
import { answerProxyRequest, proxiedApp } from "./admin-shell/app-proxy.ts";
import { adminShell } from "./admin-shell/routes.ts";
import { themeEditor } from "./admin-shell/theme-editor.ts";
import { answerTokenRequest } from "./auth/access-tokens.ts";
import { readAppSettings, type AppOptions } from "./auth/app-settings.ts";
import { ensureInstalled } from "./auth/installation.ts";
import { mintSessionToken } from "./auth/session-token.ts";
import { controlRouter } from "./control/router.ts";
import { extensionHostRouter } from "./extension-host/hosted.ts";
import { deployFlow, readFlow } from "./flow/deployed.ts";
import { deployFunctions, readFunctions } from "./functions/deployed.ts";
import type { ShopState, World } from "./state/model.ts";
import { saveWorld } from "./state/persistence.ts";
import { createWorld } from "./state/world.ts";
import { shopperApis } from "./shopper-api/routes.ts";
import { cookieOf } from "./storefront/cookies.ts";
import { splitLanguage } from "./storefront/markets.ts";
import { createStorefront } from "./storefront/routes.ts";
import { startWebhooks, type DeliveryOptions, type Webhooks } from "./webhooks/delivery.ts";

export interface DevstoreOptions {
  /** 0 takes any free port. */
  port: number;
  world?: World;
  apps: readonly AppOptions[];
  /** Where the world is written when the server stops. */
  saveTo?: string;
  webhooks?: DeliveryOptions;
  /** Hands the results of bulk operations, files of this folder, out from elsewhere, as Shopify does; returns under which address. */
  serveResults?: (folder: string) => Promise<string>;
}

export interface Devstore {
  url: string;
  world: World;
  webhooks: Webhooks;
  /** Grants the first app its scopes in the shop, as opening it in the admin does. */
  install: (shopDomain: string) => void;
  /** A session token of the shop for the first app, as App Bridge gives one. */
  sessionToken: (shopDomain: string) => string;
  stop: () => Promise<void>;
}

const BODY_LIMIT = "32mb";

/** Starts the local Shopify. */
export async function startDevstore(options: DevstoreOptions): Promise<Devstore> {
  const world = options.world ?? createWorld();
  const apps = options.apps.map(readAppSettings);
  const [app] = apps;
  if (!app) throw new Error("The local Shopify needs at least one app.");
  deployFunctions(world, await readFunctions(app.tomlPath));
  deployFlow(world, readFlow(app.tomlPath, app.appUrl));
  const bulk = createBulkRegistry();
  const tables = { ...types, QueryRoot: queryRoot, Mutation: mutationRoot };
  const api: AdminApi = { world, app, tables, throttle: createThrottle(), bulk };

  const server = express();
  server.disable("x-powered-by");
  server.post(
    "/admin/api/:version/graphql.json",
    express.json({ limit: BODY_LIMIT }),
    (request, response, next) => {
      answerAdminRequest(api, shopOf(world, request), request, response).catch(next);
    },
  );
  server.post(
    "/admin/oauth/access_token",
    express.json(),
    express.urlencoded({ extended: false }),
    (request, response) => answerTokenRequest(world, apps, shopOf(world, request), request, response),
  );

  server.get("/bulk-results/:name", (request, response) => sendBulkResult(world, bulk, request, response));
  server.post(
    "/staged-uploads",
    express.raw({ type: () => true, limit: "101mb" }),
    (request, response, next) => {
      takeStagedUpload(bulk, request, response).catch(next);
    },
  );

  server.use(adminShell(world, apps));
  server.use(themeEditor(world, apps));
  const storefront = createStorefront(world, apps, (request) => shopOf(world, request));
  server.use(
    shopperApis(
      world,
      app,
      (request) => shopOf(world, request),
      (shop, request) => storefront.customerIdOf(shop, request),
    ),
  );
  const readRaw = express.raw({ type: () => true, limit: BODY_LIMIT });
  server.use((request, response, next) => {
    const shop = shopOf(world, request);
    // Also below a language: /pl/apps/...
    const path = shop && splitLanguage(shop, request.path).path;
    const proxied = path === undefined ? undefined : proxiedApp(apps, path);
    if (!shop || path === undefined || !proxied) return next();
    readRaw(request, response, (error?: unknown) => {
      if (error) next(error);
      else {
        const customerId = storefront.customerIdOf(shop, request);
        answerProxyRequest(proxied, { shop, path, customerId }, request, response).catch(next);
      }
    });
  });

  const webhooks = startWebhooks(world, apps, options.webhooks);
  const install = (shop: ShopState) => ensureInstalled(world, shop, app);
  server.use(
    extensionHostRouter(
      apps,
      (request) => shopOf(world, request),
      (shop, request) => storefront.customerIdOf(shop, request),
    ),
  );
  server.use("/_control", controlRouter({ world, app, webhooks, install, file: options.saveTo ?? null }));
  server.use(storefront.router);
  const http = createServer(server);
  http.listen(options.port);
  await once(http, "listening");
  const url = (bulk.baseUrl = `http://localhost:${(http.address() as AddressInfo).port}`);
  bulk.resultsUrl = (await options.serveResults?.(bulk.folder)) ?? `${url}/bulk-results`;
  return {
    url,
    world,
    webhooks,
    install: (shopDomain) => install(demandShop(world, shopDomain)),
    sessionToken: (shopDomain) => mintSessionToken(app, shopDomain, demandShop(world, shopDomain).id),
    stop: async () => {
      await stop(http);
      await webhooks.stop();
      await closeBulkRegistry(bulk);
      if (options.saveTo !== undefined) await saveWorld(world, options.saveTo);
    },
  };
}

/**
 * The shop that a request names: by header, by query, by the host it was sent to (`demo.localhost`, `demo.myshopify.com.localhost`),
 * or by the cookie of a shopper who once named it by query.
 */
function shopOf(world: World, request: Request): ShopState | undefined {
  const named = request.header("X-Shopify-Shop") ?? request.query["shop"];
  if (typeof named === "string") return world.shops.get(named);
  const host = request.hostname.replace(/\.localhost$/, "");
  return (
    world.shops.get(host) ??
    (request.hostname.endsWith(".localhost") ? world.shops.get(`${host}.myshopify.com`) : undefined) ??
    world.shops.get(cookieOf(request, "devstore_shop") ?? "")
  );
}

function demandShop(world: World, domain: string): ShopState {
  const shop = world.shops.get(domain);
  if (!shop) throw new Error(`There is no shop ${domain}.`);
  return shop;
}

/** Lets running requests end, and closes each connection once it idles. */
async function stop(http: Server): Promise<void> {
  const closed = once(http, "close");
  http.close();
  const closing = setInterval(() => http.closeIdleConnections(), 50);
  await closed;
  clearInterval(closing);
}
