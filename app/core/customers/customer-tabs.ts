/** The ready-made views of the list of customers. */
import { LAPSED_DAYS } from "../metrics/lapsed.ts";
import type { CustomerFilter, Range } from "./customer-filter.ts";

export const CUSTOMER_TABS = ["all", "new", "repeat", "one-order", "lapsed"] as const;
export type CustomerTab = (typeof CUSTOMER_TABS)[number];

/** Whose first order is so recent is new, today included. */
export const NEW_DAYS = 30;

/** A merchant's own filter, within a view. */
export function withinTab(tab: CustomerTab, chosen: CustomerFilter, today: number): CustomerFilter {
  switch (tab) {
    case "all":
      return chosen;
    case "new":
      return { ...chosen, firstDay: both(chosen.firstDay, { from: today - NEW_DAYS + 1 }) };
    case "repeat":
      return { ...chosen, orders: both(chosen.orders, { from: 2 }) };
    case "one-order":
      return { ...chosen, orders: both(chosen.orders, { from: 1, to: 1 }) };
    case "lapsed":
      return { ...chosen, lastDay: both(chosen.lastDay, { to: today - LAPSED_DAYS - 1 }) };
  }
}

function both(a: Range = {}, b: Range): Range {
  return {
    from: Math.max(a.from ?? -Infinity, b.from ?? -Infinity),
    to: Math.min(a.to ?? Infinity, b.to ?? Infinity),
  };
}
