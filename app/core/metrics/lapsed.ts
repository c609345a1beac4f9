/** When a customer counts as lapsed, by the same rule in the list of customers and where a rule forecasts. */

/** Whose latest order is longer ago has lapsed. */
export const LAPSED_DAYS = 180;
