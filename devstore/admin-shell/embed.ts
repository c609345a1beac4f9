/** The address under which the admin loads an app into its frame, with everything that Shopify adds and signs. */
import { createHmac, randomBytes } from "node:crypto";
import type { AppSettings } from "../auth/app-settings.ts";
import { mintSessionToken } from "../auth/session-token.ts";
import type { ShopState } from "../state/model.ts";

/** What `host` says in base64: the admin's address of the shop. */
function hostOf(shop: ShopState): string {
  const name = shop.domain.replace(/\.myshopify\.com$/, "");
  return Buffer.from(`admin.shopify.com/store/${name}`).toString("base64").replace(/=+$/, "");
}

/** The app's page at a path of it, with the page's own query. */
export function embeddedUrl(app: AppSettings, shop: ShopState, path: string, own: URLSearchParams): string {
  const url = new URL(path.replace(/^\/+/, "/") || "/", app.appUrl);
  for (const [name, value] of own) if (name !== "shop") url.searchParams.append(name, value);
  const added: Record<string, string> = {
    embedded: "1",
    host: hostOf(shop),
    id_token: mintSessionToken(app, shop.domain, shop.id),
    locale: shop.locale,
    session: randomBytes(32).toString("hex"),
    shop: shop.domain,
    timestamp: String(Math.floor(Date.now() / 1000)),
  };
  for (const [name, value] of Object.entries(added)) url.searchParams.set(name, value);
  url.searchParams.set("hmac", adminSignature(url.searchParams, app.clientSecret));
  return url.href;
}

/** Hex HMAC over the sorted, encoded query. */
function adminSignature(query: URLSearchParams, clientSecret: string): string {
  const text = [...query]
    .filter(([name]) => name !== "hmac")
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
  return createHmac("sha256", clientSecret).update(text).digest("hex");
}
