import type { NewJob } from "../../core/job.ts";

/** Compares referrals that nobody has compared yet. At most one of a shop waits. */
export function checkReferralsJob(shopId: number): NewJob<"check-referrals"> {
  return { shopId, kind: "check-referrals", payload: {}, key: "check-referrals", queue: "check-referrals" };
}
