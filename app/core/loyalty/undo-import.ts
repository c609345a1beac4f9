/** Takes back what another app's file gave a member. */
import { advance } from "./advance.ts";
import { draftOf, finished, inSpendingOrder, post, take } from "./draft.ts";
import type { LedgerTransaction } from "./ledger.ts";
import type { Change, MemberAccount } from "./member-account.ts";
import { takeBack } from "./take-back.ts";

/** What becomes of points that were spent since: the member keeps what they were spent on, or owes them. */
export type SpentPoints = "left" | "owed";

/** The account holds every lot of the import's transaction. What was owed before it and paid by it is owed again. */
export function undoImport(
  account: MemberAccount,
  {
    sourceId,
    points,
    reason,
    postings,
  }: Pick<LedgerTransaction, "sourceId" | "points" | "reason" | "postings">,
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
    const paid = postings.reduce((sum, { to, points: moved }) => (to === "debt" ? sum + moved : sum), 0);
    post(draft, null, "debt", "adjusted", take(draft, lots, "available", "adjusted", paid));
  }
  const taken = draft.postings.reduce((sum, posting) => sum + posting.points, 0);
  const facts = { kind: "undo-import", sourceId, sequence: 0, at: now, points: 0 - taken, reason } as const;
  return finished(draft, facts, ready.transactions);
}
