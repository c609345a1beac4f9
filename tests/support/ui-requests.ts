/** Questions as extensions in checkout and account ask them: with a session token as Shopify signs it, and changed where a test attacks. */
import { SignJWT } from "jose";

export interface UiWish {
  address: string;
  secret: string;
  clientId: string;
  shopDomain: string;
  /** `null`: a guest. */
  customerId: number | null;
  /** In place of Shopify's own. */
  claims?: Record<string, unknown>;
  /** In place of a signed one. */
  token?: string;
  headers?: Record<string, string>;
  method?: string;
}

export async function sessionToken({
  clientId,
  shopDomain,
  customerId,
  secret,
  claims = {},
}: UiWish): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const sub = customerId === null ? {} : { sub: `gid://shopify/Customer/${customerId}` };
  const usual = { aud: clientId, dest: shopDomain, iat: now, nbf: now, exp: now + 300, jti: "one", ...sub };
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(secret));
}

export async function askUi(action: string, body: unknown, wish: UiWish): Promise<Response> {
  const { address, method = "POST" } = wish;
  const token = wish.token ?? (await sessionToken(wish));
  return fetch(new URL(`/ui/${action}`, address), {
    method,
    headers: {
      // Both of Shopify's places for extensions are workers without an origin.
      Origin: "null",
      "Content-Type": "application/json",
      Authorization: `Bearer ${token}`,
      ...wish.headers,
    },
    ...(method === "POST" && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}
