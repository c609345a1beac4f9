/**
 * Who is asking: merchants by the session token of Shopify's admin, Shopify by the signature of a webhook, shoppers by that of the
 * shop's app proxy or by the session token of an extension. Routes know nothing else of Shopify; what they get from here is the shop, installed.
 */
import { config } from "./config.server.ts";
import { database, type Database } from "./db/database.server.ts";
import { findShop, type Shop } from "./db/stores/shops.server.ts";
import {
  forgetOfflineSession,
  keepOfflineSession,
  readOfflineSessionOf,
} from "./services/access/offline-session.server.ts";
import type { ApiRequest } from "./services/api/answer-api.server.ts";
import { installShop } from "./services/sync/install-shop.server.ts";
import { createRemixApp, demoAppBridgeUrl, type RemixApp } from "./shopify/remix-app.server.ts";
import { readExtensionToken } from "./shopify/extension-token.server.ts";
import { readProxyQuery } from "./shopify/proxy-signature.ts";
import { isSignedByShopify } from "./shopify/webhook-signature.ts";

/** What a loader or action of the embedded app works for. */
export interface Merchant {
  db: Database;
  shop: Shop;
}

export interface RequestArguments {
  request: Request;
  /** Remix's load context: one object per request from outside, shared by all its loaders. */
  context: object;
}

let app: Promise<RemixApp> | undefined;

function remixApp(): Promise<RemixApp> {
  app ??= createRemixApp({
    load: async (shopDomain) => readOfflineSessionOf(await database(), shopDomain),
    keep: async (shopDomain, tokens) => keepOfflineSession(await database(), shopDomain, tokens),
    forget: async (shopDomain) => forgetOfflineSession(await database(), shopDomain),
  });
  return app;
}

/** One authentication per request, however many loaders ask: on a first load each would exchange the token again. */
const authentications = new WeakMap<object, Promise<Merchant>>();

/** The merchant behind a request of the embedded app. Throws the Response that the library answers everybody else with. */
export async function authenticateMerchant({ request, context }: RequestArguments): Promise<Merchant> {
  let merchant = authentications.get(context);
  if (!merchant) {
    merchant = authenticate(request);
    authentications.set(context, merchant);
  }
  try {
    return await merchant;
  } catch (error) {
    // Every loader answers with its own copy, because a body is read once.
    throw error instanceof Response ? error.clone() : error;
  }
}

/**
 * What a refusal tells App Bridge in its headers (to come again with a fresh token, to go elsewhere) must reach it, whichever page's
 * loader was refused: Remix drops a thrown Response's headers where the page's own route has none.
 */
export async function keepRefusalHeaders(answer: Response, context: object): Promise<Response> {
  const refusal = await authentications.get(context)?.catch((error: unknown) => error);
  if (refusal instanceof Response) {
    for (const [name, value] of refusal.headers)
      if (name.startsWith("x-shopify-")) answer.headers.set(name, value);
  }
  return answer;
}

async function authenticate(request: Request): Promise<Merchant> {
  const { authenticate: library } = await remixApp();
  const { session } = await library.admin(request);
  const db = await database();
  const known = await findShop(db, session.shop);
  // Looked up on each request and not left to a hook after the exchange, so that an install that failed half way is
  // finished by the next page load.
  if (!isInstalled(known)) await installShop(db, session.shop);
  const shop = isInstalled(known) ? known : await findShop(db, session.shop);
  if (!shop) throw new Error("the shop is missing after its install");
  return { db, shop };
}

function isInstalled(shop: Shop | null): shop is Shop {
  return shop !== null && shop.installedAt !== null && shop.uninstalledAt === null;
}

/** Answers the requests below /auth: the pages that bring a new session token or leave the frame. */
export async function answerAuthRequest(request: Request): Promise<Response> {
  try {
    await (await remixApp()).authenticate.admin(request);
    return new Response(null, { status: 204 });
  } catch (error) {
    if (!(error instanceof Response)) throw error;
    const headers = new Headers(error.headers);
    allowLocalAdmin(headers);
    return new Response(error.body, { status: error.status, headers });
  }
}

/** Headers that let the admin of the shop in the address, and nobody else, frame a page. */
export async function addDocumentHeaders(request: Request, headers: Headers): Promise<void> {
  headers.set("Content-Security-Policy", "frame-ancestors 'none';");
  (await remixApp()).addDocumentResponseHeaders(request, headers);
  allowLocalAdmin(headers);
}

