import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  CLIENT,
  EXCHANGE,
  requestToken,
  SHOP,
  startTestShop,
  type TestShop,
} from "../admin-api/test-shop.ts";
import { uninstallApp } from "../state/shop-actions.ts";
import { moveClock } from "../state/world.ts";
import { readSessionToken } from "./session-token.ts";

interface Grant {
  access_token: string;
  scope: string;
  expires_in?: number;
  refresh_token?: string;
  refresh_token_expires_in?: number;
}

describe("access tokens", () => {
  let test: TestShop;
  beforeEach(async () => {
    test = await startTestShop("read_orders,read_products");
  });
  afterEach(() => test.devstore.stop());

  async function ask(
    fields: Record<string, string>,
  ): Promise<{ status: number; body: Grant & { error?: string } }> {
    const response = await requestToken(test.devstore, fields);
    return { status: response.status, body: (await response.json()) as Grant & { error?: string } };
  }

  const exchange = (subject_token: string, expiring = "1") => ask({ ...EXCHANGE, subject_token, expiring });

  async function works(token: string): Promise<boolean> {
    const response = await fetch(`${test.devstore.url}/admin/api/2026-07/graphql.json`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-Shopify-Shop": SHOP,
        "X-Shopify-Access-Token": token,
      },
      body: JSON.stringify({ query: "{ shop { id } }" }),
    });
    return response.status === 200;
  }

  it("exchanges a session token for an offline token of an hour with a refresh token of 90 days", async () => {
    const { status, body } = await exchange(test.devstore.sessionToken(SHOP));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      scope: "read_orders,read_products",
      expires_in: 3600,
      refresh_token_expires_in: 7_776_000,
    });
    expect(await works(body.access_token)).toBe(true);
    moveClock(test.world, 3_601_000);
    expect(await works(body.access_token)).toBe(false);
  });

  it("gives one lasting token where an expiring one is not asked for", async () => {
    const first = await exchange(test.devstore.sessionToken(SHOP), "0");
    const second = await exchange(test.devstore.sessionToken(SHOP), "0");
    expect(first.body).toEqual({
      access_token: second.body.access_token,
      scope: "read_orders,read_products",
    });
    moveClock(test.world, 100 * 86_400_000);
    expect(await works(first.body.access_token)).toBe(true);
  });

  it("rotates refresh tokens, with a minute of grace for a lost answer", async () => {
    const { body } = await exchange(test.devstore.sessionToken(SHOP));
    const refresh = (refresh_token = "") => ask({ grant_type: "refresh_token", refresh_token });
    const next = await refresh(body.refresh_token);
    expect(next.status).toBe(200);
    expect(next.body.refresh_token).not.toBe(body.refresh_token);
    expect(await works(next.body.access_token)).toBe(true);
    expect((await refresh(body.refresh_token)).status).toBe(200);
    moveClock(test.world, 61_000);
    expect(await refresh(body.refresh_token)).toMatchObject({
      status: 400,
      body: { error: "invalid_grant" },
    });
    expect((await refresh(next.body.refresh_token)).status).toBe(200);
    expect((await refresh("shprt_unknown")).status).toBe(400);
  });

  it.each([
    ["expired", { exp: 1_000 }],
    ["not valid yet", { nbf: 4_000_000_000 }],
    ["meant for another app", { aud: "other" }],
    ["of another shop", { dest: "https://other.myshopify.com", iss: "https://other.myshopify.com/admin" }],
    ["of two shops", { iss: "https://other.myshopify.com/admin" }],
  ])("refuses a session token that is %s", async (_what, claims) => {
    expect(await exchange(forged(claims))).toMatchObject({
      status: 400,
      body: { error: "invalid_subject_token" },
    });
  });

  it("refuses a wrong signature, a wrong secret, client credentials and a shop without the app", async () => {
    expect((await exchange(`${test.devstore.sessionToken(SHOP).slice(0, -4)}AAAA`)).body.error).toBe(
      "invalid_subject_token",
    );
    expect((await ask({ ...EXCHANGE, client_secret: "wrong", subject_token: "" })).body.error).toBe(
      "invalid_client",
    );
    expect((await ask({ grant_type: "client_credentials" })).body.error).toBe("unsupported_grant_type");
    const { body } = await exchange(test.devstore.sessionToken(SHOP));
    uninstallApp(test.world, test.shop);
    expect(await works(body.access_token)).toBe(false);
    expect((await exchange(forged({}))).body.error).toBe("app_not_installed");
  });

  function forged(claims: Record<string, unknown>): string {
    const [header = "", payload = ""] = test.devstore.sessionToken(SHOP).split(".");
    const original = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
    const text = `${header}.${Buffer.from(JSON.stringify({ ...original, ...claims })).toString("base64url")}`;
    return `${text}.${createHmac("sha256", CLIENT.clientSecret).update(text).digest("base64url")}`;
  }

  it("mints tokens that live a minute", () => {
    const token = readSessionToken(test.devstore.sessionToken(SHOP), CLIENT, SHOP);
    expect(token.ok && token.payload.exp - token.payload.iat).toBe(60);
  });
});
