/** What a merchant can do now, with the names of the products that it is about. */
import type { Action } from "../../core/clv/what-to-do.ts";
import type { Stated } from "../../core/metrics/coverage.ts";
import { leftCarts } from "../../db/queries/left-carts.server.ts";
import { productTitles } from "../../db/queries/product-titles.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { revenueSwitches } from "../metrics/revenue-switches.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import { loadLearnt } from "./load-learnt.server.ts";

export interface ToDo {
  stated: Stated<Action[]>;
  titles: Map<number, string>;
}

export async function loadToDo(db: Database, shop: Shop): Promise<ToDo> {
  const [learnt, carts] = await Promise.all([loadLearnt(db, shop.id), leftCarts(db, shop.id)]);
  const { included } = revenueSwitches(shop);
  const options = { ...(learnt && { learnt: learnt.use }), carts, included };
  const stated = await shopMetrics(db.url, shop.id, { question: "whatToDo", options });
  if (!stated) throw new Error(`no shop ${shop.id}`);
  const products = stated.figures.flatMap((action) => ("productId" in action ? [action.productId] : []));
  return { stated, titles: await productTitles(db, shop.id, products) };
}
