/** The merchant gives or takes points by hand, with a reason, and may undo it once. */
import { advance } from "./advance.ts";
import { draftOf, finished, inSpendingOrder, openLot, payDebt, post, take } from "./draft.ts";
import { lotId, type LedgerTransaction } from "./ledger.ts";
import { balanceOf, type Change, type MemberAccount } from "./member-account.ts";
import { restore, takingsOf } from "./restore.ts";
import { takeBack } from "./take-back.ts";

export interface Adjustment {
  id: string;
  /** Negative takes. */
  points: number;
  reason: string;
  /** Of points that are given. */
  expiresAt: number | null;
}

export type Adjusting =
  ({ ok: true } & Change) | { ok: false; reason: "insufficient-points"; available: number };

export function adjust(account: MemberAccount, adjustment: Adjustment, now: number): Adjusting {
  const { id: sourceId, points, reason, expiresAt } = adjustment;
  const ready = advance(account, now);
  const { available } = balanceOf(ready.account);
  if (available + points < 0) return { ok: false, reason: "insufficient-points", available };
  const draft = draftOf(ready.account);
  if (points < 0) take(draft, inSpendingOrder(draft), "available", "adjusted", -points);
  else {
    const id = lotId("adjust", sourceId, 0);
    const terms = { id, kind: "adjust", sourceId, points, earnedAt: now, ripensAt: now, expiresAt } as const;
    post(draft, openLot(draft, terms), "adjusted", "available", points);
    payDebt(draft);
  }
  const facts = { kind: "adjust", sourceId, sequence: 0, at: now, points, reason } as const;
  return { ok: true, ...finished(draft, facts, ready.transactions) };
}

/** The account holds every lot that the adjustment touched. */
export function undoAdjustment(
  account: MemberAccount,
  { sourceId, points, postings }: Pick<LedgerTransaction, "sourceId" | "points" | "postings">,
  reason: string,
  now: number,
): Change {
  if (points < 0) {
    const takings = takingsOf(postings, "adjusted");
    const given = { takings, returned: 0, points: -points, from: "adjusted" } as const;
    return restore(account, { kind: "undo", sourceId, sequence: 0, reason, ...given }, now);
  }
  const ready = advance(account, now);
  const draft = draftOf(ready.account);
  takeBack(draft, (lot) => lot.kind === "adjust" && lot.sourceId === sourceId, "adjusted", points);
  const facts = { kind: "undo", sourceId, sequence: 0, at: now, points: -points, reason } as const;
  return finished(draft, facts, ready.transactions);
}
