/** By what customers' futures are told on pages that are not about value itself: what was learnt of the shop, at the usual discount. */
import { chanceFit, nobodyLeaves, valueSource, type ModelUse } from "../../core/clv/customer-estimates.ts";
import { loadValueModel } from "../../db/stores/value-models.server.ts";
import type { Database } from "../../db/types.ts";
import { USUAL_DISCOUNT_PERCENT } from "./load-value.server.ts";

export interface Learnt {
  use: ModelUse;
  /** Customers have chances, which rules do not know. */
  hasChances: boolean;
  /** And may leave for good. */
  canLeave: boolean;
}

/** `null`: nothing yet. */
export async function loadLearnt(
  db: Database,
  shopId: number,
  discountPercent = USUAL_DISCOUNT_PERCENT,
): Promise<Learnt | null> {
  const stored = await loadValueModel(db, shopId);
  if (!stored) return null;
  const fit = chanceFit(stored.model);
  return {
    use: {
      model: valueSource(stored.model),
      modelVersion: stored.fittedAt,
      yearlyDiscount: discountPercent / 100,
    },
    hasChances: fit !== null,
    canLeave: fit !== null && !nobodyLeaves(fit),
  };
}
