/** When the months of a shop begin, on its own clock. */
import { firstDayOfMonth, startOfDay, type ShopCalendar } from "../../core/calendar.ts";
import type { MonthStart } from "../../db/bulk/month-sql.ts";

export function startOfMonth(month: number, calendar: ShopCalendar): number {
  return startOfDay(firstDayOfMonth(month), calendar);
}

/** Both included. */
export function monthStarts(first: number, last: number, calendar: ShopCalendar): MonthStart[] {
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    month: first + index,
    at: startOfMonth(first + index, calendar),
  }));
}
