/** Jobs about redemptions: of each one waits at most. */
import type { NewJob } from "../../core/job.ts";

export function issueJob(
  shopId: number,
  redemptionId: string,
  runAt = Date.now(),
): NewJob<"issue-redemption"> {
  return { shopId, kind: "issue-redemption", payload: { redemptionId }, key: `issue:${redemptionId}`, runAt };
}

export function endHoldJob(shopId: number, redemptionId: string, runAt: number): NewJob<"end-hold"> {
  return { shopId, kind: "end-hold", payload: { redemptionId }, key: `end-hold:${redemptionId}`, runAt };
}

export function expireJob(shopId: number, runAt: number): NewJob<"expire-redemptions"> {
  return { shopId, kind: "expire-redemptions", payload: {}, key: "expire-redemptions", runAt };
}

export function cancelJob(shopId: number, redemptionId: string): NewJob<"cancel-redemption"> {
  return { shopId, kind: "cancel-redemption", payload: { redemptionId }, key: `cancel:${redemptionId}` };
}
