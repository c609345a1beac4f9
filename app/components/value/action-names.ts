/** The things to do in a merchant's words. */
import type { ActionKind } from "../../core/clv/action-kinds.ts";

export const ACTION_NAMES: Readonly<Record<ActionKind, string>> = {
  overdue: "Valuable customers who are overdue",
  "second-order": "Second order due now",
  "first-product": "Began with a product that brings people back",
  "best-customers": "The tenth worth most",
  discounts: "Discount shoppers with a thin margin",
  carts: "Left a cart",
  "unit-costs": "Unit costs missing",
};

/** Those that are about customers. */
export const CUSTOMER_ACTIONS = (Object.keys(ACTION_NAMES) as ActionKind[]).filter(
  (kind) => kind !== "unit-costs",
);
