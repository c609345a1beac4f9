/**
 * The words of the points ledger. A transaction is a list of postings, each of which moves points from one account to another, so it
 * sums to zero by its form; it is written once and never changed. What a member has is the sum of the postings.
 */

/**
 * The programme's accounts are where points come from and go to; a member's are pending (until the return window has passed) and
 * available. What a member owes is an account too (`debt`), because available points never go below zero. `moved` is passed through
 * by a merge and empty after each transaction.
 */
export type AccountName =
  "issued" | "redeemed" | "expired" | "adjusted" | "moved" | "pending" | "available" | "debt";

export interface Posting {
  /** Whose pending, available or debt is meant. */
  memberId: number;
  from: AccountName;
  to: AccountName;
  /** A positive integer. */
  points: number;
  /** The lot that grows or shrinks; `null` where only debt does. */
  lotId: string | null;
}

export type TransactionKind =
  | "earn"
  | "survey"
  | "activity"
  | "tier"
  | "referral"
  | "claw-back"
  | "ripen"
  | "expire"
  | "redeem"
  | "restore"
  | "return-spent"
  | "adjust"
  | "undo"
  | "import"
  | "undo-import"
  | "merge";

export interface LedgerTransaction {
  kind: TransactionKind;
  /**
   * What caused it: an order, a lot, a redemption, an adjustment, a deed, the entry of a tier, a referral, a row of another app's file or a
   * merged member. With kind and sequence it is the natural key.
   */
  sourceId: string;
  sequence: number;
  memberId: number;
  /** Counts the member's transactions from 1, so that of two writers who read the same state only one can write. */
  number: number;
  /** Epoch milliseconds. What was due before it was done has the time at which it was due. */
  at: number;
  /** What was asked for, with its sign; how it was spread over lots is in the postings. */
  points: number;
  reason: string | null;
  opensLot: LotTerms | null;
  postings: readonly Posting[];
}

/** Points that came together and ripen and expire together. */
export interface LotTerms {
  id: string;
  /** The kind and source of the transaction that opened it. */
  kind: TransactionKind;
  sourceId: string;
  points: number;
  earnedAt: number;
  ripensAt: number;
  /** `null`: never. */
  expiresAt: number | null;
}

/** A lot has the name of the transaction that opened it, which opens one at most. */
export function lotId(kind: TransactionKind, sourceId: string, sequence: number): string {
  return `${kind}/${sourceId}/${sequence}`;
}

/** A restored lot that has expired meanwhile lives as long as this. */
export const RESTORED_DAYS = 30;
export const DAY_MS = 86_400_000;
