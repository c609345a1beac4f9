/** Points that are given for something else than an order, once for what they are for: a tier that was entered, or a deed that earns. */
import { advance } from "./advance.ts";
import { draftOf, finished, openLot, payDebt, post } from "./draft.ts";
import { lotId } from "./ledger.ts";
import type { Change, MemberAccount } from "./member-account.ts";

export interface Gift {
  kind: "tier" | "activity";
  sourceId: string;
  points: number;
  reason: string;
  /** `null`: never. */
  expiresAt: number | null;
}

export function givePoints(account: MemberAccount, gift: Gift, now: number): Change {
  const { kind, sourceId, points, reason, expiresAt } = gift;
  const ready = advance(account, now);
  const draft = draftOf(ready.account);
  const id = lotId(kind, sourceId, 0);
  const terms = { id, kind, sourceId, points, earnedAt: now, ripensAt: now, expiresAt };
  post(draft, openLot(draft, terms), "issued", "available", points);
  payDebt(draft);
  return finished(draft, { kind, sourceId, sequence: 0, at: now, points, reason }, ready.transactions);
}
