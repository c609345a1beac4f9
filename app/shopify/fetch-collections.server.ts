/** Which collections products are in, as Shopify knows it now: it keeps no history of them. */
import type { AdminClient } from "./admin-client.server.ts";
import { withFittingSize } from "./fitting-size.ts";
import type { ProductCollectionsFragment } from "./generated/admin.generated.d.ts";
import { gidOf, idOf } from "./gid.ts";
import { COLLECTIONS_OF_PRODUCTS, MORE_PRODUCT_COLLECTIONS } from "./operations/collections.ts";
import { ShopifyError } from "./shopify-error.ts";

/** Ids of collections by product. */
export type ProductCollections = ReadonlyMap<number, readonly number[]>;

/** A product that is there no more is in none. */
export async function collectionsOfProducts(
  client: AdminClient,
  productIds: readonly number[],
): Promise<ProductCollections> {
  const collections = new Map<number, number[]>();
  for (let at = 0; at < productIds.length;) {
    const rest = productIds.length - at;
    const { ids, nodes } = await withFittingSize(client, "collections", rest, async (size) => {
      const ids = productIds.slice(at, at + size);
      const gids = ids.map((id) => gidOf("Product", id));
      return { ids, nodes: (await client.request(COLLECTIONS_OF_PRODUCTS, { ids: gids })).nodes };
    });
    at += ids.length;
    for (const [index, id] of ids.entries()) {
      const node = nodes[index];
      collections.set(id, node && "collections" in node ? await allCollections(client, node) : []);
    }
  }
  return collections;
}

async function allCollections(
  client: AdminClient,
  { id, collections }: ProductCollectionsFragment,
): Promise<number[]> {
  const ids = collections.nodes.map((node) => idOf(node.id));
  for (let page = collections.pageInfo; page.hasNextPage;) {
    const variables = { id, after: page.endCursor ?? null };
    const more = (await client.request(MORE_PRODUCT_COLLECTIONS, variables)).product?.collections;
    if (!more) throw new ShopifyError("cut-answer", `${id} changed while it was read.`);
    ids.push(...more.nodes.map((node) => idOf(node.id)));
    page = more.pageInfo;
  }
  return ids;
}
