/** Who is let in: merchants with a session token of Shopify's, webhooks with its signature; and what a first load costs. */
import { createHmac, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as authentication from "../../app/authentication.server.ts";
import { createTestDatabase } from "../support/database.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import type { ShopState } from "../../devstore/state/model.ts";
import { createShop } from "../../devstore/state/world.ts";

const SHOP = "door.myshopify.com";
let local: LocalShopify;
let shop: ShopState;
let app: typeof authentication;
let remove: () => void;

beforeAll(async () => {
  const database = await createTestDatabase("sqlite");
  remove = database.remove;
  process.env["DATABASE_URL"] = database.url;
  process.env["SHOPIFY_API_SECRET_PREVIOUS"] = "old-secret";
  local = await startLocalShopify();
  app = await import("../../app/authentication.server.ts");
  const made = createShop(local.world, { domain: SHOP, currency: "USD", plan: "plus" });
  if (!made.ok) throw new Error(made.message);
  shop = made.value;
});

afterAll(async () => {
  const { database } = await import("../../app/db/database.server.ts");
  await (await database()).close();
  await local.stop();
  remove();
});

/** A request as App Bridge sends it. */
function pageRequest(token: string): Request {
  return new Request("http://localhost/app.data", {
    headers: { Authorization: `Bearer ${token}`, "User-Agent": "Mozilla/5.0 Chrome/153.0.0.0" },
  });
}

async function refusal(work: Promise<unknown>): Promise<number> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Response) return error.status;
    throw error;
  }
  return 0;
}

describe("a merchant", () => {
  test("is let in, the app installed once, and the token exchanged once for all loaders", async () => {
    local.devstore.install(SHOP);
    const request = pageRequest(local.devstore.sessionToken(SHOP));
    const context = {};
    const merchants = await Promise.all([1, 2, 3].map(() => app.authenticateMerchant({ request, context })));
    expect(new Set(merchants.map((merchant) => merchant.shop.id)).size).toBe(1);
    expect(merchants[0]?.shop).toMatchObject({ domain: SHOP, currency: "USD", installGeneration: 1 });
    expect(shop.installation?.accessTokens.size).toBe(1);

    const again = await app.authenticateMerchant({
      request: pageRequest(local.devstore.sessionToken(SHOP)),
      context: {},
    });
    expect(again.shop.installGeneration).toBe(1);
    expect(shop.installation?.accessTokens.size).toBe(1);
  });

  test("is turned away with a token that is forged, another app's, or none", async () => {
    const token = local.devstore.sessionToken(SHOP);
    const [header = "", payload = ""] = token.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
    const signed = (changed: object, secret: string) => {
      const body = `${header}.${Buffer.from(JSON.stringify({ ...claims, ...changed })).toString("base64url")}`;
      return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
    };
    const forged = [
      `${header}.${payload}.AAAA`,
      signed({}, "another secret"),
      signed({ aud: "another-app" }, "test-secret"),
      signed({ exp: Math.floor(Date.now() / 1000) - 3600 }, "test-secret"),
      "no.token.at-all",
    ];
    for (const token of forged) {
      expect(await refusal(app.authenticateMerchant({ request: pageRequest(token), context: {} }))).toBe(401);
    }
    const open = new Request("http://localhost/app", {
      headers: { "User-Agent": "Mozilla/5.0 Chrome/153.0.0.0" },
    });
    expect(await refusal(app.authenticateMerchant({ request: open, context: {} }))).toBe(302);
  });

  test("each loader that is refused gets an answer of its own", async () => {
    const request = pageRequest("no.token.at-all");
    const context = {};
    const answers = await Promise.all(
      [1, 2].map(() => app.authenticateMerchant({ request, context }).catch((error: unknown) => error)),
    );
    expect(answers[0]).toBeInstanceOf(Response);
    expect(answers[0]).not.toBe(answers[1]);
  });
});

describe("a webhook", () => {
  const body = JSON.stringify({ id: 5, note: "größer" });
  const request = (secret: string, headers: Record<string, string> = {}, text = body) =>
    new Request("http://localhost/webhooks/orders", {
      method: "POST",
      body: text,
      headers: {
        "X-Shopify-Hmac-Sha256": createHmac("sha256", secret).update(body).digest("base64"),
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Event-Id": randomUUID(),
        "X-Shopify-Triggered-At": "2026-03-01T12:00:00.000Z",
        ...headers,
      },
    });

  test("is believed by its signature over the raw body, by the old secret too after a rotation", async () => {
    for (const secret of ["test-secret", "old-secret"]) {
      expect(await app.authenticateWebhook(request(secret))).toMatchObject({
        shopDomain: SHOP,
        topic: "orders/create",
        triggeredAt: Date.parse("2026-03-01T12:00:00Z"),
        payload: { id: 5, note: "größer" },
      });
    }
  });

  test("is refused with 401 for any other signature, whatever else is wrong with it", async () => {
    const refused = (attempt: Request) => refusal(app.authenticateWebhook(attempt));
    expect(await refused(request("stolen"))).toBe(401);
    expect(await refused(request("test-secret", {}, body.replace("5", "6")))).toBe(401);
    expect(await refused(request("test-secret", { "X-Shopify-Hmac-Sha256": "" }))).toBe(401);
    expect(await refused(request("stolen", { "X-Shopify-Topic": "" }, "{"))).toBe(401);
  });

  test("is refused where it names no shop or event, or is no POST", async () => {
    const refused = (attempt: Request) => refusal(app.authenticateWebhook(attempt));
    expect(await refused(request("test-secret", { "X-Shopify-Shop-Domain": "evil.example.com" }))).toBe(400);
    expect(await refused(request("test-secret", { "X-Shopify-Event-Id": "" }))).toBe(400);
    expect(await refused(new Request("http://localhost/webhooks/orders"))).toBe(405);
  });

  test("larger than any of Shopify's is refused unread", async () => {
    const huge = request("test-secret", {}, "x".repeat(10 * 1024 * 1024 + 1));
    expect(await refusal(app.authenticateWebhook(huge))).toBe(413);
  });
});
