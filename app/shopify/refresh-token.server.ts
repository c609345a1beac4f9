/** Trades a refresh token for a new pair of tokens. Which of Shopify's refusals are final is decided here, and nowhere else. */
import { z } from "zod";
import { config } from "../config.server.ts";
import { failpoint } from "../observability/failpoint.ts";
import { ShopifyError } from "./shopify-error.ts";
import { shopifyFetch } from "./shopify-fetch.server.ts";

interface TokenPair {
  accessToken: string;
  scope: string | null;
  /** `null` where Shopify names no end: the token then holds until it is refused. */
  expiresAt: number | null;
  refreshToken: string | null;
  refreshExpiresAt: number | null;
}

/** `refused`: this refresh token will never work; only a merchant opening the app brings a new one. */
export type RefreshOutcome = { ok: true; pair: TokenPair } | { ok: false; reason: "refused" };

const TIMEOUT_MS = 15_000;

const answerSchema = z.object({
  access_token: z.string().min(1),
  scope: z.string().nullish(),
  expires_in: z.number().positive().nullish(),
  refresh_token: z.string().min(1).nullish(),
  refresh_token_expires_in: z.number().positive().nullish(),
});
const refusalSchema = z.object({ error: z.string() });

/** Throws a ShopifyError where trying again may help. */
export async function refreshTokenPair(shopDomain: string, refreshToken: string): Promise<RefreshOutcome> {
  const { SHOPIFY_API_KEY, SHOPIFY_API_SECRET } = config();
  failpoint("refresh-token:before-request");
  const askedAt = Date.now();
  const { status, body } = await post(`https://${shopDomain}/admin/oauth/access_token`, {
    client_id: SHOPIFY_API_KEY,
    client_secret: SHOPIFY_API_SECRET,
    grant_type: "refresh_token",
    refresh_token: refreshToken,
  });
  failpoint("refresh-token:after-request");
  if (status === 200) {
    const answer = answerSchema.safeParse(body);
    if (!answer.success) throw new ShopifyError("cut-answer", "Shopify answered a refresh without a token.");
    return { ok: true, pair: pairOf(answer.data, askedAt) };
  }
  const error = refusalSchema.safeParse(body).data?.error ?? "";
  if (status === 401 || status === 404 || error === "invalid_grant" || error === "app_not_installed") {
    return { ok: false, reason: "refused" };
  }
  const facts = { status, codes: [error] };
  if (status === 429 || status >= 500)
    throw new ShopifyError("server", `Shopify answered a refresh with ${status}.`, facts);
  throw new ShopifyError("forbidden", `Shopify refused to refresh a token (${status} ${error}).`, facts);
}

function pairOf(answer: z.infer<typeof answerSchema>, askedAt: number): TokenPair {
  const endOf = (seconds: number | null | undefined) => (seconds ? askedAt + seconds * 1000 : null);
  return {
    accessToken: answer.access_token,
    scope: answer.scope ?? null,
    expiresAt: endOf(answer.expires_in),
    refreshToken: answer.refresh_token ?? null,
    refreshExpiresAt: endOf(answer.refresh_token_expires_in),
  };
}

async function post(url: string, body: object): Promise<{ status: number; body: unknown }> {
  try {
    const response = await shopifyFetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, body: parseJson(text) };
  } catch (error) {
    throw new ShopifyError("network", "Shopify could not be reached to refresh a token.", { cause: error });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
