/** What a merchant can do on the page of data, each with the sentence that tells how it went. */
import { z } from "zod";
import type { Database } from "../../db/types.ts";
import { discardDeadJob } from "./discard-dead-job.server.ts";
import { resyncShop } from "./resync-shop.server.ts";
import { retryDeadJobs } from "./retry-dead-jobs.server.ts";

const jobId = z.string().min(1).max(64);
const wish = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("resync") }),
  z.object({ intent: z.literal("retry-job"), id: jobId }),
  z.object({ intent: z.literal("retry-all-jobs") }),
  z.object({ intent: z.literal("discard-job"), id: jobId }),
]);

interface DataChange {
  ok: boolean;
  message: string;
}

/** `null`: nothing that can be asked. */
export async function changeData(
  db: Database,
  shopId: number,
  form: Record<string, unknown>,
): Promise<DataChange | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  switch (asked.data.intent) {
    case "resync": {
      const result = await resyncShop(db, shopId);
      if (result.ok) return { ok: true, message: "Your history is being read again" };
      return result.reason === "under-way"
        ? { ok: false, message: "A sync is already under way" }
        : { ok: false, message: "The app is not installed any more" };
    }
    case "retry-job": {
      const count = await retryDeadJobs(db, shopId, asked.data.id);
      return count === 1
        ? { ok: true, message: "The task runs again" }
        : { ok: false, message: "The task is not there any more" };
    }
    case "retry-all-jobs": {
      const count = await retryDeadJobs(db, shopId);
      return count === 0
        ? { ok: false, message: "There is nothing left to retry" }
        : { ok: true, message: count === 1 ? "The task runs again" : `${count} tasks run again` };
    }
    case "discard-job":
      return (await discardDeadJob(db, shopId, asked.data.id))
        ? { ok: true, message: "The task is given up" }
        : { ok: false, message: "The task is not there any more" };
  }
}
