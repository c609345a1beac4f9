/**
 * Every request to a shop leaves through here. In demo mode (DEMO_SHOPIFY_ORIGIN) it goes to the local Shopify instead:
 * the same path on that origin, with the shop named in a header, because one origin stands for all shops.
 */
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { config } from "../config.server.ts";

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export const shopifyFetch: Fetch = (input, init) => {
  const demoOrigin = config().DEMO_SHOPIFY_ORIGIN;
  if (!demoOrigin) return fetch(input, init);
  return fetch(...divert(input, init, demoOrigin));
};

/** The same request to the local Shopify; requests to anywhere but a shop stay as they are. */
export function divert(
  input: string | URL | Request,
  init: RequestInit | undefined,
  demoOrigin: string,
): [string | URL | Request, RequestInit | undefined] {
  const url = new URL(input instanceof Request ? input.url : input);
  if (!url.hostname.endsWith(".myshopify.com")) return [input, init];
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
  headers.set("X-Shopify-Shop", url.hostname);
  const target = new URL(url.pathname + url.search, demoOrigin);
  return input instanceof Request
    ? [new Request(target, new Request(input, { ...init, headers })), undefined]
    : [target, { ...init, headers }];
}

/** Makes Shopify's own library use it too; called by a function because a bare import would be shaken away. */
export function installShopifyFetch(): void {
  setAbstractFetchFunc(shopifyFetch);
}
