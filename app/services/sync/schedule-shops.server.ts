/** Turns one tick of the clock into a job for every installed shop, spread out so that they do not all ask at once. */
import type { NewJob } from "../../core/job.ts";
import { enqueueMany } from "../../db/stores/jobs.server.ts";
import { installedShops } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { inChunks } from "./chunks.ts";

export async function scheduleShops(
  db: Database,
  spreadMs: number,
  jobOf: (shopId: number, runAt: number) => NewJob,
): Promise<void> {
  const shops = await installedShops(db);
  const stepMs = shops.length > 1 ? spreadMs / shops.length : 0;
  const now = Date.now();
  const jobs = shops.map(({ id }, index) => jobOf(id, now + Math.floor(index * stepMs)));
  for (const some of inChunks(jobs, 200)) {
    await db.write(async (tx) => {
      await enqueueMany(tx, some);
      failpoint("schedule-shops:before-commit");
    });
    failpoint("schedule-shops:after-commit");
  }
}

/** A shop's sweeps and audits never overlap; at most one of each waits. */
export function reconciliationJob(shopId: number, kind: "sweep-shop" | "audit-shop", runAt = Date.now()) {
  return { shopId, kind, payload: {}, key: kind, queue: "reconciliation", runAt };
}
