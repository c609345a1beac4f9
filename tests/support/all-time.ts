/** A page's view of all time, with nothing beside products counted as revenue. */
import { PRODUCTS_ONLY } from "../../app/core/metrics/amounts.ts";
import type { View } from "../../app/core/metrics/view.ts";

/** `today` is the shop's day. */
export function allTime(today: number): View {
  return {
    preset: "all-time",
    period: { firstDay: 0, lastDay: 0 },
    compareKind: "none",
    compare: null,
    included: PRODUCTS_ONLY,
    basis: "order date",
    today,
    notice: null,
  };
}
