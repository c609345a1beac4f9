/** Signs webhook bodies as Shopify does: HMAC-SHA256 over the raw body under the app's secret, in base64. */
import { createHmac } from "node:crypto";

export function signWebhook(body: string, clientSecret: string): string {
  return createHmac("sha256", clientSecret).update(body, "utf8").digest("base64");
}
