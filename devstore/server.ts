/** The local Shopify as a server: every shop of a world behind one port, for the apps that are registered with it. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Request } from "express";
import { answerAdminRequest, type AdminApi } from "./admin-api/endpoint.ts";
import { queryRoot } from "./admin-api/model/query-root.ts";
import { types } from "./admin-api/model/types.ts";
import { createThrottle } from "./admin-api/throttle.ts";
import { answerTokenRequest } from "./auth/access-tokens.ts";
import { readAppSettings, type AppOptions } from "./auth/app-settings.ts";
import { ensureInstalled } from "./auth/installation.ts";
import { mintSessionToken } from "./auth/session-token.ts";
import type { ShopState, World } from "./state/model.ts";
import { createWorld } from "./state/world.ts";

export interface DevstoreOptions {
  /** 0 takes any free port. */
  port: number;
  world?: World;
  apps: readonly AppOptions[];
}

export interface Devstore {
  url: string;
  world: World;
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
  const api: AdminApi = {
    world,
    app,
    tables: { ...types, QueryRoot: queryRoot },
    throttle: createThrottle(),
  };

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

  const http = createServer(server);
  http.listen(options.port);
  await once(http, "listening");
  const url = `http://localhost:${(http.address() as AddressInfo).port}`;
  return {
    url,
    world,
    install: (shopDomain) => ensureInstalled(world, demandShop(world, shopDomain), app),
    sessionToken: (shopDomain) => mintSessionToken(app, shopDomain, demandShop(world, shopDomain).id),
    stop: () => stop(http),
  };
}

/** The shop that a request names: by header, by query, or by the host it was sent to. */
export function shopOf(world: World, request: Request): ShopState | undefined {
  const named = request.header("X-Shopify-Shop") ?? request.query["shop"];
  const domain = typeof named === "string" ? named : request.hostname;
  return world.shops.get(domain);
}

function demandShop(world: World, domain: string): ShopState {
  const shop = world.shops.get(domain);
  if (!shop) throw new Error(`There is no shop ${domain}.`);
  return shop;
}

/** Lets running requests end, and closes the connections that idle. */
async function stop(http: Server): Promise<void> {
  const closed = once(http, "close");
  http.close();
  http.closeIdleConnections();
  await closed;
}
