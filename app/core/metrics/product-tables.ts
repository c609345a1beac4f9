/** The columns by which the tables of products and of pairs are sorted, and one page of each. */
import { pageOf, type Paged, type Paging } from "./paged.ts";
import type { ProductPair, ProductPairs } from "./product-pairs.ts";
import type { ProductFigures, Products } from "./products.ts";

export const PRODUCT_SORTS = [
  "netMinor",
  "orders",
  "buyers",
  "units",
  "refundRate",
  "again",
  "same",
  "medianDaysToSame",
] as const;
export type ProductSort = (typeof PRODUCT_SORTS)[number];

export const PAIR_SORTS = ["liftLow", "lift", "orders", "share", "buyers", "again"] as const;
export type PairSort = (typeof PAIR_SORTS)[number];

export type ProductPage = Omit<Products, "products"> & Paged<ProductFigures>;
export type PairPage = Omit<ProductPairs, "pairs"> & Paged<ProductPair>;

export function productPage({ products, ...whole }: Products, page: Paging<ProductSort>): ProductPage {
  return { ...whole, ...pageOf(products, page, productFigure, ({ productId }) => [productId]) };
}

function productFigure(row: ProductFigures, sort: ProductSort): number | null {
  return sort === "again" || sort === "same" ? (row[sort]?.rate ?? null) : row[sort];
}

export function pairPage({ pairs, ...whole }: ProductPairs, page: Paging<PairSort>): PairPage {
  return { ...whole, ...pageOf(pairs, page, pairFigure, ({ firstId, secondId }) => [firstId, secondId]) };
}

function pairFigure(row: ProductPair, sort: PairSort): number | null {
  return sort === "again" ? (row.again?.rate ?? null) : row[sort];
}
