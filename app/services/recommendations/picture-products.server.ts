/** Pictures of the products that a page shows, from Shopify as it answers: their addresses are handed on and kept nowhere. */
import { chunks } from "../../db/plain.ts";
import type { Database } from "../../db/types.ts";
import { gidOf, idOf } from "../../shopify/gid.ts";
import { PRODUCT_PICTURES } from "../../shopify/operations/goods.ts";
import { askForPage } from "../customers/ask-for-page.server.ts";

/** A question about this many costs about a tenth of what the slowest plan gives in a second. */
const IDS_AT_ONCE = 50;

/** Addresses by id; what has no picture is missing. `null`: Shopify could not be asked. */
export async function pictureProducts(
  db: Database,
  shopId: number,
  productIds: readonly number[],
): Promise<Readonly<Record<number, string>> | null> {
  const pictures: Record<number, string> = {};
  for (const some of chunks([...new Set(productIds)], IDS_AT_ONCE)) {
    const ids = some.map((id) => gidOf("Product", id));
    const answer = await askForPage(db, shopId, (client) => client.request(PRODUCT_PICTURES, { ids }));
    if (!answer) return null;
    for (const node of answer.nodes) {
      const url = node && "featuredMedia" in node ? node.featuredMedia?.preview?.image?.url : undefined;
      if (node && "id" in node && typeof url === "string") pictures[idOf(node.id)] = url;
    }
  }
  return pictures;
}
