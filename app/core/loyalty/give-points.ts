/**
 * Points that are given for something else than an order, once for what they are for: a tier that was entered, a deed that earns, a friend,
 * or another app's balance.
 */
import { advance } from "./advance.ts";
import { draftOf, finished, openLot, payDebt, post } from "./draft.ts";
import { lotId } from "./ledger.ts";
import type { Change, MemberAccount } from "./member-account.ts";
import { takeBack } from "./take-back.ts";

export interface Gift {
  kind: "tier" | "activity" | "referral" | "import";
  sourceId: string;
  /** How often they were given and taken back before. */
  sequence?: number;
  points: number;
  reason: string | null;
  /** `null`: never. */
  expiresAt: number | null;
}

export function givePoints(account: MemberAccount, gift: Gift, now: number): Change {
  const { kind, sourceId, sequence = 0, points, reason, expiresAt } = gift;
  const ready = advance(account, now);
  const draft = draftOf(ready.account);
  const id = lotId(kind, sourceId, sequence);
  const terms = { id, kind, sourceId, points, earnedAt: now, ripensAt: now, expiresAt };
  // What another app owed was earned there.
  post(draft, openLot(draft, terms), kind === "import" ? "adjusted" : "issued", "available", points);
  payDebt(draft);
  return finished(draft, { kind, sourceId, sequence, at: now, points, reason }, ready.transactions);
}

/** Takes them back, whatever has become of them. The account holds the lots that they came with. */
export function takeGift(
  account: MemberAccount,
  { kind, sourceId, sequence, points, reason }: Required<Omit<Gift, "expiresAt">>,
  now: number,
): Change {
  const ready = advance(account, now);
  const draft = draftOf(ready.account);
  takeBack(draft, (lot) => lot.kind === kind && lot.sourceId === sourceId, "issued", points);
  return finished(draft, { kind, sourceId, sequence, at: now, points: -points, reason }, ready.transactions);
}
