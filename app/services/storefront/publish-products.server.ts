/** Publishes what goes with each product, onto the product's own metafields. */
import { GOES_WITH_LENGTH } from "../../core/recommendations/customer-lists.ts";
import type { RetryAt } from "../../core/retry-at.ts";
import { productList, type Contents } from "../../core/storefront/metafields.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { goesWith } from "../recommendations/recommend-for.server.ts";
import { publishOwners, type OwnerKind } from "./publish-owners.server.ts";

const PRODUCTS: OwnerKind = { type: "product", contentsOf: companionsOf };

export async function publishProducts(
  db: Database,
  shopId: number,
  signal: AbortSignal,
  longestMs?: number,
): Promise<RetryAt | void> {
  return publishOwners(db, shopId, PRODUCTS, signal, longestMs);
}

async function companionsOf(
  db: Database,
  shop: Shop,
  productIds: readonly number[],
): Promise<Map<number, Contents>> {
  const companions = await goesWith(db, shop.id, productIds);
  return new Map(
    [...companions].map(([id, others]) => [
      id,
      { goes_with: productList(others.slice(0, GOES_WITH_LENGTH)) },
    ]),
  );
}
