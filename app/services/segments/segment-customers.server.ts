/** The customers behind a rule, some at a time. */
import type { SegmentCustomer, SegmentPiece } from "../../core/segments/segment-customers.ts";
import type { SegmentRule } from "../../core/segments/segment-rule.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import { segmentOptions } from "./ask-segments.server.ts";

/** Rows asked of the columns thread at a time: so few that pages asked for meanwhile wait little. */
const ROWS_AT_ONCE = 5_000;

export async function* customersBehind(
  db: Database,
  shop: Shop,
  rule: SegmentRule,
  withValues: boolean,
): AsyncGenerator<SegmentCustomer[]> {
  const options = await segmentOptions(db, shop, [rule], withValues);
  let after: number | null = 0;
  while (after !== null) {
    const answer: { figures: SegmentPiece } | null = await shopMetrics(db.url, shop.id, {
      question: "segmentCustomers",
      options: { ...options, rule, after, size: ROWS_AT_ONCE },
    });
    if (!answer) return;
    yield answer.figures.customers;
    after = answer.figures.after;
  }
}
