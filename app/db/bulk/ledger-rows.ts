/**
 * What a decision about points has to read and hold, in one statement each however many members it is about: Prisma compiles a list of
 * ids anew each time.
 */
import { Prisma, type LedgerTransaction, type Lot, type MemberBalance } from "../generated/sqlite/client.ts";
import type { Plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";
import { listOf } from "./list-of.ts";

/**
 * Holds members' balances until the transaction ends, so that of all who decide about a member's points only one does at a time; in the
 * order of their numbers, so that two who lock several wait for each other and not in a circle.
 */
export async function lockBalances(
  tx: Transaction,
  shopId: number,
  memberIds: readonly number[],
): Promise<Plain<MemberBalance>[]> {
  const isAsked = Prisma.sql`"shopId" = ${shopId} AND "memberId" IN ${listOf(tx, memberIds, "int")}`;
  return tx.sql.rows(
    tx.dialect === "sqlite"
      ? // Who writes first has SQLite's only lock.
        Prisma.sql`UPDATE "MemberBalance" SET "debt" = "debt" WHERE ${isAsked} RETURNING *`
      : Prisma.sql`SELECT * FROM "MemberBalance" WHERE ${isAsked} ORDER BY "memberId" FOR UPDATE`,
  );
}

/** Lots with something in them. */
export async function openLots(
  db: Reading,
  shopId: number,
  memberIds: readonly number[],
): Promise<Plain<Lot>[]> {
  const isOpen = Prisma.raw(db.dialect === "sqlite" ? `"isOpen" = 1` : `"isOpen"`);
  return db.sql.rows(
    Prisma.sql`SELECT * FROM "Lot" WHERE "shopId" = ${shopId} AND "memberId" IN ${listOf(db, memberIds, "int")} AND ${isOpen}`,
  );
}

export async function lotsById(
  tx: Transaction,
  shopId: number,
  ids: readonly string[],
): Promise<Plain<Lot>[]> {
  return tx.sql.rows(
    Prisma.sql`SELECT * FROM "Lot" WHERE "shopId" = ${shopId} AND "id" IN ${listOf(tx, ids, "text")}`,
  );
}

export async function transactionsOf(
  tx: Transaction,
  shopId: number,
  kind: string,
  sourceIds: readonly string[],
): Promise<Plain<LedgerTransaction>[]> {
  return tx.sql.rows(
    Prisma.sql`SELECT * FROM "LedgerTransaction" WHERE "shopId" = ${shopId} AND "kind" = ${kind}
      AND "sourceId" IN ${listOf(tx, sourceIds, "text")}`,
  );
}
