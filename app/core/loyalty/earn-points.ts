/** An order earns, or what its buyer says of it: a lot is opened that waits for the end of the return window, or is available at once where that has passed. */
import { advance } from "./advance.ts";
import { draftOf, finished, openLot, payDebt, post } from "./draft.ts";
import { DAY_MS, lotId, RESTORED_DAYS } from "./ledger.ts";
import type { Change, MemberAccount } from "./member-account.ts";

export interface Earning {
  orderId: string;
  /** How often the order's points have changed before. */
  sequence: number;
  points: number;
  ripensAt: number;
  expiresAt: number | null;
  reason: string | null;
}

export function earnPoints(
  account: MemberAccount,
  earning: Earning,
  now: number,
  kind: "earn" | "survey" = "earn",
): Change {
  const { orderId: sourceId, sequence, points, ripensAt, reason } = earning;
  const ready = advance(account, now);
  const draft = draftOf(ready.account);
  const lot = openLot(draft, {
    id: lotId(kind, sourceId, sequence),
    kind,
    sourceId,
    points,
    earnedAt: now,
    ripensAt,
    expiresAt: stillToCome(earning.expiresAt, now),
  });
  post(draft, lot, "issued", ripensAt <= now ? "available" : "pending", points);
  payDebt(draft);
  return finished(draft, { kind, sourceId, sequence, at: now, points, reason }, ready.transactions);
}

/** Points that come when the order's own would have expired (a dispute won late) are not lost at once. */
function stillToCome(expiresAt: number | null, now: number): number | null {
  return expiresAt === null || expiresAt > now ? expiresAt : now + RESTORED_DAYS * DAY_MS;
}
