/** The shop's app proxy: a visitor's request below /apps, signed and carried to the app. */
import { createHmac } from "node:crypto";
import type { Request, Response } from "express";
import type { AppSettings } from "../auth/app-settings.ts";
import type { ShopState } from "../state/model.ts";

/** Hex HMAC over the sorted query; a name that stands twice is joined with a comma. */
function proxySignature(query: URLSearchParams, clientSecret: string): string {
  const names = [...new Set(query.keys())].filter((name) => name !== "signature").sort();
  const text = names.map((name) => `${name}=${query.getAll(name).join(",")}`).join("");
  return createHmac("sha256", clientSecret).update(text).digest("hex");
}

/** The app that a path of the shop belongs to. */
export function proxiedApp(apps: readonly AppSettings[], path: string): AppSettings | undefined {
  return apps.find(({ proxy }) => {
    if (!proxy) return false;
    const start = `/${proxy.prefix}/${proxy.subpath}`;
    return path === start || path.startsWith(`${start}/`);
  });
}

/** What Shopify keeps to itself, and what belongs to one connection only. */
const NOT_CARRIED = new Set([
  ...["accept-encoding", "connection", "content-length", "cookie", "expect", "host", "keep-alive"],
  ...["te", "trailer", "transfer-encoding", "upgrade", "x-devstore-customer", "x-shopify-shop"],
]);

/** Carries the request, for the customer who is logged in to the storefront, or whom the local header X-Devstore-Customer names. */
export async function answerProxyRequest(
  app: AppSettings,
  { shop, path, customerId }: { shop: ShopState; path: string; customerId: number | null },
  request: Request,
  response: Response,
): Promise<void> {
  const { proxy } = app;
  if (!proxy) throw new Error(`${app.handle} has no app proxy`);
  const prefix = `/${proxy.prefix}/${proxy.subpath}`;
  const url = new URL(proxy.url.replace(/\/$/, "") + path.slice(prefix.length));
  const own = new URL(request.originalUrl, "http://shop").searchParams;
  own.delete("signature");
  url.search = own.toString();
  const query = url.searchParams;
  query.set("shop", shop.domain);
  query.set("path_prefix", prefix);
  query.set("timestamp", String(Math.floor(Date.now() / 1000)));
  query.append("logged_in_customer_id", request.header("X-Devstore-Customer") ?? String(customerId ?? ""));
  query.set("signature", proxySignature(query, app.clientSecret));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (typeof value === "string" && !NOT_CARRIED.has(name)) headers[name] = value;
  headers["x-forwarded-for"] = request.ip ?? "";
  headers["x-forwarded-host"] = request.header("host") ?? "";
  const body: unknown = request.body;
  const answer = await fetch(url, {
    method: request.method,
    headers,
    redirect: "manual",
    ...(Buffer.isBuffer(body) && body.length > 0 && { body: new Uint8Array(body) }),
  });
  response.status(answer.status);
  for (const name of ["content-type", "location", "cache-control"]) {
    const value = answer.headers.get(name);
    if (value !== null) response.set(name, value);
  }
  response.send(Buffer.from(await answer.arrayBuffer()));
}
