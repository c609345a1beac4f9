/** Products, their variants and the inventory items that know what a unit costs. */
import type { CollectionState, ProductState, VariantState } from "../../state/model.ts";
import { listConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { gid, parseGid } from "../ids.ts";
import { decimalAmount } from "../../state/money.ts";
import { dateTime } from "../time.ts";
import { fields, type Fields } from "./fields.ts";
import { metafieldFields } from "./metafield.ts";
import {
  collectionSource,
  imageSource,
  inventoryItemSource,
  pictureSource,
  productSource,
  variantSource,
  type CollectionSource,
  type PictureSource,
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

function collectionsOf(product: ProductState, { shop }: Context): CollectionState[] {
  return [...shop.collections.values()].filter(({ productIds }) => productIds.includes(product.id));
}

/** As wide and as high as what `devstore/storefront/images.ts` draws. */
const PICTURE_PIXELS = 600;

/** A drawing is as sharp in every size; the address names the one that was asked for, as Shopify's do. */
function pictureUrl(origin: string, domain: string, productId: number, transform: unknown): string {
  const url = new URL(`/cdn/shop/products/${productId}.svg`, origin);
  url.searchParams.set("v", "1");
  url.searchParams.set("shop", domain);
  const { maxWidth, maxHeight } = (transform ?? {}) as { maxWidth?: number; maxHeight?: number };
  if (maxWidth) url.searchParams.set("width", String(maxWidth));
  if (maxHeight) url.searchParams.set("height", String(maxHeight));
  return url.href;
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
    featuredMedia: ({ product }) => pictureSource(product),
    category: () => null,
    hasOnlyDefaultVariant: ({ product }) => product.variantIds.length === 1,
    variantsCount: ({ product }) => ({ count: product.variantIds.length, precision: "EXACT" }),
    variants: ({ product }, args, context) =>
      listConnection(variantsOf(product, context).map(variantSource), args),
    collections: ({ product }, args, context) =>
      listConnection(collectionsOf(product, context).map(collectionSource), args),
    inCollection: ({ product }, args, { shop }) => {
      const asked = parseGid(String(args["id"]));
      return shop.collections.get(asked?.id ?? 0)?.productIds.includes(product.id) ?? false;
    },
    priceRangeV2: ({ product }, _args, context) => {
      const prices = variantsOf(product, context).map(({ priceMinor }) => priceMinor);
      const price = (minor: number) => ({ minor, currency: context.shop.currency });
      const known = prices.length === 0 ? [0] : prices;
      return { min: price(Math.min(...known)), max: price(Math.max(...known)) };
    },
  }),
  Collection: fields<CollectionSource>({
    id: ({ collection }) => gid("Collection", collection.id),
    legacyResourceId: ({ collection }) => String(collection.id),
    title: ({ collection }) => collection.title,
    updatedAt: ({ collection }) => dateTime(collection.updatedAt),
    productsCount: ({ collection }) => ({ count: collection.productIds.length, precision: "EXACT" }),
    products: ({ collection }, args, { shop }) => {
      const products = collection.productIds.flatMap((id) => shop.products.get(id) ?? []);
      return listConnection(products.map(productSource), args);
    },
    hasProduct: ({ collection }, args) =>
      collection.productIds.includes(parseGid(String(args["id"]))?.id ?? 0),
  }),
  MediaImage: fields<PictureSource>({
    id: ({ product }) => gid("MediaImage", product.id),
    alt: () => "",
    mediaContentType: () => "IMAGE",
    mimeType: () => "image/svg+xml",
    status: () => "READY",
    createdAt: ({ product }) => dateTime(product.createdAt),
    updatedAt: ({ product }) => dateTime(product.updatedAt),
    image: (source) => imageSource(source.product),
    preview: (source) => ({ status: "READY", image: imageSource(source.product) }),
  }),
  MediaPreviewImage: fields<{ status: string; image: unknown }>({
    status: ({ status }) => status,
    image: ({ image }) => image,
  }),
  Image: fields<PictureSource>({
    id: ({ product }) => gid("ImageSource", product.id),
    altText: () => "",
    width: () => PICTURE_PIXELS,
    height: () => PICTURE_PIXELS,
    url: ({ product }, args, { shop, bulk }) =>
      pictureUrl(bulk.baseUrl, shop.domain, product.id, args["transform"]),
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
