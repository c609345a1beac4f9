/** Publishes what goes with each product and which tiers may buy it, onto the product's own metafields. */
import { publishedAccess } from "../../core/loyalty/product-access.ts";
import { GOES_WITH_LENGTH } from "../../core/recommendations/customer-lists.ts";
import type { RetryAt } from "../../core/retry-at.ts";
import { productList, type Contents } from "../../core/storefront/metafields.ts";
import { accessRulesOf } from "../../db/stores/product-access.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { goesWith } from "../recommendations/recommend-for.server.ts";
import { publishOwners, type OwnerKind } from "./publish-owners.server.ts";

const PRODUCTS: OwnerKind = { type: "product", contentsOf };

export async function publishProducts(
  db: Database,
  shopId: number,
  signal: AbortSignal,
  longestMs?: number,
): Promise<RetryAt | void> {
  return publishOwners(db, shopId, PRODUCTS, signal, longestMs);
}

async function contentsOf(
  db: Database,
  shop: Shop,
  productIds: readonly number[],
): Promise<Map<number, Contents>> {
  const companions = await goesWith(db, shop.id, productIds);
  const access = await accessOf(db, shop.id, productIds);
  return new Map(
    productIds.map((id) => {
      const others = companions.get(id) ?? [];
      return [
        id,
        {
          goes_with: productList(others.slice(0, GOES_WITH_LENGTH)),
          access: access.get(id) ?? null,
        },
      ];
    }),
  );
}

/** Nobody is kept out while nobody can be in a tier. */
async function accessOf(
  db: Database,
  shopId: number,
  productIds: readonly number[],
): Promise<Map<number, string | null>> {
  const programme = await findProgramme(db, shopId);
  const tiers = programme?.state === "off" ? undefined : programme?.versions.at(-1)?.rules.tiers;
  if (!tiers) return new Map();
  return new Map(
    (await accessRulesOf(db, shopId, productIds)).map(({ productId, ...rule }) => {
      const published = publishedAccess(rule, tiers);
      return [productId, published && JSON.stringify(published)];
    }),
  );
}
