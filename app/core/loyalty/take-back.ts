/**
 * Takes points back that should not have been given, whatever has become of them: first from the lots they are in, also what of them
 * went unspent, then from other available points, and what is missing is owed.
 */
import { inSpendingOrder, post, take, type Draft } from "./draft.ts";
import type { AccountName } from "./ledger.ts";
import type { Lot } from "./member-account.ts";

export function takeBack(draft: Draft, isOwn: (lot: Lot) => boolean, to: AccountName, points: number): void {
  const lots = inSpendingOrder(draft);
  const own = lots.filter(isOwn);
  let missing = take(draft, own, "pending", to, points);
  missing = take(draft, own, "available", to, missing);
  // The member has had no use of them and does not pay for them a second time.
  missing = take(draft, own, "expired", to, missing);
  missing = take(draft, lots, "available", to, missing);
  post(draft, null, "debt", to, missing);
}
