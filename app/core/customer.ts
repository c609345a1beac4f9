/** What Perennial keeps of a customer: ids, dates and states, never a name or an address. */
export interface Customer {
  id: number;
  createdAt: number;
  updatedAt: number;
  /** Shopify's CustomerState in lower case: declined, disabled, enabled or invited. */
  state: string;
  /** Has one of the shop's excluded tags: left out of the figures. */
  excluded: boolean;
}
