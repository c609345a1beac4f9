/** A checkout that was started and, so far as we know, left. */
export interface AbandonedCheckout {
  id: number;
  customerId: number | null;
  createdAt: number;
  updatedAt: number;
  /** When it became an order after all. */
  completedAt: number | null;
}
