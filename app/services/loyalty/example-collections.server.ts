/** Which collections an example's product is in today, as Shopify answers. */
import { z } from "zod";
import type { Database } from "../../db/types.ts";
import { collectionsOfProducts } from "../../shopify/fetch-collections.server.ts";
import { askForPage } from "../customers/ask-for-page.server.ts";

const productIds = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** `null`: no product. Its collections are `null` where Shopify could not be asked. */
export async function collectionsOfExample(db: Database, shopId: number, text: string | null) {
  const asked = productIds.safeParse(text);
  if (!asked.success) return null;
  const productId = asked.data;
  const told = await askForPage(db, shopId, (client) => collectionsOfProducts(client, [productId]));
  return { productId, collectionIds: told && (told.get(productId) ?? []) };
}
