/** The page of products: what its address asks for, and the table, which may come later. */
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { PRODUCT_PERIOD, readProductQuery } from "./product-query.ts";
import { readView } from "./read-view.server.ts";
import { reportProducts } from "./report-products.server.ts";
import { shopBounds } from "./shop-bounds.server.ts";

export async function openProducts(db: Database, shop: Shop, request: Request) {
  const bounds = await shopBounds(db.url, shop);
  const view = readView(request, shop, bounds, Date.now(), PRODUCT_PERIOD);
  const query = readProductQuery(new URL(request.url).searchParams);
  const isEmpty = bounds.lastDay === null;
  return { view, query, isEmpty, report: isEmpty ? null : reportProducts(db, shop.id, view, query) };
}
