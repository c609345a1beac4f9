/** A balance line by line, as merchant and shopper read it: data, to be put in words where it is shown. */
import type { AccountName, LedgerTransaction, TransactionKind } from "./ledger.ts";

export interface ExplainedLine {
  kind: TransactionKind;
  /** What caused it: an order, a lot, a redemption, an adjustment or a merged member. */
  sourceId: string;
  at: number;
  pending: number;
  available: number;
  owed: number;
  reason: string | null;
  /** Of the points that came; `null` where none came, or they never expire. */
  ripensAt: number | null;
  expiresAt: number | null;
  /** After this line. */
  balance: MemberSums;
}

export interface MemberSums {
  pending: number;
  available: number;
  owed: number;
}

const NOTHING: MemberSums = { pending: 0, available: 0, owed: 0 };

/** The lines of a member, under this and every former number, oldest first; the first of them may not be the member's first. */
export function explain(
  transactions: readonly LedgerTransaction[],
  memberIds: ReadonlySet<number>,
  before: MemberSums = NOTHING,
): ExplainedLine[] {
  let balance = before;
  return transactions.map((transaction) => {
    const { kind, sourceId, at, reason, opensLot } = transaction;
    const change = memberSums([transaction], memberIds);
    balance = added(balance, change);
    const { ripensAt = null, expiresAt = null } = opensLot ?? {};
    return { kind, sourceId, at, ...change, reason, ripensAt, expiresAt, balance };
  });
}

/** What a member has, summed up from the postings alone. */
export function memberSums(
  transactions: readonly Pick<LedgerTransaction, "postings">[],
  memberIds: ReadonlySet<number>,
): MemberSums {
  const sums = new Map<AccountName, number>();
  for (const { postings } of transactions) {
    for (const { memberId, from, to, points } of postings) {
      if (!memberIds.has(memberId)) continue;
      sums.set(from, (sums.get(from) ?? 0) - points);
      sums.set(to, (sums.get(to) ?? 0) + points);
    }
  }
  const of = (account: AccountName) => sums.get(account) ?? 0;
  // Nothing owed is 0 and not -0.
  return { pending: of("pending"), available: of("available"), owed: 0 - of("debt") };
}

function added(a: MemberSums, b: MemberSums): MemberSums {
  return { pending: a.pending + b.pending, available: a.available + b.available, owed: a.owed + b.owed };
}
