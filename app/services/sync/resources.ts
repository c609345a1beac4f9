/** What a sync copies of a shop, in the order in which a history begins: what goods cost comes before what was sold. */
import type { SyncResource } from "../../core/job.ts";

export const RESOURCES: readonly SyncResource[] = ["products", "customers", "orders", "checkouts"];
