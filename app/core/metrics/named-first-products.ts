/** First products by name, as rows of a table: the products, then those too small to stand alone, then first orders without one. */
import type { FirstProducts } from "./first-products.ts";

/** In which a second order counts. */
export const WITHIN = ["ever", "90", "180", "365"] as const;
export type Within = (typeof WITHIN)[number];

interface NamedFirstProduct {
  name: string;
  /** How many products stand together in this row. */
  productCount?: number;
  customers: number;
  repeatCustomers: number;
  rate: number;
  low: number;
  high: number;
}

export interface NamedFirstProducts {
  rows: NamedFirstProduct[];
  /** Products that would be rows as well. */
  left: number;
}

/** `most` counts products only: the last two rows complete every table. */
export function nameFirstProducts(
  { products, others, unknown }: FirstProducts,
  titles: ReadonlyMap<number, string>,
  most = Infinity,
): NamedFirstProducts {
  const rows = uniquelyNamed(
    products
      .slice(0, most)
      .map(({ productId, ...rate }) => ({ productId, name: titles.get(productId), ...rate })),
  );
  if (others) {
    const { productCount } = others;
    rows.push({ name: productCount === 1 ? "1 other product" : `${productCount} other products`, ...others });
  }
  if (unknown) rows.push({ name: "No product known", ...unknown });
  return { rows, left: Math.max(0, products.length - most) };
}

/** Two products may have one title, and a deleted one has none: the id tells them apart. */
export function uniquelyNamed<Row extends { productId: number; name: string | undefined }>(
  products: readonly Row[],
): (Omit<Row, "productId" | "name"> & { name: string })[] {
  const counts = new Map<string, number>();
  for (const { name = "" } of products) counts.set(name, (counts.get(name) ?? 0) + 1);
  return products.map(({ productId, name, ...rate }) => ({
    name:
      name === undefined
        ? `Deleted product ${productId}`
        : counts.get(name) === 1
          ? name
          : `${name} (${productId})`,
    ...rate,
  }));
}
