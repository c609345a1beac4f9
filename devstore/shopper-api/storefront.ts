/** The Storefront API, as far as extensions ask it: products by id with what they are called, look like and cost where the shopper is. */
import { gid, parseGid } from "../admin-api/ids.ts";
import { decimal } from "../admin-api/money.ts";
import { presentmentMinor } from "../state/money.ts";
import type { ProductState, VariantState } from "../state/model.ts";
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
  Image: shopperFields<{ url: string; altText: string }>({
    url: ({ url }) => url,
    altText: ({ altText }) => altText,
    width: () => 600,
    height: () => 600,
  }),
};
