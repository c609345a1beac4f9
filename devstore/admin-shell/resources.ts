/** What the resource picker offers, in the shape that App Bridge hands to apps. */
import { decimalAmount } from "../state/money.ts";
import type { ProductState, ShopState, VariantState } from "../state/model.ts";

function variantOf(shop: ShopState, variant: VariantState) {
  return {
    id: `gid://shopify/ProductVariant/${variant.id}`,
    title: variant.title,
    displayName: `${shop.products.get(variant.productId)?.title ?? ""} - ${variant.title}`,
    sku: variant.sku,
    price: decimalAmount(variant.priceMinor, shop.currency),
    product: { id: `gid://shopify/Product/${variant.productId}` },
  };
}

function productOf(shop: ShopState, product: ProductState) {
  const variants = product.variantIds.flatMap((id) => shop.variants.get(id) ?? []);
  return {
    id: `gid://shopify/Product/${product.id}`,
    title: product.title,
    handle: product.handle,
    productType: product.productType,
    vendor: product.vendor,
    status: product.status,
    tags: product.tags,
    images: [],
    totalVariants: variants.length,
    hasOnlyDefaultVariant: variants.length === 1,
    variants: variants.map((variant) => variantOf(shop, variant)),
  };
}

export function resourcesOf(shop: ShopState, type: "collection" | "product" | "variant") {
  if (type === "product") return [...shop.products.values()].map((product) => productOf(shop, product));
  if (type === "variant") {
    return [...shop.variants.values()].map((variant) => {
      const made = variantOf(shop, variant);
      return { ...made, title: made.displayName };
    });
  }
  return [...shop.collections.values()].map(({ id, title, productIds }) => {
    return { id: `gid://shopify/Collection/${id}`, title, image: null, productsCount: productIds.length };
  });
}
