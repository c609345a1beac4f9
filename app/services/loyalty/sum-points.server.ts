/**
 * Sums the ledger up by month, in the background: pages and files about all points read some thousand sums, however many postings there are.
 * A month is summed up anew until nothing can be added to it.
 */
import { monthOf, shopCalendar } from "../../core/calendar.ts";
import type { NewJob } from "../../core/job.ts";
import { pointsMonth } from "../../core/loyalty/points-month.ts";
import { RULE_BOUNDS } from "../../core/loyalty/rule-bounds.ts";
import { summedPostings } from "../../db/bulk/summed-postings.ts";
import { firstTransactionAt, nextDueAt } from "../../db/queries/ledger-span.server.ts";
import { pointsMonths, savePointsMonths } from "../../db/stores/points-months.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { monthStarts, startOfMonth } from "./month-starts.ts";
import { activeShop } from "../sync/active-shop.server.ts";

/** Clocks of several processes differ, and a transaction's time is the one at which it was decided. */
const LATE_MS = 3_600_000;

export async function sumPoints(
  db: Database,
  shopId: number,
  signal: AbortSignal,
  now = Date.now(),
): Promise<void> {
  const shop = await activeShop(db, shopId);
  const firstAt = shop && (await firstTransactionAt(db, shopId));
  if (!shop || firstAt === null) return;
  const { timeZone } = shop;
  const calendar = shopCalendar(timeZone);
  const [first, last] = [firstAt, now].map((at) => monthOf(calendar.dayOf(at))) as [number, number];
  const known = await pointsMonths(db, shopId, timeZone);
  const closed = new Set(known.flatMap(({ isFinal, summed }) => (isFinal ? [summed.month] : [])));
  const starts = monthStarts(first, last + RULE_BOUNDS.expiryMonths.most + 1, calendar);
  for (let month = first; month <= last; month++) {
    if (closed.has(month)) continue;
    signal.throwIfAborted();
    // Read before the postings: what is written meanwhile falls due later.
    const due = await nextDueAt(db, shopId);
    const [from, end] = [startOfMonth(month, calendar), startOfMonth(month + 1, calendar)];
    const through = Math.min(now, end);
    const summed = pointsMonth(month, await summedPostings(db, shopId, { from, before: through }, starts));
    const isFinal = end + LATE_MS <= now && (due === null || due >= end);
    await db.write(async (tx) => {
      // Summed up in the zone that the shop had.
      if ((await activeShop(tx, shopId))?.timeZone !== timeZone) return;
      await savePointsMonths(tx, shopId, [{ timeZone, through, isFinal, summed }]);
      failpoint("sum-points:before-commit");
    });
    failpoint("sum-points:after-commit");
  }
}

/** At most one of a shop waits. */
export function sumPointsJob(shopId: number, runAt = Date.now()): NewJob<"sum-points"> {
  return { shopId, kind: "sum-points", payload: {}, key: "sum-points", queue: "sum-points", runAt };
}
