/** A shop's token works for as long as the app is installed: refreshed once, whoever asks, and given up when it is dead. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase, type Database } from "../../app/db/database.server.ts";
import { parseKeys, seal } from "../../app/db/seal.server.ts";
import { loadSession, tokenContext } from "../../app/db/stores/sessions.server.ts";
import { ensureShop } from "../../app/db/stores/shops.server.ts";
import { adminFor } from "../../app/services/access/admin-access.server.ts";
import { keepOfflineSession, readOfflineSession } from "../../app/services/access/offline-session.server.ts";
import { SHOP_FACTS } from "../../app/shopify/operations/shop.ts";
import type { ShopState } from "../../devstore/state/model.ts";
import { createShop } from "../../devstore/state/world.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { APP, startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";

const MINUTE = 60_000;
let local: LocalShopify;
let shops = 0;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

describeOnBothDatabases("a shop's admin access", (open) => {
  /** An installed shop whose stored token ends then; `refreshAnswers` changes what Shopify answers a refresh with. */
  async function installed(
    expiresInMs: number | null,
  ): Promise<{ db: Database; shop: ShopState; shopId: number }> {
    const db = await open();
    shops += 1;
    const made = createShop(local.world, {
      domain: `access-${shops}.myshopify.com`,
      currency: "USD",
      plan: "plus",
    });
    if (!made.ok) throw new Error(made.message);
    const shop = made.value;
    local.devstore.install(shop.domain);
    const pair = await exchange(shop);
    await keepOfflineSession(db, shop.domain, {
      sessionId: `offline_${shop.domain}`,
      scope: "read_orders",
      accessToken: pair.access_token,
      expiresAt: expiresInMs === null ? null : Date.now() + expiresInMs,
      refreshToken: pair.refresh_token,
      refreshExpiresAt: Date.now() + 90 * 24 * 60 * MINUTE,
    });
    const { id: shopId } = await db.write((tx) => ensureShop(tx, shop.domain));
    return { db, shop, shopId };
  }

  async function asks(db: Database, shopId: number): Promise<string> {
    return (await (await adminFor(db, shopId)).request(SHOP_FACTS)).shop.myshopifyDomain;
  }

  const refreshesOf = (shop: ShopState) =>
    [...(shop.installation?.refreshTokens.values() ?? [])].filter(({ usedAt }) => usedAt !== null).length;

  test("is used as it is while it holds", async () => {
    const { db, shop, shopId } = await installed(30 * MINUTE);
    expect(await asks(db, shopId)).toBe(shop.domain);
    expect(refreshesOf(shop)).toBe(0);
  });

  test("is refreshed before it ends, once, by all processes together", async () => {
    const { db, shop, shopId } = await installed(MINUTE);
    const before = await readOfflineSession(db, shopId);
    const other = await openDatabase(db.url);
    try {
      const all = Array.from({ length: 12 }, (_, index) => asks(index % 2 ? db : other, shopId));
      expect(new Set(await Promise.all(all))).toEqual(new Set([shop.domain]));
    } finally {
      await other.close();
    }
    const after = await readOfflineSession(db, shopId);
    expect(after?.accessToken).not.toBe(before?.accessToken);
    expect(after?.expiresAt).toBeGreaterThan(Date.now() + 50 * MINUTE);
    expect(after?.refreshToken).not.toBe(before?.refreshToken);
    expect(refreshesOf(shop)).toBe(1);
    // One exchange, one refresh: nobody else got a pair.
    expect(shop.installation?.accessTokens.size).toBe(2);
  });

  test("is refreshed when Shopify refuses it before its time", async () => {
    const { db, shop, shopId } = await installed(30 * MINUTE);
    shop.installation?.accessTokens.clear();
    expect(await asks(db, shopId)).toBe(shop.domain);
    expect(refreshesOf(shop)).toBe(1);
  });

  test("outlives a refresher that died with the lease", async () => {
    const { db, shop, shopId } = await installed(MINUTE);
    await db.write(async (tx) => {
      await tx.prisma.session.updateMany({ where: { shopId }, data: { leasedAt: Date.now() - 19_000 } });
    });
    const from = Date.now();
    expect(await asks(db, shopId)).toBe(shop.domain);
    expect(Date.now() - from).toBeGreaterThan(500);
    expect(refreshesOf(shop)).toBe(1);
  });

  test("without an end is used until it is refused", async () => {
    const { db, shop, shopId } = await installed(null);
    expect(await asks(db, shopId)).toBe(shop.domain);
    expect(refreshesOf(shop)).toBe(0);
  });

  test("is given up where the app was removed, and asks for the merchant", async () => {
    const { db, shop, shopId } = await installed(30 * MINUTE);
    shop.installation = null;
    const gone = { kind: "unauthorized", retry: "never", codes: ["REAUTHORISE"] };
    await expect(asks(db, shopId)).rejects.toMatchObject(gone);
    expect(await loadSession(db, shopId)).toBeNull();
    await expect(adminFor(db, shopId)).rejects.toMatchObject(gone);
  });

  test("sealed with a key that is gone counts as none, so that the merchant's next page brings another", async () => {
    const { db, shop, shopId } = await installed(30 * MINUTE);
    const lost = parseKeys(`lost:${Buffer.alloc(32, 9).toString("base64")}`);
    const accessToken = seal(lost, "shpat_x", tokenContext(shopId, "access"));
    await db.write((tx) => tx.prisma.session.update({ where: { shopId }, data: { accessToken } }));
    expect(await readOfflineSession(db, shopId)).toBeNull();
    await expect(adminFor(db, shopId)).rejects.toMatchObject({ kind: "unauthorized" });
    const pair = await exchange(shop);
    await keepOfflineSession(db, shop.domain, {
      sessionId: `offline_${shop.domain}`,
      scope: "read_orders",
      accessToken: pair.access_token,
      expiresAt: null,
      refreshToken: null,
      refreshExpiresAt: null,
    });
    expect(await asks(db, shopId)).toBe(shop.domain);
  });

  test("that a page brought meanwhile is not thrown away with a dead one", async () => {
    const { db, shop, shopId } = await installed(30 * MINUTE);
    const client = await adminFor(db, shopId);
    const installation = shop.installation;
    installation?.accessTokens.clear();
    installation?.refreshTokens.clear();
    const pair = await exchange(shop);
    await keepOfflineSession(db, shop.domain, {
      sessionId: `offline_${shop.domain}`,
      scope: "read_orders",
      accessToken: pair.access_token,
      expiresAt: Date.now() + 60 * MINUTE,
      refreshToken: pair.refresh_token,
      refreshExpiresAt: null,
    });
    expect((await client.request(SHOP_FACTS)).shop.myshopifyDomain).toBe(shop.domain);
    expect((await readOfflineSession(db, shopId))?.accessToken).toBe(pair.access_token);
  });
});

/** A token exchange as the app's library makes it. */
async function exchange(shop: ShopState): Promise<{ access_token: string; refresh_token: string }> {
  const response = await fetch(`${local.devstore.url}/admin/oauth/access_token`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Shopify-Shop": shop.domain },
    body: JSON.stringify({
      client_id: APP.clientId,
      client_secret: APP.clientSecret,
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: local.devstore.sessionToken(shop.domain),
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
      expiring: "1",
    }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as { access_token: string; refresh_token: string };
}