/** In demo mode the local Shopify's admin frames the app as well, and serves App Bridge, which is fetched as early as Shopify's own. */
function allowLocalAdmin(headers: Headers): void {
  const { DEMO_SHOPIFY_ORIGIN } = config();
  const policy = headers.get("Content-Security-Policy") ?? "";
  if (!DEMO_SHOPIFY_ORIGIN || !policy.startsWith("frame-ancestors https:")) return;
  const { origin } = new URL(DEMO_SHOPIFY_ORIGIN);
  headers.set("Content-Security-Policy", policy.replace("frame-ancestors", `frame-ancestors ${origin}`));
  headers.set("Link", `<${demoAppBridgeUrl(DEMO_SHOPIFY_ORIGIN)}>; rel="preload"; as="script"`);
}

/** What the page's AppProvider is given. */
export function embeddedAppSettings(): { apiKey: string; appBridgeUrl: string | null } {
  const { SHOPIFY_API_KEY, DEMO_SHOPIFY_ORIGIN } = config();
  return {
    apiKey: SHOPIFY_API_KEY,
    appBridgeUrl: DEMO_SHOPIFY_ORIGIN ? demoAppBridgeUrl(DEMO_SHOPIFY_ORIGIN) : null,
  };
}

export interface SignedWebhook {
  shopDomain: string;
  topic: string;
  eventId: string;
  triggeredAt: number;
  payload: unknown;
}

/** Orders with thousands of lines stay below it. */
const LARGEST_WEBHOOK = 10 * 1024 * 1024;
/** A rotated secret signs for so long. Counted from the start of the process, because a rotation restarts it. */
const OLD_SECRET_SECONDS = 3600;

/** A webhook that Shopify signed. Throws 401 for any other, before its body is looked at, and 400 or 413 for a misshapen one. */
export async function authenticateWebhook(request: Request): Promise<SignedWebhook> {
  if (request.method !== "POST") throw new Response(null, { status: 405, headers: { Allow: "POST" } });
  const body = await readBody(request, LARGEST_WEBHOOK);
  const signature = request.headers.get("x-shopify-hmac-sha256") ?? "";
  if (!isSignedByShopify(body, signature, signingSecrets())) throw new Response(null, { status: 401 });
  const shopDomain = request.headers.get("x-shopify-shop-domain") ?? "";
  const topic = request.headers.get("x-shopify-topic") ?? "";
  // Retries and duplicates of one event share its id; the webhook's own id stands in where a sender names no event.
  const eventId =
    request.headers.get("x-shopify-event-id") ?? request.headers.get("x-shopify-webhook-id") ?? "";
  const triggeredAt = Date.parse(request.headers.get("x-shopify-triggered-at") ?? "");
  if (!/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/i.test(shopDomain) || topic === "" || eventId === "") {
    throw new Response(null, { status: 400 });
  }
  return {
    shopDomain: shopDomain.toLowerCase(),
    topic: topic.toLowerCase(),
    eventId,
    triggeredAt: Number.isNaN(triggeredAt) ? Date.now() : triggeredAt,
    payload: parseJson(body),
  };
}

function signingSecrets(): string[] {
  const { SHOPIFY_API_SECRET, SHOPIFY_API_SECRET_PREVIOUS } = config();
  const isRecent = process.uptime() < OLD_SECRET_SECONDS;
  return SHOPIFY_API_SECRET_PREVIOUS && isRecent
    ? [SHOPIFY_API_SECRET, SHOPIFY_API_SECRET_PREVIOUS]
    : [SHOPIFY_API_SECRET];
}

async function readBody(request: Request, largest: number): Promise<Buffer> {
  // What is left of the body stands in the way of the connection's next request.
  const tooLarge = () => refused(413, { Connection: "close" });
  if (Number(request.headers.get("content-length")) > largest) throw tooLarge();
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > largest) throw tooLarge();
    parts.push(part.value);
  }
  return Buffer.concat(parts);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new Response(null, { status: 400 });
  }
}

/** What Shopify Flow sends is a few fields. */
const LARGEST_OF_FLOW = 64 * 1024;

/** Who asks as Shopify Flow, for a shop that has the app. Throws the Response for everybody else. */
export async function authenticateFlow(request: Request): Promise<Merchant & { body: unknown }> {
  if (request.method !== "POST") throw refused(405, { Allow: "POST" });
  const raw = await readBody(request, LARGEST_OF_FLOW);
  const signature = request.headers.get("x-shopify-hmac-sha256") ?? "";
  if (!isSignedByShopify(raw, signature, signingSecrets())) throw refused(401);
  const body = parseJson(raw);
  const named =
    typeof body === "object" && body !== null && "shopify_domain" in body ? body.shopify_domain : "";
  const db = await database();
  const shop = await findShop(db, String(named).toLowerCase());
  if (!isInstalled(shop)) throw refused(404);
  return { db, shop, body };
}

