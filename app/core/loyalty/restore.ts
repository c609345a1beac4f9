/**
 * Gives spent points back to the very lots that they were taken from, with their expiries; where a lot has expired meanwhile, to one
 * new lot of thirty days. What was taken last comes back first.
 */
import { advance } from "./advance.ts";
import { draftOf, finished, openLot, payDebt, post, type Draft } from "./draft.ts";
import { DAY_MS, lotId, RESTORED_DAYS, type AccountName, type Posting } from "./ledger.ts";
import type { Change, Lot, MemberAccount } from "./member-account.ts";

/** From which lots points were taken, in the order of taking; `null`: they were owed. */
export interface Taking {
  lotId: string | null;
  points: number;
}

export interface Restoring {
  kind: "restore" | "return-spent" | "undo";
  sourceId: string;
  sequence: number;
  takings: readonly Taking[];
  /** Of them, how many have come back before. */
  returned: number;
  points: number;
  /** Where they went to when they were taken. */
  from: AccountName;
  reason: string | null;
}

/** The account holds every lot of the takings. */
export function restore(account: MemberAccount, restoring: Restoring, now: number): Change {
  const { kind, sourceId, sequence, points, reason } = restoring;
  const ready = advance(account, now);
  const draft = draftOf(ready.account);
  giveBack(draft, restoring, now);
  payDebt(draft);
  return finished(draft, { kind, sourceId, sequence, at: now, points, reason }, ready.transactions);
}

function giveBack(draft: Draft, { kind, sourceId, sequence, from, ...rest }: Restoring, now: number): void {
  let late = 0;
  for (const { lotId: id, points } of lastOf(rest.takings, rest.returned, rest.points)) {
    const lot = id === null ? null : lotNamed(draft, id);
    if (lot === null || (lot.expiresAt !== null && lot.expiresAt <= now)) late += points;
    else post(draft, lot, from, "available", points);
  }
  if (late === 0) return;
  const lot = openLot(draft, {
    id: lotId(kind, sourceId, sequence),
    kind,
    sourceId,
    points: late,
    earnedAt: now,
    ripensAt: now,
    expiresAt: now + RESTORED_DAYS * DAY_MS,
  });
  post(draft, lot, from, "available", late);
}

function lotNamed({ lots }: Draft, id: string): Lot {
  const lot = lots.find((candidate) => candidate.id === id);
  if (!lot) throw new Error(`the account does not hold lot ${id}`);
  return lot;
}

/** The last `points` of what was taken, before the last `skipped`. */
function lastOf(takings: readonly Taking[], skipped: number, points: number): Taking[] {
  const parts: Taking[] = [];
  let toSkip = skipped;
  let wanted = points;
  for (const { lotId: id, points: taken } of takings.toReversed()) {
    const left = Math.max(0, taken - toSkip);
    toSkip -= taken - left;
    const part = Math.min(left, wanted);
    if (part > 0) parts.push({ lotId: id, points: part });
    wanted -= part;
  }
  if (wanted > 0) throw new Error(`${wanted} points more are to come back than were taken`);
  return parts;
}

/** What a transaction took from a member to an account, as `restore` asks for it. */
export function takingsOf(postings: readonly Posting[], to: AccountName): Taking[] {
  return postings.flatMap((posting) =>
    posting.to === to ? [{ lotId: posting.lotId, points: posting.points }] : [],
  );
}
