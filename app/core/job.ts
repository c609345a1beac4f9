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
