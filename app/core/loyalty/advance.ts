/**
 * Does what time does to an account: lots ripen and expire when they are due, in the order of time. Every decision begins with it, and
 * so does every reading of a balance, so that neither depends on when a job last came by.
 */
import { draftOf, finished, payDebt, post } from "./draft.ts";
import type { LedgerTransaction } from "./ledger.ts";
import { bySpending, type Change, type Lot, type MemberAccount } from "./member-account.ts";

interface DueStep {
  at: number;
  does: "ripen" | "expire";
  lot: Lot;
}

export function advance(account: MemberAccount, now: number): Change {
  const transactions: LedgerTransaction[] = [];
  let current = account;
  for (const step of dueSteps(account.lots, now)) {
    const done = step.does === "ripen" ? ripen(current, step) : expire(current, step);
    if (!done) continue;
    current = done.account;
    transactions.push(...done.transactions);
  }
  return { account: current, transactions };
}

/** What ripens at the moment at which something expires has ripened before it. */
const ORDER = { ripen: 0, expire: 1 } as const;

function dueSteps(lots: readonly Lot[], now: number): DueStep[] {
  const steps: DueStep[] = [];
  for (const lot of lots) {
    const { pending, available, ripensAt, expiresAt } = lot;
    if (pending > 0 && ripensAt <= now) steps.push({ at: ripensAt, does: "ripen", lot });
    const isRipe = available > 0 || (pending > 0 && ripensAt <= now);
    if (isRipe && expiresAt !== null && expiresAt <= now) {
      steps.push({ at: expiresAt, does: "expire", lot });
    }
  }
  return steps.sort((a, b) => a.at - b.at || ORDER[a.does] - ORDER[b.does] || bySpending(a.lot, b.lot));
}

function ripen(account: MemberAccount, { at, lot: { id: sourceId } }: DueStep): Change | null {
  const draft = draftOf(account);
  const lot = draft.lots.find(({ id }) => id === sourceId);
  if (!lot) return null;
  const points = lot.pending;
  post(draft, lot, "pending", "available", points);
  payDebt(draft);
  return finished(draft, { kind: "ripen", sourceId, sequence: 0, at, points, reason: null });
}

function expire(account: MemberAccount, { at, lot: { id: sourceId } }: DueStep): Change | null {
  const draft = draftOf(account);
  const lot = draft.lots.find(({ id }) => id === sourceId);
  // It may have paid a debt when it ripened.
  if (!lot || lot.available === 0) return null;
  const points = lot.available;
  post(draft, lot, "available", "expired", points);
  return finished(draft, { kind: "expire", sourceId, sequence: 0, at, points: -points, reason: null });
}
