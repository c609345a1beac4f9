/** Gives up a dead job for good; the next sweep or audit brings what it should have brought. */
import { discardDeadJob as discard } from "../../db/stores/jobs.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";

/** `false` when the shop has no such dead job. */
export async function discardDeadJob(db: Database, shopId: number, id: string): Promise<boolean> {
  const discarded = await db.write(async (tx) => {
    const found = await discard(tx, shopId, id);
    failpoint("discard-dead-job:before-commit");
    return found;
  });
  failpoint("discard-dead-job:after-commit");
  return discarded;
}
