/** Takes back what another app's file gave a member. */
import { advance } from "./advance.ts";
import { draftOf, finished, inSpendingOrder, post, take } from "./draft.ts";
import type { LedgerTransaction } from "./ledger.ts";
import type { Change, MemberAccount } from "./member-account.ts";
import { takeBack } from "./take-back.ts";

/** What becomes of points that were spent since: the member keeps what they were spent on, or owes them. */
export type SpentPoints = "left" | "owed";

/** What a row of it gave. */
export interface ImportedPoints extends Pick<LedgerTransaction, "sourceId" | "points" | "reason"> {
  /** Of them, how many paid what was owed, when they came or later. */
  paid: number;
}

/** The account holds every lot of the import's transaction. What was owed and paid by it is owed again. */
export function undoImport(
  account: MemberAccount,
  { sourceId, points, reason, paid }: ImportedPoints,
  spent: SpentPoints,
  now: number,
): Change {
  const ready = advance(account, now);
  const draft = draftOf(ready.account);
  const isOwn = ({ kind, sourceId: source }: { kind: string; sourceId: string }) =>
    kind === "import" && source === sourceId;
  if (spent === "owed") takeBack(draft, isOwn, "adjusted", points);
  else {
    const lots = inSpendingOrder(draft);
    const own = lots.filter(isOwn);
    take(draft, own, "available", "adjusted", points);
    take(draft, own, "expired", "adjusted", points);
    post(draft, null, "debt", "adjusted", take(draft, lots, "available", "adjusted", paid));
  }
  const taken = draft.postings.reduce((sum, posting) => sum + posting.points, 0);
  const facts = { kind: "undo-import", sourceId, sequence: 0, at: now, points: 0 - taken, reason } as const;
  return finished(draft, facts, ready.transactions);
}

/** How many points of a lot went to pay what was owed. */
export function paidByLot(id: string, transactions: readonly Pick<LedgerTransaction, "postings">[]): number {
  return transactions
    .flatMap(({ postings }) => postings)
    .reduce((sum, { to, lotId, points }) => (to === "debt" && lotId === id ? sum + points : sum), 0);
}
