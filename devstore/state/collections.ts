/** Collections of products, each put together by hand. Nobody is told of them: no webhook follows. */
import type { CollectionState, ShopState, World } from "./model.ts";
import { fail, succeed, type Result } from "./result.ts";
import { newId, now, wholeSecond } from "./world.ts";

export function createCollection(
  world: World,
  shop: ShopState,
  input: { title: string; productIds?: number[]; at?: number },
): Result<CollectionState> {
  if (input.title.trim() === "") return fail("invalid", "Title can't be blank.", ["title"]);
  const missing = missingAmong(shop, input.productIds);
  if (missing) return missing;
  const collection: CollectionState = {
    id: newId(world, "collection"),
    title: input.title,
    productIds: [...new Set(input.productIds)],
    updatedAt: wholeSecond(input.at ?? now(world)),
  };
  shop.collections.set(collection.id, collection);
  shop.revision += 1;
  return succeed(collection);
}

/** `productIds` are all that it has from then on. */
export function updateCollection(
  world: World,
  shop: ShopState,
  input: { collectionId: number; title?: string; productIds?: number[]; at?: number },
): Result<CollectionState> {
  const collection = shop.collections.get(input.collectionId);
  if (!collection) return fail("not-found", "The collection does not exist.", ["collectionId"]);
  if (input.title?.trim() === "") return fail("invalid", "Title can't be blank.", ["title"]);
  const missing = missingAmong(shop, input.productIds);
  if (missing) return missing;
  if (input.title !== undefined) collection.title = input.title;
  if (input.productIds) collection.productIds = [...new Set(input.productIds)];
  collection.updatedAt = wholeSecond(input.at ?? now(world));
  shop.revision += 1;
  return succeed(collection);
}

export function deleteCollection(
  _world: World,
  shop: ShopState,
  input: { collectionId: number },
): Result<number> {
  if (!shop.collections.delete(input.collectionId))
    return fail("not-found", "The collection does not exist.", ["collectionId"]);
  shop.revision += 1;
  return succeed(input.collectionId);
}

function missingAmong(shop: ShopState, productIds: readonly number[] = []): Result<never> | null {
  const isThere = productIds.every((id) => shop.products.has(id));
  return isThere ? null : fail("not-found", "A product does not exist.", ["productIds"]);
}
