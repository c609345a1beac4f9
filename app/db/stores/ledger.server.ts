/**
 * The points ledger: a member's account is loaded under its lock, decided about by core, and what was decided is written once under its
 * natural key, with the balances that follow from it, in the same transaction. See docs/decisions/014-points-ledger.md.
 */
import { earnedPoints } from "../../core/events/earned-points.ts";
import type { LedgerTransaction } from "../../core/loyalty/ledger.ts";
import {
  balanceOf,
  isOpen,
  type Change,
  type Lot,
  type MemberAccount,
} from "../../core/loyalty/member-account.ts";
import { lockBalances, lotsById, openLots, transactionsOf } from "../bulk/ledger-rows.ts";
import { lockBalanceOf } from "../bulk/redeem-rows.ts";
import { writeTables } from "../bulk/write-rows.ts";
import type { Lot as LotRow, MemberBalance } from "../generated/sqlite/client.ts";
import { plain, type Plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";
import { tellOutside } from "./outgoing-events.server.ts";
import { publishMembersLater } from "./publications.server.ts";

/** A natural key came again with other contents: never to be repaired by trying again. */
export class LedgerConflict extends Error {
  override name = "LedgerConflict";
}

/**
 * Accounts of members, held until the transaction ends, with their open lots and the named ones. A member who has been merged is not
 * asked for here: see `currentMembers`.
 */
export async function lockAccounts(
  tx: Transaction,
  shopId: number,
  memberIds: Iterable<number>,
  lotIds: Iterable<string> = [],
): Promise<Map<number, MemberAccount>> {
  const wanted = [...new Set(memberIds)];
  const accounts = new Map<number, MemberAccount & { lots: Lot[] }>();
  if (wanted.length === 0) return accounts;
  for (const balance of await lockBalances(tx, shopId, wanted)) {
    const account = accountFrom(balance);
    accounts.set(account.memberId, account);
  }
  const missing = wanted.find((memberId) => !accounts.has(memberId));
  if (missing !== undefined) throw new Error(`member ${missing} has no balance`);
  for (const row of await lotsOf(tx, shopId, wanted, [...new Set(lotIds)])) {
    const { memberId, ...lot } = lotFrom(row);
    // A named lot may be somebody else's: of an order that was another customer's before.
    accounts.get(memberId)?.lots.push(lot);
  }
  return accounts;
}

/**
 * The same of whoever one member is by now. Who waited for a merge has the account of the one that was merged: see `lockMember`. `null`
 * where there is no such member.
 */
export async function lockAccountOf(
  tx: Transaction,
  shopId: number,
  memberId: number,
  lotIds: readonly string[] = [],
): Promise<MemberAccount | null> {
  const balance = await lockBalanceOf(tx, shopId, memberId);
  if (!balance) return null;
  const account = accountFrom(balance);
  const rows = await lotsOf(tx, shopId, [account.memberId], [...new Set(lotIds)]);
  const lots = rows.map(lotFrom).filter((lot) => lot.memberId === account.memberId);
  return { ...account, lots: lots.map(({ memberId: _, ...lot }) => lot) };
}

function accountFrom({
  memberId,
  transactions,
  debt,
}: Plain<MemberBalance>): MemberAccount & { lots: Lot[] } {
  return { memberId, transactions, debt, lots: [] };
}

/** A member's account with its open lots, for whoever only reads. */
export async function openAccount(
  db: Reading,
  shopId: number,
  { memberId, transactions, debt }: Omit<MemberAccount, "lots">,
): Promise<MemberAccount> {
  const lots = await db.prisma.lot.findMany({ where: { shopId, memberId, isOpen: true } });
  return { memberId, transactions, debt, lots: lots.map(lotFrom) };
}

async function lotsOf(
  tx: Transaction,
  shopId: number,
  memberIds: readonly number[],
  lotIds: readonly string[],
): Promise<Plain<LotRow>[]> {
  const open = await openLots(tx, shopId, memberIds);
  if (lotIds.length === 0) return open;
  const known = new Set(open.map(({ id }) => id));
  const named = await lotsById(tx, shopId, lotIds);
  return [...open, ...named.filter(({ id }) => !known.has(id))];
}

export function lotFrom(row: LotRow | Plain<LotRow>): Lot & { memberId: number } {
  const { id, memberId, kind, sourceId, ...rest } = plain(row);
  const { points, earnedAt, ripensAt, expiresAt, pending, available, expired } = rest;
  // Written by saveChanges only.
  const terms = { id, kind: kind as Lot["kind"], sourceId, points, earnedAt, ripensAt, expiresAt };
  return { ...terms, memberId, pending, available, expired };
}

/**
 * Writes what was decided about accounts that this transaction has locked, several times about one account in the order of deciding. Where the last transaction of a change is written already,
 * nothing of it is written again. Answers those that were.
 */
export async function saveChanges(
  tx: Transaction,
  shopId: number,
  changes: readonly Change[],
): Promise<Change[]> {
  const known = await knownTransactions(tx, shopId, changes);
  const fresh: Change[] = [];
  for (const change of changes) {
    if (!(await isKnown(tx, shopId, change, known))) fresh.push(change);
    else if (isDecidedUpon(change, changes)) throw new LedgerConflict("decided upon what was written before");
  }
  const transactions = fresh.flatMap((change) => change.transactions);
  await writeTables(tx, [
    { table: "LedgerTransaction", rows: transactions.map((each) => transactionRow(shopId, each)) },
    { table: "LedgerPosting", rows: transactions.flatMap((each) => postingRows(shopId, each)) },
    { table: "Lot", rows: fresh.flatMap((change) => lotRows(shopId, change)), key: ["shopId", "id"] },
    {
      table: "MemberBalance",
      rows: fresh.map(({ account }) => balanceRow(shopId, account)),
      key: ["shopId", "memberId"],
    },
  ]);
  await tellOutside(
    tx,
    shopId,
    fresh.flatMap((change) => earnedPoints(change)),
  );
  const changed = fresh.map(({ account }) => account.memberId);
  await publishMembersLater(tx, shopId, changed, { first: transactions.some(isOfMember) });
  return fresh;
}

/** Done by the member just now; an order says so itself. */
function isOfMember({ kind }: LedgerTransaction): boolean {
  return kind === "redeem" || kind === "restore";
}

/** Others of the same member in one go were decided upon this one. */
function isDecidedUpon({ account }: Change, changes: readonly Change[]): boolean {
  return changes.filter((other) => other.account.memberId === account.memberId).length > 1;
}

type Key = Pick<LedgerTransaction, "kind" | "sourceId" | "sequence">;
/** What was asked for: when it was done, and on which lots it fell, follows from the state. */
type Contents = Pick<LedgerTransaction, "memberId" | "points" | "reason">;

function keyOf({ kind, sourceId, sequence }: { kind: string; sourceId: string; sequence: number }): string {
  return `${kind}/${sourceId}/${sequence}`;
}

async function knownTransactions(
  tx: Transaction,
  shopId: number,
  changes: readonly Change[],
): Promise<Map<string, Contents>> {
  const written = changes.flatMap(({ transactions }) => transactions);
  const known = new Map<string, Contents>();
  for (const kind of new Set(written.map((each) => each.kind))) {
    const sources = new Set(written.filter((each) => each.kind === kind).map(({ sourceId }) => sourceId));
    for (const row of await transactionsOf(tx, shopId, kind, [...sources])) known.set(keyOf(row), row);
  }
  return known;
}

async function isKnown(
  tx: Transaction,
  shopId: number,
  { transactions }: Change,
  known: ReadonlyMap<string, Contents>,
): Promise<boolean> {
  const asked = transactions.at(-1);
  const stored = asked && known.get(keyOf(asked));
  if (asked && stored) {
    await refuseOtherContents(tx, shopId, asked, stored);
    return true;
  }
  const twice = transactions.find((each) => known.has(keyOf(each)));
  if (twice) throw new LedgerConflict(`${keyOf(twice)} is written already`);
  return false;
}

async function refuseOtherContents(
  tx: Transaction,
  shopId: number,
  asked: Key & Contents,
  stored: Contents,
): Promise<void> {
  const isSame = asked.points === stored.points && asked.reason === stored.reason;
  if (isSame && asked.memberId === stored.memberId) return;
  const member = await tx.prisma.member.findUnique({
    where: { shopId_id: { shopId, id: stored.memberId } },
  });
  if (isSame && member?.aliasOfId === asked.memberId) return;
  throw new LedgerConflict(`${keyOf(asked)} was written with other contents`);
}

function transactionRow(shopId: number, transaction: LedgerTransaction) {
  const { kind, sourceId, sequence, memberId, number, at, points, reason } = transaction;
  return { shopId, kind, sourceId, sequence, memberId, number, at, points, reason };
}

function postingRows(shopId: number, { kind, sourceId, sequence, postings }: LedgerTransaction) {
  return postings.map(({ memberId, from, to, points, lotId }, position) => ({
    ...{ shopId, kind, sourceId, sequence, position, memberId },
    ...{ fromAccount: from, toAccount: to, points, lotId },
  }));
}

/** Those that the change touched, as they are after it. */
function lotRows(shopId: number, { account, transactions }: Change) {
  const touched = new Set(transactions.flatMap(({ postings }) => postings.map(({ lotId }) => lotId)));
  return account.lots
    .filter(({ id }) => touched.has(id))
    .map((lot) => {
      const { id, kind, sourceId, points, earnedAt, ripensAt, expiresAt, pending, available, expired } = lot;
      const terms = { id, memberId: account.memberId, kind, sourceId, points, earnedAt, ripensAt, expiresAt };
      return { shopId, ...terms, pending, available, expired, isOpen: isOpen(lot) };
    });
}

function balanceRow(shopId: number, account: MemberAccount) {
  const { memberId, transactions } = account;
  return { shopId, memberId, transactions, ...balanceOf(account) };
}
