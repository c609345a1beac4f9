/**
 * What a decision about points has to read and hold, in one statement each however many members it is about: Prisma compiles a list of
 * ids anew each time. Lists come to the database as one text of JSON.
 */
import type { LedgerTransaction, Lot, MemberBalance } from "../generated/sqlite/client.ts";
import type { Transaction } from "../types.ts";

type Value = string | number;

/**
 * Holds members' balances until the transaction ends, so that of all who decide about a member's points only one does at a time; in the
 * order of their numbers, so that two who lock several wait for each other and not in a circle.
 */
export async function lockBalances(
  tx: Transaction,
  shopId: number,
  memberIds: readonly number[],
): Promise<MemberBalance[]> {
  const ids = JSON.stringify(memberIds);
  const isAsked = `"shopId" = ${mark(tx, 1)} AND "memberId" IN ${listOf(tx, 2, "int")}`;
  if (tx.dialect === "sqlite") {
    // Who writes first has SQLite's only lock.
    return rowsOf(tx, `UPDATE "MemberBalance" SET "debt" = "debt" WHERE ${isAsked} RETURNING *`, shopId, ids);
  }
  const sql = `SELECT * FROM "MemberBalance" WHERE ${isAsked} ORDER BY "memberId" FOR UPDATE`;
  return rowsOf(tx, sql, shopId, ids);
}

/** Lots with something in them. */
export async function openLots(
  tx: Transaction,
  shopId: number,
  memberIds: readonly number[],
): Promise<Lot[]> {
  const isAsked = `"memberId" IN ${listOf(tx, 2, "int")}`;
  const isOpen = tx.dialect === "sqlite" ? `"isOpen" = 1` : `"isOpen"`;
  const sql = `SELECT * FROM "Lot" WHERE "shopId" = ${mark(tx, 1)} AND ${isAsked} AND ${isOpen}`;
  return rowsOf(tx, sql, shopId, JSON.stringify(memberIds));
}

export async function lotsById(tx: Transaction, shopId: number, ids: readonly string[]): Promise<Lot[]> {
  const sql = `SELECT * FROM "Lot" WHERE "shopId" = ${mark(tx, 1)} AND "id" IN ${listOf(tx, 2, "text")}`;
  return rowsOf(tx, sql, shopId, JSON.stringify(ids));
}

export async function transactionsOf(
  tx: Transaction,
  shopId: number,
  kind: string,
  sourceIds: readonly string[],
): Promise<LedgerTransaction[]> {
  const isAsked = `"kind" = ${mark(tx, 2)} AND "sourceId" IN ${listOf(tx, 3, "text")}`;
  const sql = `SELECT * FROM "LedgerTransaction" WHERE "shopId" = ${mark(tx, 1)} AND ${isAsked}`;
  return rowsOf(tx, sql, shopId, kind, JSON.stringify(sourceIds));
}

async function rowsOf<Row>({ prisma }: Transaction, sql: string, ...values: Value[]): Promise<Row[]> {
  return prisma.$queryRawUnsafe<Row[]>(sql, ...values);
}

function mark({ dialect }: Transaction, index: number): string {
  return dialect === "sqlite" ? "?" : `$${index}`;
}

function listOf({ dialect }: Transaction, index: number, type: "int" | "text"): string {
  if (dialect === "sqlite") return "(SELECT value FROM json_each(?))";
  return `(SELECT value::${type} FROM json_array_elements_text($${index}::json))`;
}
