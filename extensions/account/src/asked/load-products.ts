/** Products by their ids, as the shopper sees them where they are; what the online store does not show is left out. */
import { PRODUCTS } from "./operations.ts";

export interface Product {
  id: string;
  title: string;
  /** `null`: it is not published there. */
  onlineStoreUrl: string | null;
  availableForSale: boolean;
  featuredImage: { url: string; altText: string | null } | null;
  priceRange: Record<"maxVariantPrice" | "minVariantPrice", { amount: string; currencyCode: string }>;
}

export async function loadProducts(ids: readonly string[]): Promise<Product[]> {
  if (ids.length === 0) return [];
  const { country, language } = shopify.localization;
  const variables = {
    ids,
    country: country.value?.isoCode,
    // `pt-BR` is PT_BR there.
    language: language.value.isoCode.toUpperCase().replace("-", "_"),
  };
  const { data, errors } = await shopify.query<{ nodes: (Product | null)[] }>(PRODUCTS, { variables });
  if (!data || errors?.length) throw new Error(errors?.[0]?.message ?? "Shopify answered nothing");
  return data.nodes.filter((node) => node !== null && node.onlineStoreUrl !== null) as Product[];
}
