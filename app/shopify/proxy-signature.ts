/**
 * Proves that a request came through a shop's app proxy, and reads who asks: Shopify signs the query with the app's secret. The
 * signature joins a name that stands twice with a comma, so that a visitor's own logged_in_customer_id would be signed, too: whoever is
 * named twice is nobody.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** `null`: nobody is logged in. */
export interface ProxyVisitor {
  shopDomain: string;
  customerId: number | null;
}

/** Clocks differ by so much at most, and the way here takes so long. */
const OLDEST_SECONDS = 90;
const NEWEST_SECONDS = 30;

/** `null`: not signed by Shopify, not just now, or not plain about who asks. */
export function readProxyQuery(
  query: URLSearchParams,
  secrets: readonly string[],
  now: number,
): ProxyVisitor | null {
  const [signature, shopDomain, timestamp, customer] = [
    "signature", "shop", "timestamp", "logged_in_customer_id",
  ].map((name) => onlyOne(query, name)); // prettier-ignore
  if (signature === undefined || !isSigned(query, signature, secrets)) return null;
  if (shopDomain === undefined || timestamp === undefined || customer === undefined) return null;
  if (!/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/.test(shopDomain)) return null;
  if (!/^\d{1,12}$/.test(timestamp) || !/^\d{0,15}$/.test(customer)) return null;
  const age = now / 1_000 - Number(timestamp);
  if (age > OLDEST_SECONDS || age < -NEWEST_SECONDS) return null;
  return { shopDomain, customerId: customer === "" ? null : Number(customer) };
}

function onlyOne(query: URLSearchParams, name: string): string | undefined {
  const given = query.getAll(name);
  return given.length === 1 ? given[0] : undefined;
}

function isSigned(query: URLSearchParams, signature: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature, "hex");
  const text = signedText(query);
  let isSigned = false;
  for (const secret of secrets) {
    const expected = createHmac("sha256", secret).update(text).digest();
    if (given.length === expected.length && timingSafeEqual(given, expected)) isSigned = true;
  }
  return isSigned;
}

/** As Shopify's guide to app proxies makes it: `name=value` of every other parameter, sorted and set side by side. */
function signedText(query: URLSearchParams): string {
  const names = new Set([...query.keys()].filter((name) => name !== "signature"));
  return [...names]
    .map((name) => `${name}=${query.getAll(name).join(",")}`)
    .sort()
    .join("");
}
