/** A shop whose storefront is on, with everything published once. */
import { expect } from "vitest";
import type { Database } from "../../app/db/types.ts";
import { publishProfiles } from "../../app/services/storefront/publish-profiles.server.ts";
import { publishProgramme } from "../../app/services/storefront/publish-programme.server.ts";
import { publishProducts } from "../../app/services/storefront/publish-products.server.ts";
import { republishShop } from "../../app/services/storefront/republish-shop.server.ts";
import { switchStorefront } from "../../app/services/storefront/switch-storefront.server.ts";
import { shopifyCounters } from "../../app/shopify/admin-client.server.ts";
import type { LocalShopify } from "./local-shopify.ts";
import { openProgramme, type OpenProgramme } from "./open-programme.ts";

export const never = new AbortController().signal;

/** What stands at Shopify in the app's own namespace; of the app's installation in its data. */
export function published({ shop }: OpenProgramme, owner: string): Record<string, string> {
  const fields = [...(shop.metafields.get(`gid://shopify/${owner}`)?.values() ?? [])];
  const own = fields.filter(({ namespace }) => /^(app--\d+|perennial)$/.test(namespace));
  return Object.fromEntries(own.map(({ key, value: text }) => [key, text]));
}

export const profile = (open: OpenProgramme, customerId = open.customer.id) =>
  published(open, `Customer/${customerId}`);

export const publish = (open: OpenProgramme) => publishProfiles(open.db, open.shopId, never);

/** How many requests it took. */
export async function requestsOf(work: () => Promise<unknown>): Promise<number> {
  const before = shopifyCounters.requests;
  await work();
  return shopifyCounters.requests - before;
}

export async function waiting({ db, shopId }: OpenProgramme): Promise<number> {
  return db.prisma.publication.count({ where: { shopId, ownerType: "customer", dueAt: { not: null } } });
}

/** A storefront that is on, with everything published once. */
export async function openPublished(local: LocalShopify, db: Database, members = 1): Promise<OpenProgramme> {
  const open = await openProgramme(local, db, { members });
  expect(await switchStorefront(db, open.shopId, true)).toMatchObject({
    ok: false,
    scopes: ["write_products"],
  });
  expect(await waiting(open)).toBe(0);
  open.shop.installation?.scopes.push("write_products");
  expect(await switchStorefront(db, open.shopId, true)).toEqual({ ok: true, state: "on" });
  await republishShop(db, open.shopId, never);
  await publish(open);
  await publishProducts(db, open.shopId, never);
  await publishProgramme(db, open.shopId, never);
  expect(await waiting(open)).toBe(0);
  return open;
}
