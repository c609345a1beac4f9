/**
 * Shopify's own library for embedded Remix apps, set up: session tokens are exchanged for expiring offline tokens, which
 * go to the storage given. Everything that it would do beyond that (webhooks, clients, refreshing) is done elsewhere.
 */
import type { Session } from "@shopify/shopify-api";
import { config } from "../config.server.ts";
import { log } from "../observability/log.server.ts";
import { installShopifyFetch } from "./shopify-fetch.server.ts";

/** Where the library keeps and finds a shop's one offline session. */
export interface OfflineSessions {
  load(shopDomain: string): Promise<OfflineTokens | null>;
  keep(shopDomain: string, tokens: OfflineTokens): Promise<void>;
  forget(shopDomain: string): Promise<void>;
}

export interface OfflineTokens {
  sessionId: string;
  scope: string;
  accessToken: string;
  expiresAt: number | null;
  refreshToken: string | null;
  refreshExpiresAt: number | null;
}

export type RemixApp = Awaited<ReturnType<typeof createRemixApp>>;

export async function createRemixApp(sessions: OfflineSessions) {
  const settings = config();
  // The page that asks App Bridge for a new token loads it from here, too; the adapter reads this when it is imported.
  if (settings.DEMO_SHOPIFY_ORIGIN)
    process.env.APP_BRIDGE_URL = demoAppBridgeUrl(settings.DEMO_SHOPIFY_ORIGIN);
  await import("@shopify/shopify-app-remix/adapters/node");
  const { ApiVersion, LogSeverity, Session: OwnSession } = await import("@shopify/shopify-api");
  const { AppDistribution, shopifyApp } = await import("@shopify/shopify-app-remix/server");
  installShopifyFetch();

  return shopifyApp({
    apiKey: settings.SHOPIFY_API_KEY,
    apiSecretKey: settings.SHOPIFY_API_SECRET,
    appUrl: settings.SHOPIFY_APP_URL,
    scopes: settings.SCOPES.split(",").filter(Boolean),
    apiVersion: ApiVersion.July26,
    authPathPrefix: "/auth",
    distribution: AppDistribution.AppStore,
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
    logger: {
      // At lower levels the library writes session tokens.
      level: LogSeverity.Warning,
      log: async (severity, message) => {
        log[severity === LogSeverity.Error ? "error" : "warn"]({ from: "shopify-app-remix" }, message);
      },
    },
    sessionStorage: {
      async storeSession(session) {
        // Online sessions carry a member of staff's name and e-mail address.
        if (session.isOnline || !session.accessToken) return false;
        await sessions.keep(session.shop, tokensOf(session, session.accessToken));
        return true;
      },
      async loadSession(id) {
        const shopDomain = shopOf(id);
        const tokens = shopDomain ? await sessions.load(shopDomain) : null;
        return shopDomain && tokens ? new OwnSession(sessionFacts(shopDomain, tokens)) : undefined;
      },
      async deleteSession(id) {
        const shopDomain = shopOf(id);
        if (shopDomain) await sessions.forget(shopDomain);
        return true;
      },
      async deleteSessions(ids) {
        for (const id of ids) await this.deleteSession(id);
        return true;
      },
      async findSessionsByShop(shopDomain) {
        const tokens = await sessions.load(shopDomain);
        return tokens ? [new OwnSession(sessionFacts(shopDomain, tokens))] : [];
      },
    },
  });
}

/** Where the local Shopify serves its stand-in for App Bridge. */
export function demoAppBridgeUrl(demoOrigin: string): string {
  return new URL("/app-bridge.js", demoOrigin).href;
}

/** The library names offline sessions after their shop. */
function shopOf(sessionId: string): string | null {
  return sessionId.startsWith("offline_") ? sessionId.slice("offline_".length) : null;
}

function tokensOf(session: Session, accessToken: string): OfflineTokens {
  return {
    sessionId: session.id,
    scope: session.scope ?? "",
    accessToken,
    expiresAt: session.expires?.getTime() ?? null,
    refreshToken: session.refreshToken ?? null,
    refreshExpiresAt: session.refreshTokenExpires?.getTime() ?? null,
  };
}

function sessionFacts(shop: string, tokens: OfflineTokens): ConstructorParameters<typeof Session>[0] {
  return {
    id: tokens.sessionId,
    shop,
    state: "",
    isOnline: false,
    scope: tokens.scope,
    accessToken: tokens.accessToken,
    ...(tokens.expiresAt === null ? {} : { expires: new Date(tokens.expiresAt) }),
    ...(tokens.refreshToken === null ? {} : { refreshToken: tokens.refreshToken }),
    ...(tokens.refreshExpiresAt === null ? {} : { refreshTokenExpires: new Date(tokens.refreshExpiresAt) }),
  };
}
