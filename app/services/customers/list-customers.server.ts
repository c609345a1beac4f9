/** A page of the shop's customers with what it takes to show it. */
import type { Included } from "../../core/metrics/amounts.ts";
import type { CustomerFilter } from "../../core/customers/customer-filter.ts";
import type { CustomerPage } from "../../core/customers/customer-page.ts";
import type { Stated } from "../../core/metrics/coverage.ts";
import type { ModelUse } from "../../core/clv/customer-estimates.ts";
import type { LeftCart } from "../../core/clv/what-to-do.ts";
import { leftCarts } from "../../db/queries/left-carts.server.ts";
import { productTitles } from "../../db/queries/product-titles.server.ts";
import type { Database } from "../../db/types.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import type { Learnt } from "../value/load-learnt.server.ts";
import type { CustomerList } from "./read-customer-list.server.ts";

export interface ListedCustomers {
  stated: Stated<CustomerPage>;
  /** Of the first products, by id. */
  titles: Map<number, string>;
}

type ListAsked = Pick<CustomerList, "filter" | "sort" | "descending" | "after" | "before">;

export async function listCustomers(
  db: Database,
  shopId: number,
  { filter, sort, descending, after, before }: ListAsked,
  included: Included,
  learnt: Learnt | null = null,
): Promise<ListedCustomers> {
  const expected = await expectedBy(db, shopId, filter, learnt);
  const options = { filter, sort, descending, after, before, included, ...expected };
  const stated = await shopMetrics(db.url, shopId, { question: "customerPage", options });
  if (!stated) throw new Error(`no shop ${shopId}`);
  const { rows, commonFirstProductIds } = stated.figures;
  const shown = rows.flatMap(({ firstProductId }) => firstProductId ?? []);
  return { stated, titles: await productTitles(db, shopId, [...shown, ...commonFirstProductIds]) };
}

/** By what customers' futures are told. Whom something to do is about may follow from carts, which are read only for that. */
export async function expectedBy(
  db: Database,
  shopId: number,
  { action }: CustomerFilter,
  learnt: Learnt | null,
): Promise<{ learnt?: ModelUse; carts?: LeftCart[] }> {
  return { ...(learnt && { learnt: learnt.use }), ...(action && { carts: await leftCarts(db, shopId) }) };
}
