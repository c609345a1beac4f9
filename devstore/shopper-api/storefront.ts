/**
 * The Storefront API, as far as extensions ask it: products by id with what they are called, look like and cost where the shopper is, and
 * the collections that they are in. Every collection here is published in the online store.
 */
import { notSimulated } from "../admin-api/errors.ts";
import { gid, parseGid } from "../admin-api/ids.ts";
import { decimal } from "../admin-api/money.ts";
import { presentmentMinor } from "../state/money.ts";
import type { CollectionState, ProductState, VariantState } from "../state/model.ts";
import { pictureOf } from "./customer-account.ts";
import { shopperFields, type ShopperContext, type ShopperTables } from "./shopper-context.ts";

type OfProduct = { __typename: "Product"; product: ProductState };

/** What the online store does not show is not there. */
function productOf(id: unknown, { shop }: ShopperContext): OfProduct | null {
  const parsed = parseGid(String(id));
  const product = parsed?.type === "Product" ? shop.products.get(parsed.id) : undefined;
  return product?.status === "ACTIVE" ? { __typename: "Product", product } : null;
}

function variantsOf({ variantIds }: ProductState, { shop }: ShopperContext): VariantState[] {
  return variantIds.flatMap((id) => shop.variants.get(id) ?? []);
}

function priceOf(variant: Pick<VariantState, "priceMinor">, { shop, market }: ShopperContext) {
  const minor = presentmentMinor(variant.priceMinor, shop.currency, market.currency, market.rate);
  return { amount: decimal(minor, market.currency), currencyCode: market.currency };
}

export const storefrontTables: ShopperTables = {
  QueryRoot: shopperFields<unknown>({
    nodes: (_source, { ids }, context) => (ids as string[]).map((id) => productOf(id, context)),
    product: (_source, { id }, context) => productOf(id, context),
  }),
  Product: shopperFields<OfProduct>({
    id: ({ product }) => gid("Product", product.id),
    title: ({ product }) => product.title,
    handle: ({ product }) => product.handle,
    vendor: ({ product }) => product.vendor,
    productType: ({ product }) => product.productType,
    isGiftCard: ({ product }) => product.isGiftCard,
    onlineStoreUrl: ({ product }, _args, { origin }) => `${origin}/products/${product.handle}`,
    featuredImage: ({ product }, _args, { origin }) => pictureOf(product.id, product.title, origin),
    collections: ({ product }, { first, after, before, last, reverse }, { shop }) => {
      if ((after ?? before ?? last ?? null) !== null || reverse === true)
        throw notSimulated("A page of a product's collections but the first");
      const all = [...shop.collections.values()].filter(({ productIds }) => productIds.includes(product.id));
      return { nodes: all.slice(0, Number(first)), hasNextPage: all.length > Number(first) };
    },
    availableForSale: ({ product }, _args, context) =>
      variantsOf(product, context).some(({ soldOut }) => soldOut !== true),
    priceRange: ({ product }, _args, context) => {
      const byPrice = variantsOf(product, context).toSorted((a, b) => a.priceMinor - b.priceMinor);
      const none = { priceMinor: 0 };
      return {
        minVariantPrice: priceOf(byPrice[0] ?? none, context),
        maxVariantPrice: priceOf(byPrice.at(-1) ?? none, context),
      };
    },
  }),
  CollectionConnection: shopperFields<{ nodes: CollectionState[]; hasNextPage: boolean }>({
    nodes: ({ nodes }) => nodes,
    pageInfo: ({ hasNextPage }) => ({ __typename: "PageInfo", hasNextPage }),
  }),
  Collection: shopperFields<CollectionState>({
    id: ({ id }) => gid("Collection", id),
    title: ({ title }) => title,
  }),
  PageInfo: shopperFields<{ hasNextPage: boolean }>({ hasNextPage: ({ hasNextPage }) => hasNextPage }),
  Image: shopperFields<{ url: string; altText: string }>({
    url: ({ url }) => url,
    altText: ({ altText }) => altText,
    width: () => 600,
    height: () => 600,
  }),
};
