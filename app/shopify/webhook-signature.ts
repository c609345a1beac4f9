/** Proves that a webhook is Shopify's: an HMAC over its raw body under the app's secret. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** Whether `signature` (base64, of the X-Shopify-Hmac-Sha256 header) was made over the body with one of the secrets. */
export function isSignedByShopify(body: Uint8Array, signature: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature, "base64");
  let isSigned = false;
  for (const secret of secrets) {
    const expected = createHmac("sha256", secret).update(body).digest();
    if (given.length === expected.length && timingSafeEqual(given, expected)) isSigned = true;
  }
  return isSigned;
}
