/** Gives a shop's dead jobs all their attempts anew: the one that is named, or all. */
import { deadJobs } from "../../db/queries/dead-jobs.server.ts";
import { retryDeadJob } from "../../db/stores/jobs.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";

/** A person who asks for all means those there are; more than this wait for the next time. */
const AT_ONCE = 1_000;

/** How many were there to be retried: one that is gone, or another shop's, is not. */
export async function retryDeadJobs(db: Database, shopId: number, id?: string): Promise<number> {
  const ids = id === undefined ? (await deadJobs(db, shopId, AT_ONCE)).map((job) => job.id) : [id];
  const retried = await db.write(async (tx) => {
    let count = 0;
    for (const job of ids) if (await retryDeadJob(tx, shopId, job)) count++;
    failpoint("retry-dead-jobs:before-commit");
    return count;
  });
  failpoint("retry-dead-jobs:after-commit");
  return retried;
}
