/** Spends points on a reward, those that expire first first. */
import { advance } from "./advance.ts";
import { draftOf, finished, inSpendingOrder, take } from "./draft.ts";
import { balanceOf, type Change, type MemberAccount } from "./member-account.ts";
import { takeBack } from "./take-back.ts";

export interface Spending {
  redemptionId: string;
  points: number;
}

export type Redeeming =
  ({ ok: true } & Change) | { ok: false; reason: "insufficient-points"; available: number };

export function redeem(account: MemberAccount, { redemptionId, points }: Spending, now: number): Redeeming {
  const ready = advance(account, now);
  const { available } = balanceOf(ready.account);
  if (available < points) return { ok: false, reason: "insufficient-points", available };
  const draft = draftOf(ready.account);
  take(draft, inSpendingOrder(draft), "available", "redeemed", points);
  return { ok: true, ...finished(draft, redeemFacts(redemptionId, 0, points, now), ready.transactions) };
}

/** A code that was thought unused was used after all: the points that went back are spent, or owed. */
export function redeemAgain(
  account: MemberAccount,
  { redemptionId, points, sequence }: Spending & { sequence: number },
  now: number,
): Change {
  const ready = advance(account, now);
  const draft = draftOf(ready.account);
  takeBack(draft, () => false, "redeemed", points);
  return finished(draft, redeemFacts(redemptionId, sequence, points, now), ready.transactions);
}

function redeemFacts(redemptionId: string, sequence: number, points: number, at: number) {
  return { kind: "redeem", sourceId: redemptionId, sequence, at, points: -points, reason: null } as const;
}
