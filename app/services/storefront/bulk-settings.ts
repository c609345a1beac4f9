/** When customers are published by bulk operations, and in what sizes. */

export interface BulkSettings {
  /** With fewer who wait, 25 metafields a call are as fast: about four customers a call, ten calls a second on the smallest plan. */
  fromCustomers: number;
  /** With fewer who differ no operation is worth its while. */
  fewestCustomers: number;
  /** Of one file: small enough that what it says is not old when Shopify comes to its end. */
  mostCustomers: number;
  mostBytes: number;
  /** How long one run of the job may gather. */
  gatherMs: number;
  pollMs: number;
  /** An operation that gets no further for so long is given up. */
  stalledMs: number;
  /** After so many operations in a row that failed, everybody is published in the ordinary way for a while. */
  mostFailures: number;
  pauseMs: number;
}

export const USUAL_BULK: BulkSettings = {
  fromCustomers: 2_000,
  fewestCustomers: 200,
  mostCustomers: 10_000,
  mostBytes: 20_000_000,
  gatherMs: 20_000,
  pollMs: 2_000,
  stalledMs: 15 * 60_000,
  mostFailures: 3,
  pauseMs: 6 * 3_600_000,
};
