/** What Shopify can answer a refresh with, and what each answer means for the shop. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refreshTokenPair } from "./refresh-token.server.ts";

let server: Server;
let answer: { status: number; body: string };

beforeAll(async () => {
  server = createServer((_, response) => {
    response.writeHead(answer.status, { "Content-Type": "application/json" }).end(answer.body);
  });
  server.listen(0);
  await once(server, "listening");
  Object.assign(process.env, {
    SHOPIFY_API_KEY: "key",
    SHOPIFY_API_SECRET: "secret",
    SHOPIFY_APP_URL: "http://localhost:3000",
    ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 1).toString("base64")}`,
    DEMO_SHOPIFY_ORIGIN: `http://localhost:${(server.address() as AddressInfo).port}`,
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function refresh(status: number, body: object | string) {
  answer = { status, body: typeof body === "string" ? body : JSON.stringify(body) };
  return refreshTokenPair("demo.myshopify.com", "shprt_old");
}

test("a new pair with its ends", async () => {
  const from = Date.now();
  const outcome = await refresh(200, {
    access_token: "shpat_new",
    scope: "read_orders",
    expires_in: 3600,
    refresh_token: "shprt_new",
    refresh_token_expires_in: 7_776_000,
  });
  if (!outcome.ok) throw new Error(outcome.reason);
  expect(outcome.pair).toMatchObject({
    accessToken: "shpat_new",
    refreshToken: "shprt_new",
    scope: "read_orders",
  });
  expect(outcome.pair.expiresAt).toBeGreaterThanOrEqual(from + 3_600_000);
  expect(outcome.pair.expiresAt).toBeLessThan(from + 3_700_000);
});

test("a token without an end holds until it is refused", async () => {
  expect(await refresh(200, { access_token: "shpat_new" })).toEqual({
    ok: true,
    pair: {
      accessToken: "shpat_new",
      scope: null,
      expiresAt: null,
      refreshToken: null,
      refreshExpiresAt: null,
    },
  });
});

test.each([
  [400, { error: "invalid_grant" }],
  [400, { error: "app_not_installed" }],
  [401, ""],
  [404, "<html>"],
])("%s %j: this refresh token is dead", async (status, body) => {
  expect(await refresh(status, body)).toEqual({ ok: false, reason: "refused" });
});

test.each([
  [503, "", "server", "later"],
  [429, "", "server", "later"],
  [200, "{", "cut-answer", "later"],
  // Our own secret is wrong: the shop's token is not to be thrown away for it.
  [400, { error: "invalid_client" }, "forbidden", "never"],
])("%s %j: the token may still live", async (status, body, kind, retry) => {
  await expect(refresh(status, body)).rejects.toMatchObject({ kind, retry });
});
