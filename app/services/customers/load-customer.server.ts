/** One customer's figures and orders, with what it takes to show them. */
import type { Included } from "../../core/metrics/amounts.ts";
import type { CustomerHistory } from "../../core/metrics/customer-history.ts";
import type { Stated } from "../../core/metrics/coverage.ts";
import { productTitles } from "../../db/queries/product-titles.server.ts";
import type { Database } from "../../db/types.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";

export interface LoadedCustomer extends Pick<Stated<unknown>, "coverage" | "asOf"> {
  /** `null`: no order names the customer. */
  history: CustomerHistory | null;
  /** Of the orders' lead products, by id. */
  titles: Map<number, string>;
}

export async function loadCustomer(
  db: Database,
  shopId: number,
  { customerId, before, included }: { customerId: number; before: number | undefined; included: Included },
): Promise<LoadedCustomer> {
  const options = { customerId, before, included };
  const stated = await shopMetrics(db.url, shopId, { question: "customerHistory", options });
  if (!stated) throw new Error(`no shop ${shopId}`);
  const { figures: history, coverage, asOf } = stated;
  const products = history?.page.flatMap(({ leadProductId }) => leadProductId ?? []) ?? [];
  return { history, coverage, asOf, titles: await productTitles(db, shopId, products) };
}
