/** Bulk operations of a few customers, and a run of them to its end. */
import type { Database } from "../../app/db/types.ts";
import { USUAL_BULK, type BulkSettings } from "../../app/services/storefront/bulk-settings.ts";
import { publishInBulk } from "../../app/services/storefront/publish-in-bulk.server.ts";

export const SMALL_BULK: BulkSettings = {
  ...USUAL_BULK,
  fromCustomers: 8,
  fewestCustomers: 3,
  mostCustomers: 6,
  pollMs: 5,
  stalledMs: 300,
};

/** As the job's engine does: again, for as long as it asks to be run again. */
export async function publishByBulk(db: Database, shopId: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const again = await publishInBulk(db, shopId, signal, SMALL_BULK);
    if (!again) return;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, again.at - Date.now())));
  }
}
