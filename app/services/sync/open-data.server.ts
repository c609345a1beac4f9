/** The page of data: the sync, its repairs and failures, and what the figures stand on, which may come later. */
import { dataOverview } from "../../db/queries/data-overview.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import { canReadAllOrders } from "./readable-history.server.ts";

export async function openData(db: Database, shop: Shop) {
  return {
    ...(await dataOverview(db, shop.id, Date.now())),
    hasProgramme: (await findProgramme(db, shop.id)) !== null,
    readsAllOrders: canReadAllOrders(shop),
    // Over all time: the question itself is the smallest there is.
    stated: shopMetrics(db.url, shop.id, { question: "bounds", options: {} }),
  };
}
