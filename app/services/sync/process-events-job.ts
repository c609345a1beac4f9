/** The one job that works a shop's events: however many arrive, at most one waits. */
import type { NewJob } from "../../core/job.ts";

export function processEventsJob(shopId: number): NewJob<"process-events"> {
  return { shopId, kind: "process-events", payload: {}, key: "process-events", queue: "events" };
}
