/** An order has earned less than it was given points for: it was refunded, edited, cancelled or disputed. */
import { advance } from "./advance.ts";
import { draftOf, finished } from "./draft.ts";
import type { Change, MemberAccount } from "./member-account.ts";
import { takeBack } from "./take-back.ts";

export interface ClawBack {
  orderId: string;
  /** How often the order's points have changed before. */
  sequence: number;
  points: number;
  reason: string | null;
}

/** The account holds every lot of the order. */
export function clawBack(account: MemberAccount, claw: ClawBack, now: number): Change {
  const { orderId: sourceId, sequence, points, reason } = claw;
  const ready = advance(account, now);
  const draft = draftOf(ready.account);
  takeBack(draft, (lot) => lot.kind === "earn" && lot.sourceId === sourceId, "issued", points);
  const facts = { kind: "claw-back", sourceId, sequence, at: now, points: -points, reason } as const;
  return finished(draft, facts, ready.transactions);
}
