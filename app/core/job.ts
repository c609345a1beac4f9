/** Every kind of background job with the data it carries: ids only, because a queue is storage too. */
import type { SegmentName } from "./segments/usual-segments.ts";

export interface JobPayloads {
  /** Starts or resumes the shop's first sync. */
  "start-sync": { installGeneration: number };
  /** Sizes the windows of one resource's history and adds a job for each. */
  "plan-backfill": { installGeneration: number };
  /** Runs, polls and applies the bulk operation of one window. */
  "backfill-window": { installGeneration: number; resource: SyncResource; fromAt: number };
  /** Fetches orders by id and applies those that are newer. */
  "sync-orders": { orderIds: number[] };
  /** Works the shop's unprocessed webhook events. */
  "process-events": Record<string, never>;
  /** Fetches everything changed since the last sweep. */
  "sweep-shop": Record<string, never>;
  /** Compares full counts with Shopify's and repairs what differs. */
  "audit-shop": Record<string, never>;
  /** Cron: adds a sweep or an audit for every installed shop. */
  "sweep-all-shops": Record<string, never>;
  "audit-all-shops": Record<string, never>;
  /** Has Shopify tell of the shop's disputes. */
  "subscribe-disputes": Record<string, never>;
  /** Gives lines their unit cost that were saved before it was known. */
  "recost-orders": Record<string, never>;
  /** Finds the customers with one of the excluded tags, after these changed. */
  "retag-customers": { tagsVersion: number; operation: { id: string; sinceVersion: number } | null };
  /** Counts the shop's days anew after its time zone changed. */
  "rebuild-days": { timeZone: string };
  /** Learns how the shop's customers buy, where anything has changed since the last time. */
  "fit-value": Record<string, never>;
  /** Cron: adds a fit for every installed shop. */
  "fit-all-shops": Record<string, never>;
  /** Gives a segment's members its tag at Shopify and takes it from who has left. */
  "tag-segment": { name: SegmentName };
  /** Gives orders their points that came by bulk. */
  "accrue-orders": Record<string, never>;
  /** Finds out what a change of points for many orders would come to. */
  "count-dry-run": { runId: string };
  /** Posts what a dry run showed. */
  "apply-dry-run": { runId: string };
  /** Gives what an import showed, or takes it back. */
  "apply-import": { importId: string };
  "undo-import": { importId: string };
  /** Brings birthdays of an import to Shopify's customers. */
  "import-birthdays": { importId: string };
  /** Writes what ripened and expired since somebody last decided about a member's points. */
  "advance-points": Record<string, never>;
  /** Cron: does so for every shop with a programme. */
  "advance-all-points": Record<string, never>;
  /** Says who is in which tier, where time or the merchant has changed that. */
  "judge-tiers": Record<string, never>;
  /** Cron: does so for every shop. */
  "judge-all-tiers": Record<string, never>;
  /** Finds birthdays, anniversaries and other deeds that earn. */
  "find-deeds": { operation: string | null };
  /** Cron: adds that for every installed shop. */
  "find-all-deeds": Record<string, never>;
  /** Compares friends' first orders with those of the members who brought them. */
  "check-referrals": Record<string, never>;
  /** Sums the points ledger up by month. */
  "sum-points": Record<string, never>;
  /** Cron: adds that for every installed shop. */
  "sum-all-points": Record<string, never>;
  /** Notes who is to be told that points are about to expire. */
  "remind-expiry": Record<string, never>;
  /** Cron: adds that for every installed shop. */
  "remind-all-expiry": Record<string, never>;
  /** Delivers to one receiver outside what it is to hear. */
  "deliver-events": { receiverId: string };
  /** Makes at Shopify what a redemption promises. */
  "issue-redemption": { redemptionId: string };
  /** Ends what a redemption gave, and gives the points back where it was not used. */
  "cancel-redemption": { redemptionId: string };
  /** Ends what was held for a checkout, once its time is over. */
  "end-hold": { redemptionId: string };
  /** Ends redemptions whose time is over. */
  "expire-redemptions": Record<string, never>;
  /** Cron: adds that for every installed shop. */
  "expire-all-redemptions": Record<string, never>;
  /** Writes what has changed of customers, of products, or of the programme, into Shopify's metafields. */
  "publish-profiles": Record<string, never>;
  "publish-products": Record<string, never>;
  "publish-programme": Record<string, never>;
  /** Writes many customers by bulk operations. */
  "publish-in-bulk": Record<string, never>;
  /** Has all of that looked at again. */
  "republish-shop": Record<string, never>;
  /** Cron: does so for every installed shop. */
  "republish-all-shops": Record<string, never>;
  /** Erases everything of a shop that has left. */
  "redact-shop": { installGeneration: number };
  /** Cron: erases what its retention period has passed. */
  "expire-records": Record<string, never>;
}

export type SyncResource = "orders" | "customers" | "products" | "checkouts";

export type JobKind = keyof JobPayloads;

/** A job to be added. `shopId` 0 is the app itself (cron). */
export interface NewJob<Kind extends JobKind = JobKind> {
  shopId: number;
  kind: Kind;
  payload: JobPayloads[Kind];
  /** At most one waiting job has this key: adding it again replaces payload and run time. A running one is left alone. */
  key?: string;
  /** Jobs with the same serial queue name run one at a time, in the order of their run times. */
  queue?: string;
  /** Epoch milliseconds; now unless told. */
  runAt?: number;
  maxAttempts?: number;
}
