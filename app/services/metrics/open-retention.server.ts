/** The page of retention: what its address asks for, and the answers, each of which comes when it is there. */
import type { View } from "../../core/metrics/view.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { leavingReasons } from "./leaving-reasons.server.ts";
import { RETENTION_PERIOD, readRetention } from "./read-retention.server.ts";
import { readView } from "./read-view.server.ts";
import {
  firstProductRates,
  orderIntervals,
  shownCohorts,
  timeToSecondOrder,
  yearRetention,
} from "./retention.server.ts";
import { shopBounds } from "./shop-bounds.server.ts";
import { whenPainted } from "./when-painted.ts";

export async function openRetention(db: Database, shop: Shop, request: Request) {
  const bounds = await shopBounds(db.url, shop);
  const view: View = readView(request, shop, bounds, Date.now(), RETENTION_PERIOD);
  const begin = whenPainted(request);
  const { grain, within } = readRetention(new URL(request.url).searchParams);
  const scope = { db, shopId: shop.id, view };
  /** `null` without an order. */
  const answers = () => {
    // Asked first: the page begins with them.
    const cohorts = shownCohorts(scope, grain);
    const intervals = begin(() => orderIntervals(scope));
    return {
      cohorts,
      below: {
        year: begin(() => yearRetention(scope)),
        intervals,
        secondOrder: begin(() => timeToSecondOrder(scope)),
        firstProducts: begin(() => firstProductRates(scope, within)),
        leaving: leavingReasons(db, shop, view.period, intervals),
      },
    };
  };
  return { view, grain, within, answers: bounds.firstDay === null ? null : answers() };
}
