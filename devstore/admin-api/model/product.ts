/** Products, their variants and the inventory items that know what a unit costs. */
import type { ProductState, VariantState } from "../../state/model.ts";
import { listConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { gid } from "../ids.ts";
import { decimalAmount } from "../../state/money.ts";
import { dateTime } from "../time.ts";
import { fields, type Fields } from "./fields.ts";
import { metafieldFields } from "./metafield.ts";
import {
  inventoryItemSource,
  productSource,
  variantSource,
  type ProductSource,
  type VariantSource,
} from "./sources.ts";

function variantsOf(product: ProductState, context: Context): VariantState[] {
  return product.variantIds.flatMap((id) => context.shop.variants.get(id) ?? []);
}

function productOf(variant: VariantState, context: Context): ProductState {
  const product = context.shop.products.get(variant.productId);
  if (!product) throw new Error(`variant ${variant.id} has no product`);
  return product;
}

/** What the types around products answer. */
export const productTypes: Readonly<Record<string, Fields>> = {
  Product: fields<ProductSource>({
    ...metafieldFields((source: ProductSource) => gid("Product", source.product.id)),
    id: ({ product }) => gid("Product", product.id),
    legacyResourceId: ({ product }) => String(product.id),
    title: ({ product }) => product.title,
    handle: ({ product }) => product.handle,
    productType: ({ product }) => product.productType,
    vendor: ({ product }) => product.vendor,
    status: ({ product }) => product.status,
    tags: ({ product }) => product.tags,
    isGiftCard: ({ product }) => product.isGiftCard,
    createdAt: ({ product }) => dateTime(product.createdAt),
    updatedAt: ({ product }) => dateTime(product.updatedAt),
    publishedAt: ({ product }) => (product.status === "ACTIVE" ? dateTime(product.createdAt) : null),
    description: () => "",
    descriptionHtml: () => "",
    featuredMedia: () => null,
    category: () => null,
    hasOnlyDefaultVariant: ({ product }) => product.variantIds.length === 1,
    variantsCount: ({ product }) => ({ count: product.variantIds.length, precision: "EXACT" }),
    variants: ({ product }, args, context) =>
      listConnection(variantsOf(product, context).map(variantSource), args),
    priceRangeV2: ({ product }, _args, context) => {
      const prices = variantsOf(product, context).map(({ priceMinor }) => priceMinor);
      const price = (minor: number) => ({ minor, currency: context.shop.currency });
      const known = prices.length === 0 ? [0] : prices;
      return { min: price(Math.min(...known)), max: price(Math.max(...known)) };
    },
  }),
  ProductPriceRangeV2: fields<{ min: unknown; max: unknown }>({
    minVariantPrice: ({ min }) => min,
    maxVariantPrice: ({ max }) => max,
  }),
  ProductVariant: fields<VariantSource>({
    ...metafieldFields((source: VariantSource) => gid("ProductVariant", source.variant.id)),
    id: ({ variant }) => gid("ProductVariant", variant.id),
    legacyResourceId: ({ variant }) => String(variant.id),
    title: ({ variant }) => variant.title,
    displayName: ({ variant }, _args, context) => `${productOf(variant, context).title} - ${variant.title}`,
    sku: ({ variant }) => variant.sku,
    barcode: () => null,
    price: ({ variant }, _args, context) => decimalAmount(variant.priceMinor, context.shop.currency),
    compareAtPrice: () => null,
    position: ({ variant }, _args, context) => productOf(variant, context).variantIds.indexOf(variant.id) + 1,
    taxable: ({ variant }, _args, context) => !productOf(variant, context).isGiftCard,
    availableForSale: ({ variant }, _args, context) => productOf(variant, context).status === "ACTIVE",
    createdAt: ({ variant }) => dateTime(variant.createdAt),
    updatedAt: ({ variant }) => dateTime(variant.updatedAt),
    product: ({ variant }, _args, context) => productSource(productOf(variant, context)),
    inventoryItem: ({ variant }) => inventoryItemSource(variant),
  }),
  InventoryItem: fields<VariantSource>({
    id: ({ variant }) => gid("InventoryItem", variant.inventoryItemId),
    legacyResourceId: ({ variant }) => String(variant.inventoryItemId),
    sku: ({ variant }) => variant.sku,
    tracked: () => false,
    requiresShipping: ({ variant }, _args, context) => !productOf(variant, context).isGiftCard,
    createdAt: ({ variant }) => dateTime(variant.createdAt),
    updatedAt: ({ variant }) => dateTime(variant.updatedAt),
    unitCost: ({ variant }, _args, context) =>
      variant.unitCostMinor === null
        ? null
        : { minor: variant.unitCostMinor, currency: context.shop.currency },
    variant: ({ variant }) => variantSource(variant),
    variants: ({ variant }, args) => listConnection([variantSource(variant)], args),
  }),
};
