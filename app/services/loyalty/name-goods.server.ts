/** What Shopify calls the goods that rewards and rules speak of, while a page shows them. */
import type { Database } from "../../db/types.ts";
import { gidOf, idOf } from "../../shopify/gid.ts";
import { GOODS_NAMES } from "../../shopify/operations/goods.ts";
import { askForPage } from "../customers/ask-for-page.server.ts";
import type { Names } from "../customers/name-records.server.ts";

/** By id; what Shopify does not know (any more) is missing. `null`: Shopify could not be asked. */
export async function nameVariants(
  db: Database,
  shopId: number,
  variantIds: readonly number[],
): Promise<Names<string>> {
  if (variantIds.length === 0) return {};
  const ids = variantIds.map((id) => gidOf("ProductVariant", id));
  const answer = await askForPage(db, shopId, (client) => client.request(GOODS_NAMES, { ids }));
  if (!answer) return null;
  const names: Record<number, string> = {};
  for (const node of answer.nodes) {
    if (node && "product" in node) names[idOf(node.id)] = variantName(node.product.title, node.title);
  }
  return names;
}

/** What Shopify calls the one variant of a product that has no others. */
const ONLY_VARIANT = "Default Title";

function variantName(product: string, variant: string): string {
  return variant === ONLY_VARIANT ? product : `${product}, ${variant}`;
}
