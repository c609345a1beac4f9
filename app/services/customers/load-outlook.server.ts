/** What can be told of one customer's future, by what was learnt of the whole shop. */
import type { CustomerOutlook } from "../../core/clv/customer-outlook.ts";
import type { Stated } from "../../core/metrics/coverage.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { revenueSwitches } from "../metrics/revenue-switches.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import { loadLearnt } from "../value/load-learnt.server.ts";

interface LoadedOutlook {
  /** Percent a year. */
  discount: number;
  /** Known before the rest, so that room can be kept for it. */
  room: "values" | "chances" | "curve";
  /** `null`: nothing has been learnt of the shop yet. */
  told: Promise<Stated<CustomerOutlook>> | null;
}

export async function loadOutlook(
  db: Database,
  shop: Shop,
  { customerId, discount }: { customerId: number; discount: number },
): Promise<LoadedOutlook> {
  const learnt = await loadLearnt(db, shop.id, discount);
  if (!learnt) return { discount, room: "values", told: null };
  const { hasChances, canLeave, use } = learnt;
  const { included } = revenueSwitches(shop);
  const told = shopMetrics(db.url, shop.id, {
    question: "customerOutlook",
    options: { customerId, ...use, included },
  }).then((stated) => {
    if (!stated) throw new Error(`no shop ${shop.id}`);
    return stated;
  });
  return { discount, room: canLeave ? "curve" : hasChances ? "chances" : "values", told };
}
