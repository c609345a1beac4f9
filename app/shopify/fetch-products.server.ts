/** Products with all their variants, by id: what a product's first page of variants left out is fetched as well. */
import type { AdminClient } from "./admin-client.server.ts";
import { withFittingSize } from "./fitting-size.ts";
import type { WholeProductFragment } from "./generated/admin.generated.d.ts";
import { gidOf } from "./gid.ts";
import type { ProductNode, VariantNode } from "./mapping.ts";
import { MORE_PRODUCT_VARIANTS, PRODUCTS_BY_ID } from "./operations/products.ts";
import { ShopifyError } from "./shopify-error.ts";

/** An id that Shopify no longer knows is in `missing`. */
export async function productsById(
  client: AdminClient,
  productIds: readonly number[],
): Promise<{ products: ProductNode[]; missing: number[] }> {
  const products: ProductNode[] = [];
  const missing: number[] = [];
  for (let at = 0; at < productIds.length;) {
    const { ids, nodes } = await withFittingSize(client, "products", productIds.length - at, async (size) => {
      const ids = productIds.slice(at, at + size);
      const answer = await client.request(PRODUCTS_BY_ID, { ids: ids.map((id) => gidOf("Product", id)) });
      return { ids, nodes: answer.nodes };
    });
    at += ids.length;
    for (const [index, id] of ids.entries()) {
      const node = nodes[index];
      if (node && "variants" in node) products.push(await completeProduct(client, node));
      else missing.push(id);
    }
  }
  return { products, missing };
}

async function completeProduct(client: AdminClient, product: WholeProductFragment): Promise<ProductNode> {
  const { id } = product;
  const variants: VariantNode[] = [...product.variants.nodes];
  for (let page = product.variants.pageInfo; page.hasNextPage;) {
    const variables = { id, after: page.endCursor ?? null };
    const more = (await client.request(MORE_PRODUCT_VARIANTS, variables)).product?.variants;
    if (!more) throw new ShopifyError("cut-answer", `${id} changed while it was read.`);
    variants.push(...more.nodes);
    page = more.pageInfo;
  }
  return { ...product, variants };
}
