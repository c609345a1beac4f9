/** The things that a merchant can be told to do (what-to-do.ts), by name. */
export const ACTION_KINDS = [
  "overdue",
  "second-order",
  "first-product",
  "best-customers",
  "discounts",
  "carts",
  "unit-costs",
] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

/** 1 for each customer of `columns.customerIds` whom an action is about. */
export type ActionMembers = Partial<Record<ActionKind, Uint8Array>>;
