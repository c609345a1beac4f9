/** A member's account as a page of lines, the newest first, each with the balance after it: read back from today's, whatever lies before. */
import { advance } from "../../core/loyalty/advance.ts";
import { explain, memberSums, type ExplainedLine, type MemberSums } from "../../core/loyalty/explain.ts";
import type { LedgerTransaction } from "../../core/loyalty/ledger.ts";
import { balanceOf } from "../../core/loyalty/member-account.ts";
import type { Prisma } from "../generated/sqlite/client.ts";
import { plain } from "../plain.ts";
import { openAccount } from "../stores/ledger.server.ts";
import type { Reading } from "../types.ts";
import { withPostings } from "./member-account.server.ts";

/** The last line of a page, and what the member had before it. */
export interface StatementPlace extends MemberSums {
  at: number;
  memberId: number;
  number: number;
}

interface StatementLine extends ExplainedLine {
  /** An adjustment that has not been undone. */
  canUndo: boolean;
}

interface MemberStatement {
  /** Now, whenever a job last came by. */
  balance: MemberSums;
  lines: StatementLine[];
  /** Where the older ones begin; `null`: there are none. */
  older: StatementPlace | null;
}

/** `null` where there is no such member. */
export async function memberStatement(
  db: Reading,
  shopId: number,
  memberId: number,
  { before, size, now }: { before: StatementPlace | null; size: number; now: number },
): Promise<MemberStatement | null> {
  const row = await db.prisma.memberBalance.findUnique({ where: { shopId_memberId: { shopId, memberId } } });
  if (!row) return null;
  const stored = plain(row);
  const isDue = stored.nextDueAt !== null && stored.nextDueAt <= now;
  const due = isDue ? advance(await openAccount(db, shopId, stored), now) : null;
  const today = due ? balanceOf(due.account) : stored;
  const former = await db.prisma.member.findMany({ where: { shopId, aliasOfId: memberId } });
  const memberIds = new Set([memberId, ...former.map(({ id }) => id)]);
  const rows = await db.prisma.ledgerTransaction.findMany({
    where: { shopId, memberId: { in: [...memberIds] }, ...(before && earlierThan(before)) },
    orderBy: [{ at: "desc" }, { memberId: "desc" }, { number: "desc" }],
    take: size + 1,
  });
  const written = await withPostings(db, shopId, rows.slice(0, size).toReversed());
  const shown = before ? written : [...written, ...(due?.transactions ?? [])];
  const end = before ?? sumsOf(today);
  const start = less(end, memberSums(shown, memberIds));
  const undone = await undoneAmong(db, shopId, shown);
  const lines = explain(shown, memberIds, start).map((line) => ({
    ...line,
    canUndo: line.kind === "adjust" && !undone.has(line.sourceId),
  }));
  const first = written[0];
  return {
    balance: sumsOf(today),
    lines: lines.toReversed(),
    older: rows.length > size && first ? { ...placeOf(first), ...start } : null,
  };
}

function placeOf({ at, memberId, number }: LedgerTransaction) {
  return { at, memberId, number };
}

function earlierThan({ at, memberId, number }: StatementPlace): Prisma.LedgerTransactionWhereInput {
  return {
    at: { lte: at },
    OR: [{ at: { lt: at } }, { memberId: { lt: memberId } }, { memberId, number: { lt: number } }],
  };
}

function sumsOf({
  pending,
  available,
  debt,
}: {
  pending: number;
  available: number;
  debt: number;
}): MemberSums {
  return { pending, available, owed: debt };
}

function less(a: MemberSums, b: MemberSums): MemberSums {
  return { pending: a.pending - b.pending, available: a.available - b.available, owed: a.owed - b.owed };
}

async function undoneAmong(
  { prisma }: Reading,
  shopId: number,
  transactions: readonly LedgerTransaction[],
): Promise<Set<string>> {
  const ids = transactions.flatMap(({ kind, sourceId }) => (kind === "adjust" ? [sourceId] : []));
  if (ids.length === 0) return new Set();
  const where = { shopId, kind: "undo", sourceId: { in: ids } };
  const rows = await prisma.ledgerTransaction.findMany({ where, select: { sourceId: true } });
  return new Set(rows.map(({ sourceId }) => sourceId));
}
