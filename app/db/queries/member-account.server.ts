/** What a member has now and how it came to that: a balance in constant time, and the ledger's lines behind it. */
import { advance } from "../../core/loyalty/advance.ts";
import {
  lotId,
  type AccountName,
  type LedgerTransaction,
  type LotTerms,
  type Posting,
  type TransactionKind,
} from "../../core/loyalty/ledger.ts";
import { balanceOf, type Balance } from "../../core/loyalty/member-account.ts";
import {
  Prisma,
  type LedgerPosting as PostingRow,
  type LedgerTransaction as TransactionRow,
  type Lot as LotRow,
  type MemberBalance as BalanceRow,
} from "../generated/sqlite/client.ts";
import { chunks, plain, type Plain } from "../plain.ts";
import { openAccount } from "../stores/ledger.server.ts";
import type { Reading } from "../types.ts";

/** As it is at this moment, whenever a job last came by. `null` where there is no such member. */
export async function memberBalance(
  db: Reading,
  shopId: number,
  memberId: number,
  now: number,
): Promise<Balance | null> {
  const [row] = await db.sql.rows<Plain<BalanceRow>>(
    Prisma.sql`SELECT * FROM "MemberBalance" WHERE "shopId" = ${shopId} AND "memberId" = ${memberId}`,
  );
  if (!row) return null;
  const { pending, available, debt, nextDueAt } = row;
  if (nextDueAt === null || nextDueAt > now) return { pending, available, debt, nextDueAt };
  return balanceOf(advance(await openAccount(db, shopId, row), now).account);
}

/** All transactions of a member, under this and every former number, the oldest first. */
export async function memberTransactions(
  db: Reading,
  shopId: number,
  memberId: number,
): Promise<{ memberIds: Set<number>; transactions: LedgerTransaction[] }> {
  const former = await db.prisma.member.findMany({ where: { shopId, aliasOfId: memberId } });
  const memberIds = new Set([memberId, ...former.map(({ id }) => id)]);
  const rows = await db.prisma.ledgerTransaction.findMany({
    where: { shopId, memberId: { in: [...memberIds] } },
    orderBy: [{ at: "asc" }, { memberId: "asc" }, { number: "asc" }],
  });
  const transactions: LedgerTransaction[] = [];
  for (const some of chunks(rows, KEYS_AT_ONCE)) transactions.push(...(await withPostings(db, shopId, some)));
  return { memberIds, transactions };
}

/** `null`: nothing was written under this natural key. */
export async function findTransaction(
  db: Reading,
  shopId: number,
  { kind, sourceId, sequence }: Pick<LedgerTransaction, "kind" | "sourceId" | "sequence">,
): Promise<LedgerTransaction | null> {
  const key = { shopId, kind, sourceId, sequence };
  const row = await db.prisma.ledgerTransaction.findUnique({
    where: { shopId_kind_sourceId_sequence: key },
  });
  return row ? ((await withPostings(db, shopId, [row]))[0] ?? null) : null;
}

const KEYS_AT_ONCE = 100;

export async function withPostings(
  db: Reading,
  shopId: number,
  rows: readonly TransactionRow[],
): Promise<LedgerTransaction[]> {
  // Two lists and not each key by itself, for which a database may read all its rows. What they bring besides belongs to no row here.
  const kinds = new Set(rows.map(({ kind }) => kind));
  const sources = new Set(rows.map(({ sourceId }) => sourceId));
  const postings = await db.prisma.ledgerPosting.findMany({
    where: { shopId, kind: { in: [...kinds] }, sourceId: { in: [...sources] } },
    orderBy: { position: "asc" },
  });
  // Written by saveChanges only.
  const idOf = (row: Key) => lotId(row.kind as TransactionKind, row.sourceId, row.sequence);
  const lots = await db.prisma.lot.findMany({ where: { shopId, id: { in: rows.map(idOf) } } });
  const opened = new Map(lots.map((lot) => [lot.id, termsFrom(lot)]));
  const byKey = Map.groupBy(postings, idOf);
  return rows.map((row) => {
    const { kind, sourceId, sequence, memberId, number, at, points, reason } = plain(row);
    const own = (byKey.get(idOf(row)) ?? []).map(postingFrom);
    const facts = { kind: kind as TransactionKind, sourceId, sequence, memberId, number, at, points, reason };
    return { ...facts, opensLot: opened.get(idOf(row)) ?? null, postings: own };
  });
}

type Key = Pick<TransactionRow, "kind" | "sourceId" | "sequence">;

function postingFrom(row: PostingRow): Posting {
  const { memberId, fromAccount, toAccount, points, lotId: id } = plain(row);
  return { memberId, from: fromAccount as AccountName, to: toAccount as AccountName, points, lotId: id };
}

function termsFrom(row: LotRow): LotTerms {
  const { id, kind, sourceId, points, earnedAt, ripensAt, expiresAt } = plain(row);
  return { id, kind: kind as TransactionKind, sourceId, points, earnedAt, ripensAt, expiresAt };
}
