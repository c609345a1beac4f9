/** What a figure stands on, in sentences: only what a merchant should know before trusting it. */
import type { Coverage } from "../../core/metrics/coverage.ts";
import type { Show } from "../frame/show.ts";
import type { DefinedFigure } from "./definitions.ts";

const ABOUT_FIRST_ORDERS: readonly DefinedFigure[] = [
  "newCustomers",
  "returningCustomers",
  "repeatPurchaseRate",
  "repeatCustomers",
  "retentionRate",
  "repeatOrdersShare",
  "returningCustomersShare",
  "firstProductRate",
  "cohorts",
  "retentionCurve",
  "repeatCurve",
  "timeToSecondOrder",
  "ordersTrend",
  "standouts",
];
const ABOUT_CUSTOMERS: readonly DefinedFigure[] = [...ABOUT_FIRST_ORDERS, "customers", "purchaseFrequency"];

export function coverageNotes(name: DefinedFigure, coverage: Coverage, show: Show): string[] {
  const notes: (string | false)[] = [
    coverage.historyComplete &&
      coverage.lastOrderDay !== null &&
      `Stands on the shop's whole history, up to the order of ${show.day(coverage.lastOrderDay)}.`,
    !coverage.syncComplete && "Your history is still being read, so this counts what is in so far.",
    coverage.readableFromDay !== null &&
      `Orders before ${show.day(coverage.readableFromDay)} cannot be read, so customers who bought before may look new.`,
    coverage.unreadableOrders > 0 &&
      `Orders that Shopify told in a way that could not be read: ${show.count(coverage.unreadableOrders)}.`,
    ABOUT_CUSTOMERS.includes(name) &&
      (coverage.guestOrdersShare ?? 0) > 0 &&
      `${show.share(coverage.guestOrdersShare)} of the period's orders name no customer and are not part of it.`,
    name === "marginMinor" &&
      coverage.unitCostShare !== null &&
      `Unit costs are known for ${show.share(coverage.unitCostShare)} of net sales.`,
    name === "retentionRate" &&
      coverage.syncComplete &&
      !coverage.precedingPeriodReadable &&
      "The period before lies partly where orders cannot be read.",
  ];
  return notes.filter((note) => note !== false);
}
