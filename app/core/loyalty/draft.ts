/**
 * A transaction while it is decided: each posting changes a private copy of the account at once, so that the next one sees what is
 * left. An account that would go below zero is a bug and throws.
 */
import type { AccountName, LedgerTransaction, LotTerms, Posting } from "./ledger.ts";
import { bySpending, type Change, type Lot, type MemberAccount } from "./member-account.ts";

export interface Draft {
  memberId: number;
  debt: number;
  lots: Lot[];
  postings: Posting[];
  opensLot: LotTerms | null;
  transactions: number;
}

export function draftOf({ memberId, transactions, debt, lots }: MemberAccount): Draft {
  const copies = lots.map((lot) => ({ ...lot }));
  return { memberId, transactions, debt, lots: copies, postings: [], opensLot: null };
}

/** Moves points of a lot, or of the debt alone where there is no lot. */
export function post(
  draft: Draft,
  lot: Lot | null,
  from: AccountName,
  to: AccountName,
  points: number,
): void {
  if (points === 0) return;
  if (!Number.isSafeInteger(points) || points < 0) throw new Error(`not a number of points: ${points}`);
  draft.postings.push({ memberId: draft.memberId, from, to, points, lotId: lot?.id ?? null });
  add(draft, lot, from, -points);
  add(draft, lot, to, points);
}

function add(draft: Draft, lot: Lot | null, account: AccountName, points: number): void {
  let left = 0;
  // Owing more takes from the account: its balance is the debt with the other sign.
  if (account === "debt") left = draft.debt -= points;
  else if (account === "pending" || account === "available") {
    if (!lot) throw new Error(`${account} points are of a lot`);
    left = lot[account] += points;
  } else if (account === "expired" && lot) left = lot.expired += points;
  if (left < 0) throw new Error(`member ${draft.memberId}: ${account} of ${lot?.id} would be ${left}`);
}

/** Takes up to `points` out of one account of these lots, in the order given. Answers how many are still missing. */
export function take(
  draft: Draft,
  lots: readonly Lot[],
  from: "pending" | "available" | "expired",
  to: AccountName,
  points: number,
): number {
  let missing = points;
  for (const lot of lots) {
    const taken = Math.min(lot[from], missing);
    post(draft, lot, from, to, taken);
    missing -= taken;
  }
  return missing;
}

export function inSpendingOrder({ lots }: Draft): Lot[] {
  return lots.toSorted(bySpending);
}

/** Whatever has become available pays what is owed, in the transaction that made it available. */
export function payDebt(draft: Draft): void {
  if (draft.debt > 0) take(draft, inSpendingOrder(draft), "available", "debt", draft.debt);
}

export function openLot(draft: Draft, terms: LotTerms): Lot {
  const lot: Lot = { ...terms, pending: 0, available: 0, expired: 0 };
  draft.lots.push(lot);
  draft.opensLot = terms;
  return lot;
}

export type TransactionFacts = Pick<
  LedgerTransaction,
  "kind" | "sourceId" | "sequence" | "at" | "points" | "reason"
>;

/** The decided transaction after those of `before`. */
export function finished(
  { memberId, transactions, debt, lots, postings, opensLot }: Draft,
  facts: TransactionFacts,
  before: readonly LedgerTransaction[] = [],
): Change {
  const number = transactions + 1;
  return {
    account: { memberId, transactions: number, debt, lots },
    transactions: [...before, { ...facts, memberId, number, opensLot, postings }],
  };
}
