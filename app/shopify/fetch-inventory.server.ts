/**
 * Which products are sold from inventory items. What a unit costs is a fact of its item and may change while nothing of the product
 * does, its time of change included.
 */
import type { AdminClient } from "./admin-client.server.ts";
import { updatedSince } from "./bulk-queries.ts";
import { withFittingSize } from "./fitting-size.ts";
import type { ItemProductsFragment } from "./generated/admin.generated.d.ts";
import { gidOf, idOf } from "./gid.ts";
import { INVENTORY_ITEMS_BY_ID, INVENTORY_ITEMS_PAGE } from "./operations/products.ts";

/** An item that Shopify no longer knows has none. */
export async function productsOfItems(client: AdminClient, itemIds: readonly number[]): Promise<Set<number>> {
  const productIds = new Set<number>();
  for (let at = 0; at < itemIds.length;) {
    const { count, nodes } = await withFittingSize(client, "items", itemIds.length - at, async (size) => {
      const ids = itemIds.slice(at, at + size).map((id) => gidOf("InventoryItem", id));
      return { count: ids.length, nodes: (await client.request(INVENTORY_ITEMS_BY_ID, { ids })).nodes };
    });
    at += count;
    for (const node of nodes) if (node && "variants" in node) addProducts(productIds, node);
  }
  return productIds;
}

/** Products of the items that changed since a time of Shopify's, page by page. */
export async function* productsOfChangedItems(
  client: AdminClient,
  sinceMs: number,
): AsyncGenerator<Set<number>> {
  const query = updatedSince(sinceMs);
  let after: string | null = null;
  do {
    const { nodes, pageInfo } = await withFittingSize(client, "items", Infinity, async (first) => {
      return (await client.request(INVENTORY_ITEMS_PAGE, { first, after, query })).inventoryItems;
    });
    const productIds = new Set<number>();
    for (const node of nodes) addProducts(productIds, node);
    yield productIds;
    after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
  } while (after !== null);
}

function addProducts(productIds: Set<number>, { variants }: ItemProductsFragment): void {
  for (const { product } of variants?.nodes ?? []) productIds.add(idOf(product.id));
}
