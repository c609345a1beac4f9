/** One page of what brings people back: by first product, by product, or by pair of products, with the products' titles. */
import type { Coverage } from "../../core/metrics/coverage.ts";
import type { FirstProducts } from "../../core/metrics/first-products.ts";
import { pageOf, type Paging } from "../../core/metrics/paged.ts";
import type { PairPage } from "../../core/metrics/product-tables.ts";
import type { ProductPair } from "../../core/metrics/product-pairs.ts";
import type { ProductFigures, Products } from "../../core/metrics/products.ts";
import { repeatRate, type RepeatRate } from "../../core/metrics/repeat-rate.ts";
import type { View } from "../../core/metrics/view.ts";
import type { Database } from "../../db/database.server.ts";
import { productsTitled, productTitles } from "../../db/queries/product-titles.server.ts";
import { PRODUCT_ROWS, type ProductQuery } from "./product-query.ts";
import { shopMetrics } from "./shop-metrics.server.ts";

interface Titled {
  /** `null`: Shopify no longer knows the product. */
  title: string | null;
}

interface Page<Row> {
  rows: Row[];
  /** Rows on all pages. */
  total: number;
  coverage: Coverage;
}

type FirstProductRow = FirstProducts["products"][number] & Titled;
type ProductRow = ProductFigures & Titled;
type PairRow = ProductPair & { firstTitle: string | null; secondTitle: string | null };

export interface FirstReport extends Page<FirstProductRow> {
  table: "first";
  all: RepeatRate | null;
  others: FirstProducts["others"];
  unknown: FirstProducts["unknown"];
}
export type ProductsReport = Page<ProductRow> & { table: "products" } & Omit<Products, "products">;
export type PairsReport = Page<PairRow> & { table: "together" | "next" } & Omit<PairPage, "rows" | "total">;
export type ProductReport = FirstReport | ProductsReport | PairsReport;

/** A search that fits more products than this is no search. */
const PRODUCTS_FOUND = 5_000;

/** `null`: no such shop. `rows`: how many at most, of the page that the query names. */
export async function reportProducts(
  db: Database,
  shopId: number,
  { period }: Pick<View, "period">,
  query: ProductQuery,
  rows = PRODUCT_ROWS,
): Promise<ProductReport | null> {
  const { withinDays, search, page, descending } = query;
  const only = search === "" ? undefined : await productsTitled(db, shopId, search, PRODUCTS_FOUND);
  const options = withinDays === null ? { period } : { period, withinDays };
  const paging = { descending, offset: (page - 1) * rows, limit: rows, only };
  switch (query.table) {
    case "first": {
      const sort = query.sort as ProductQuery<"first">["sort"];
      const answer = await shopMetrics(db.url, shopId, { question: "firstProducts", options });
      return answer && firstReport(db, shopId, answer.figures, answer.coverage, { ...paging, sort });
    }
    case "products": {
      const sort = query.sort as ProductQuery<"products">["sort"];
      const asked = { ...options, page: { ...paging, sort } };
      const answer = await shopMetrics(db.url, shopId, { question: "products", options: asked });
      if (!answer) return null;
      const { figures, coverage } = answer;
      return { table: "products", ...figures, coverage, rows: await titled(db, shopId, figures.rows) };
    }
    case "together":
    case "next": {
      const sort = query.sort as ProductQuery<"next">["sort"];
      const asked = { ...options, page: { ...paging, sort } };
      const answer =
        query.table === "together"
          ? await shopMetrics(db.url, shopId, { question: "productsTogether", options: asked })
          : await shopMetrics(db.url, shopId, { question: "productsNext", options: asked });
      if (!answer) return null;
      const { figures, coverage } = answer;
      const found = await pairsTitled(db, shopId, figures.rows);
      return { table: query.table, ...figures, coverage, rows: found };
    }
  }
}

async function firstReport(
  db: Database,
  shopId: number,
  { products, others, unknown }: FirstProducts,
  coverage: Coverage,
  paging: Paging<ProductQuery<"first">["sort"]>,
): Promise<FirstReport> {
  const { rows, total } = pageOf(
    products,
    paging,
    (row, sort) => row[sort],
    ({ productId }) => [productId],
  );
  const everybody = [...products, ...(others ? [others] : []), ...(unknown ? [unknown] : [])];
  const sum = (count: (rate: RepeatRate) => number) =>
    everybody.reduce((before, rate) => before + count(rate), 0);
  const customers = sum((rate) => rate.customers);
  return {
    table: "first",
    all:
      customers === 0
        ? null
        : repeatRate(
            sum((rate) => rate.repeatCustomers),
            customers,
          ),
    others,
    unknown,
    coverage,
    total,
    rows: await titled(db, shopId, rows),
  };
}

async function titled<Row extends { productId: number }>(
  db: Database,
  shopId: number,
  rows: readonly Row[],
): Promise<(Row & Titled)[]> {
  const titles = await productTitles(
    db,
    shopId,
    rows.map(({ productId }) => productId),
  );
  return rows.map((row) => ({ ...row, title: titles.get(row.productId) ?? null }));
}

async function pairsTitled(db: Database, shopId: number, rows: readonly ProductPair[]): Promise<PairRow[]> {
  const ids = new Set(rows.flatMap(({ firstId, secondId }) => [firstId, secondId]));
  const titles = await productTitles(db, shopId, [...ids]);
  return rows.map((row) => ({
    ...row,
    firstTitle: titles.get(row.firstId) ?? null,
    secondTitle: titles.get(row.secondId) ?? null,
  }));
}
