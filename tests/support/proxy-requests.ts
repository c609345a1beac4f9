/** Requests as a shop's app proxy carries them to the app: really signed, and changed where a test attacks. */
import { createHmac } from "node:crypto";

type Pairs = readonly (readonly [string, string])[];

/** Shopify's signature over whatever the query holds. */
export function signQuery(pairs: Pairs, secret: string): [string, string][] {
  const valuesOf = (name: string) => pairs.filter(([other]) => other === name).map(([, value]) => value);
  const text = [...new Set(pairs.map(([name]) => name))]
    .map((name) => `${name}=${valuesOf(name).join(",")}`)
    .sort()
    .join("");
  const signature = createHmac("sha256", secret).update(text).digest("hex");
  return [...pairs.map(([name, value]): [string, string] => [name, value]), ["signature", signature]];
}

export interface ProxyWish {
  address: string;
  secret: string;
  shopDomain: string;
  /** `null`: a guest. */
  customerId: number | null;
  /** Signed beside what Shopify adds: what the visitor wrote into the address. */
  extra?: Pairs;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  method?: string;
}

export async function askProxy(action: string, body: unknown, wish: ProxyWish): Promise<Response> {
  const { address, shopDomain, customerId, secret, method = "POST" } = wish;
  const plain = {
    shop: shopDomain,
    path_prefix: "/apps/perennial",
    timestamp: String(Math.floor(Date.now() / 1000)),
    logged_in_customer_id: customerId === null ? "" : String(customerId),
    ...wish.query,
  };
  const url = new URL(`/proxy/${action}`, address);
  const pairs = signQuery([...(wish.extra ?? []), ...Object.entries(plain)], secret);
  url.search = new URLSearchParams(pairs).toString();
  return fetch(url, {
    method,
    headers: { "Content-Type": "application/json", ...wish.headers },
    ...(method !== "GET" && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}
