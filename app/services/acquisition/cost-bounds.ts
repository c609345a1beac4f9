/** The months that can have an acquisition cost: from when there was online trade to the current one of the shop. */
import { monthOf, shopCalendar } from "../../core/calendar.ts";
import type { CostBounds } from "../../core/clv/cost-file.ts";
import { EARLIEST_DAY } from "../../core/metrics/view.ts";
import type { Shop } from "../../db/stores/shops.server.ts";

export function costBounds(
  { currency, timeZone }: Pick<Shop, "currency" | "timeZone">,
  now: number,
): CostBounds {
  return {
    currency,
    firstMonth: monthOf(EARLIEST_DAY),
    lastMonth: monthOf(shopCalendar(timeZone).dayOf(now)),
  };
}
