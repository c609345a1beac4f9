/**
 * Two members turn out to be one person. Lots keep their names and terms and change hands, through an account that is empty again at the
 * end; what was owed is owed by the survivor, who pays it from what there is.
 */
import { advance } from "./advance.ts";
import { draftOf, finished, payDebt, post, type Draft } from "./draft.ts";
import type { Change, Lot, MemberAccount } from "./member-account.ts";

export function mergeMembers(
  merged: MemberAccount,
  survivor: MemberAccount,
  now: number,
): { merged: MemberAccount; survivor: Change } {
  const leaving = advance(merged, now);
  const ready = advance(survivor, now);
  const from = draftOf(leaving.account);
  const to = draftOf(ready.account);
  let points = 0;
  for (const lot of from.lots) points += handOver(from, to, lot);
  const owed = from.debt;
  post(from, null, "moved", "debt", owed);
  post(to, null, "debt", "moved", owed);
  payDebt(to);
  to.postings.unshift(...from.postings);
  const facts = {
    kind: "merge",
    sourceId: String(merged.memberId),
    sequence: 0,
    at: now,
    reason: null,
  } as const;
  const before = [...leaving.transactions, ...ready.transactions];
  return {
    merged: { ...leaving.account, debt: 0, lots: [] },
    survivor: finished(to, { ...facts, points: points - owed }, before),
  };
}

function handOver(from: Draft, to: Draft, lot: Lot): number {
  const { pending, available, expired } = lot;
  const received: Lot = { ...lot, pending: 0, available: 0 };
  to.lots.push(received);
  for (const account of ["pending", "available"] as const) {
    const points = lot[account];
    post(from, lot, account, "moved", points);
    post(to, received, "moved", account, points);
  }
  received.expired = expired;
  return pending + available;
}
