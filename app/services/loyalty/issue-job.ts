/** Jobs about redemptions: of each one waits at most. */
import type { NewJob } from "../../core/job.ts";

export function issueJob(shopId: number, redemptionId: string): NewJob<"issue-redemption"> {
  return { shopId, kind: "issue-redemption", payload: { redemptionId }, key: `issue:${redemptionId}` };
}

export function expireJob(shopId: number, runAt: number): NewJob<"expire-redemptions"> {
  return { shopId, kind: "expire-redemptions", payload: {}, key: "expire-redemptions", runAt };
}

export function cancelJob(shopId: number, redemptionId: string): NewJob<"cancel-redemption"> {
  return { shopId, kind: "cancel-redemption", payload: { redemptionId }, key: `cancel:${redemptionId}` };
}
