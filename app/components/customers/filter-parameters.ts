/** The parameters of the page's address that narrow the list of customers, as services/customers/read-customer-list reads them. */
export const FILTER_PARAMETERS = [
  "ordersFrom",
  "ordersTo",
  "netFrom",
  "netTo",
  "firstFrom",
  "firstTo",
  "lastFrom",
  "lastTo",
  "firstProduct",
  "standing",
  "valueFrom",
  "valueTo",
  "risk",
  "due",
  "action",
] as const;

export type FilterParameter = (typeof FILTER_PARAMETERS)[number];
