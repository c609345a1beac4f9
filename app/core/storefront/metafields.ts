/** Every metafield that storefront, checkout and account read, with its type: shopify.app.toml declares the same ones, and a test holds the two together. */

const PRODUCTS = "list.product_reference";

/** In the app's own namespace. `birthday` is written when a customer gives it, and by nobody else. */
export const CUSTOMER_METAFIELDS = {
  points: "number_integer",
  pending: "number_integer",
  membership: "json",
  tier: "json",
  buy_again: PRODUCTS,
  for_you: PRODUCTS,
  new_for_you: PRODUCTS,
  because: "json",
  because_products: PRODUCTS,
  birthday: "single_line_text_field",
} as const;

export type CustomerMetafield = keyof typeof CUSTOMER_METAFIELDS;

/** `access`: which tiers may buy it (app/core/loyalty/product-access.ts). */
const PRODUCT_METAFIELDS = { goes_with: PRODUCTS, access: "json" } as const;

/** Owned by the app's installation, which needs no definition: no other app can read or write them. */
const APP_METAFIELDS = { programme: "json", rules: "json", texts: "json", popular: PRODUCTS } as const;

/** What extensions in checkout and account know without asking us (ui-data.ts). */
const SHOP_METAFIELDS = { ui: "json" } as const;

/** Shopify's short name of the asking app's own namespace, and the one of the app's data in Liquid: `app.metafields.perennial`. */
export const OWN_NAMESPACE = "$app";
export const APP_NAMESPACE = "perennial";

export type OwnerType = "customer" | "product" | "app" | "shop";

export const METAFIELDS: Readonly<Record<OwnerType, Readonly<Record<string, string>>>> = {
  customer: CUSTOMER_METAFIELDS,
  product: PRODUCT_METAFIELDS,
  app: APP_METAFIELDS,
  shop: SHOP_METAFIELDS,
};

/** Values by key; `null`: nothing is to stand there. Keys that are missing are left alone. */
export type Contents = Readonly<Record<string, string | null>>;

/** A list of products as Shopify takes it; nothing where it is empty, because no value may be blank. */
export function productList(productIds: readonly number[]): string | null {
  if (productIds.length === 0) return null;
  return JSON.stringify(productIds.map((id) => `gid://shopify/Product/${id}`));
}
