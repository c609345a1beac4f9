/** What a member has, as every decision about points takes it and gives it back: open lots and debt. */
import type { LotTerms, LedgerTransaction } from "./ledger.ts";

export interface MemberAccount {
  memberId: number;
  /** How many transactions it has. */
  transactions: number;
  /** What the member owes: then nothing is available. */
  debt: number;
  /** Lots with anything pending or available, and every lot of the order that a decision is about. */
  lots: readonly Lot[];
}

export interface Lot extends LotTerms {
  pending: number;
  available: number;
  /** Points that went unspent. */
  expired: number;
}

/** What a decision came to: the account after it, and what is to be written. */
export interface Change {
  account: MemberAccount;
  transactions: readonly LedgerTransaction[];
}

export interface Balance {
  pending: number;
  available: number;
  debt: number;
  /** When the next lot ripens or expires by itself. */
  nextDueAt: number | null;
}

export function emptyAccount(memberId: number): MemberAccount {
  return { memberId, transactions: 0, debt: 0, lots: [] };
}

export function balanceOf({ debt, lots }: MemberAccount): Balance {
  let pending = 0;
  let available = 0;
  let nextDueAt = Infinity;
  for (const lot of lots) {
    pending += lot.pending;
    available += lot.available;
    nextDueAt = Math.min(nextDueAt, dueAt(lot) ?? Infinity);
  }
  return { pending, available, debt, nextDueAt: nextDueAt === Infinity ? null : nextDueAt };
}

export function isOpen({ pending, available }: Pick<Lot, "pending" | "available">): boolean {
  return pending > 0 || available > 0;
}

function dueAt(lot: Lot): number | null {
  if (lot.pending > 0) return lot.ripensAt;
  return lot.available > 0 ? lot.expiresAt : null;
}

/** What expires first is spent first; what never expires last; of equals the older, then by name. */
export function bySpending(a: LotTerms, b: LotTerms): number {
  const byExpiry = (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity);
  // Infinity less Infinity is not a number: neither expires.
  return byExpiry || a.earnedAt - b.earnedAt || (a.id < b.id ? -1 : Number(a.id > b.id));
}