/** A request of a merchant's program, whose key is looked at by whoever answers it. */
export function apiRequest(request: Request): ApiRequest {
  return {
    ...{ method: request.method, url: request.url, headers: request.headers },
    // What stands last in the list a proxy of ours has written.
    address: forwardedFor(request).at(-1) ?? null,
    read: (largest) =>
      readBody(request, largest).catch((error: unknown) => {
        if (error instanceof Response) return null;
        throw error;
      }),
  };
}

/** Somebody in a shop, before the shop is looked up; `null` where a guest asks. */
interface Visitor {
  shopDomain: string;
  customerId: number | null;
  address: string | null;
}

/** Somebody in a shop that has installed the app, and what they want. */
export interface Shopper extends Omit<Visitor, "shopDomain"> {
  db: Database;
  shop: Shop;
  body: unknown;
}

/** A wish of a shopper is some ids and words. */
const LARGEST_WISH = 4 * 1024;

/**
 * Who asks through a shop's app proxy. Throws the Response for everybody else: 401 without Shopify's signature, before anything else is
 * looked at, and then for what a page of the shop's own would not send.
 */
export function authenticateVisitor(request: Request): Visitor {
  if (request.method !== "POST") throw refused(405, { Allow: "POST" });
  const visitor = readProxyQuery(new URL(request.url).searchParams, signingSecrets(), Date.now());
  if (!visitor) throw refused(401);
  if (isFromElsewhere(request, visitor.shopDomain)) throw refused(403);
  if (!isJson(request)) throw refused(415);
  // As Shopify saw it.
  return { ...visitor, address: forwardedFor(request).at(0) ?? null };
}

/** Who asks from an extension. Throws the Response for everybody else: 401 without a session token of this moment, before anything else is looked at. */
export async function authenticateBuyer(request: Request): Promise<Visitor> {
  if (request.method !== "POST") throw refused(405, { Allow: "POST, OPTIONS" });
  const [, token = ""] = /^Bearer ([\w.-]+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
  const user = await readExtensionToken(token, config().SHOPIFY_API_KEY, signingSecrets());
  if (!user) throw refused(401);
  if (!isJson(request)) throw refused(415);
  return { ...user, address: addressOf(request) };
}

/** Nobody in particular: what they may is in the address that they open. */
export async function passerBy(request: Request): Promise<{ db: Database; address: string | null }> {
  return { db: await database(), address: addressOf(request) };
}

/** Of a browser that asks us without Shopify between: what stands first it may have written itself, what stands last a proxy of ours has. */
function addressOf(request: Request): string | null {
  return forwardedFor(request).at(-1) ?? null;
}

/** Extensions have no origin that could be named, and bring no cookies: what they may is in their token. */
export async function answerExtension(answer: () => Promise<Response>): Promise<Response> {
  const answered = await answer().catch((error: unknown) => {
    if (error instanceof Response) return error;
    throw error;
  });
  const { headers } = answered;
  headers.set("Access-Control-Allow-Origin", "*");
  headers.set("Access-Control-Allow-Methods", "POST");
  headers.set("Access-Control-Allow-Headers", "Authorization, Content-Type");
  headers.set("Access-Control-Expose-Headers", "Retry-After");
  headers.set("Access-Control-Max-Age", "7200");
  return answered;
}

/** What a visitor wants, and of which shop. Throws the Response where that has not installed the app, or the wish cannot be read. */
export async function readWish(request: Request, visitor: Visitor): Promise<Shopper> {
  const body = parseJson(await readBody(request, LARGEST_WISH));
  const db = await database();
  const { shopDomain, ...shopper } = visitor;
  const shop = await findShop(db, shopDomain);
  if (!isInstalled(shop)) throw refused(404);
  return { ...shopper, db, shop, body };
}

function forwardedFor(request: Request): string[] {
  const listed = request.headers.get("x-forwarded-for")?.split(",") ?? [];
  return listed.map((address) => address.trim()).filter(Boolean);
}

function refused(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { "Cache-Control": "no-store", ...headers } });
}

/** A form of another site cannot send it, and a script of one would be asked for leave that nobody gives. */
function isJson(request: Request): boolean {
  return /^application\/json *(;|$)/i.test(request.headers.get("content-type") ?? "");
}

/** Browsers say where a request comes from; Shopify does not promise to hand that on, and what is missing proves nothing. */
function isFromElsewhere(request: Request, shopDomain: string): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site !== "same-origin";
  const origin = request.headers.get("origin");
  if (origin === null) return false;
  // The shop's own domain stands in X-Forwarded-Host, unless a proxy of ours has put another one there.
  const asked = request.headers.get("x-forwarded-host")?.split(",")[0]?.trim();
  return ![shopDomain, ...(asked === undefined ? [] : [asked])].includes(hostOf(origin));
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : "";
}
