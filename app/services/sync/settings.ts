/** The sizes and waits of a shop's jobs. Tests shorten them; a deployment has no reason to. */
export interface SyncSettings {
  /** Orders that the instant view starts with. */
  recentOrders: number;
  /** Records that a bulk window holds at most, so that one is assembled in memory well below the process's bound. */
  windowTarget: { orders: number; customers: number; products: number; checkouts: number };
  /** Shopify runs five bulk queries of an app per shop. */
  windowsAtOnce: number;
  /** First and longest wait between two looks at a bulk operation; the finish webhook only hastens the next one. */
  pollFirstMs: number;
  pollLongestMs: number;
  /** A bulk operation whose count has not moved for this long is given up. */
  stalledAfterMs: number;
  /** Failures of one window, after which the sync says that it failed. The job can still be retried by a person. */
  windowAttempts: number;
  /** Searches are not up to date to the second: a sweep looks back this far beyond what it has seen. */
  sweepOverlapMs: number;
  /** A change younger than this may still have its webhook under way and is no drift. */
  driftGraceMs: number;
  /** More changes than this are fetched in bulk. */
  sweepAtMost: number;
  /** A request that nobody waits for any more has arrived and been worked by then. */
  arrivalMs: number;
}

export const DEFAULT_SETTINGS: SyncSettings = {
  recentOrders: 250,
  windowTarget: { orders: 2_000, customers: 10_000, products: 2_000, checkouts: 10_000 },
  windowsAtOnce: 5,
  pollFirstMs: 100,
  pollLongestMs: 30_000,
  stalledAfterMs: 10 * 60_000,
  windowAttempts: 8,
  sweepOverlapMs: 10 * 60_000,
  driftGraceMs: 5 * 60_000,
  sweepAtMost: 10_000,
  arrivalMs: 90_000,
};
