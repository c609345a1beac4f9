/** Why customers may have left: what they had said of their orders, beside what those said who came back. */
import { shopCalendar } from "../../core/calendar.ts";
import type { Stated } from "../../core/metrics/coverage.ts";
import type { OrderIntervals } from "../../core/metrics/order-intervals.ts";
import type { Period } from "../../core/metrics/period.ts";
import { leaving, type Leaving } from "../../core/survey/leaving.ts";
import { surveyOutcomes } from "../../db/queries/survey-outcomes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";

export interface LeavingReasons extends Leaving {
  /** Who has not ordered again for so long has left. */
  days: number;
}

const BOUNDS = { least: 30, most: 365, unknown: 90 };

/** Twice the time within which three quarters of reorders of the period come: a shop of coffee waits for less than one of shoes. */
export function daysUntilLeft({ upperQuartileDays }: Pick<OrderIntervals, "upperQuartileDays">): number {
  if (upperQuartileDays === null) return BOUNDS.unknown;
  return Math.min(BOUNDS.most, Math.max(BOUNDS.least, Math.ceil(2 * upperQuartileDays)));
}

/** `null`: nobody has said anything of an order that is long enough ago. */
export async function leavingReasons(
  db: Database,
  { id, timeZone }: Pick<Shop, "id" | "timeZone">,
  period: Period,
  intervals: Promise<Stated<OrderIntervals>>,
  now = Date.now(),
): Promise<LeavingReasons | null> {
  const days = daysUntilLeft((await intervals).figures);
  // Every order has had the whole time, so that none counts as the last that is only late.
  const lastDay = Math.min(period.lastDay, shopCalendar(timeZone).dayOf(now) - days - 1);
  const found = leaving(await surveyOutcomes(db, id, { firstDay: period.firstDay, lastDay, days }));
  return found.left + found.back === 0 ? null : { ...found, days };
}
