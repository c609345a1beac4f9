/**
 * The ledger of a shop, newest first, a page at a time. Each kind is read by its own index and the pages are merged, so that a page costs
 * the same after ten years, with a kind chosen or without.
 */
import { memberSums, type MemberSums } from "../../core/loyalty/explain.ts";
import type { LedgerTransaction, TransactionKind } from "../../core/loyalty/ledger.ts";
import type { LedgerTransaction as TransactionRow, Prisma } from "../generated/sqlite/client.ts";
import { chunks } from "../plain.ts";
import { currentMembers } from "../stores/members.server.ts";
import type { Reading } from "../types.ts";
import { withPostings } from "./member-account.server.ts";

export const TRANSACTION_KINDS = [
  "earn",
  "survey",
  "referral",
  "claw-back",
  "ripen",
  "expire",
  "redeem",
  "restore",
  "return-spent",
  "adjust",
  "undo",
  "activity",
  "tier",
  "import",
  "undo-import",
  "merge",
] as const satisfies readonly TransactionKind[];

export interface ActivityFilter {
  kind: TransactionKind | null;
  memberId: number | null;
}

/** The last line that was shown. */
export type ActivityPlace = Pick<LedgerTransaction, "at" | "kind" | "sourceId" | "sequence">;

export interface ActivityLine extends ActivityPlace, MemberSums {
  memberId: number;
  /** `null`: nothing leads to the customer any more, or the member is somebody else now. */
  customerId: number | null;
  reason: string | null;
  /** Of the points that came. */
  ripensAt: number | null;
  expiresAt: number | null;
}

interface Asked {
  after: ActivityPlace | null;
  size: number;
}

export async function ledgerActivity(
  db: Reading,
  shopId: number,
  { kind, memberId }: ActivityFilter,
  asked: Asked,
): Promise<{ lines: ActivityLine[]; older: ActivityPlace | null }> {
  const rows =
    memberId === null
      ? await rowsOfShop(db, shopId, kind === null ? TRANSACTION_KINDS : [kind], asked)
      : await rowsOfMember(db, shopId, memberId, kind, asked);
  const lines = await linesOf(db, shopId, rows.slice(0, asked.size));
  const last = lines.at(-1);
  return { lines, older: rows.length > asked.size && last ? placeOf(last) : null };
}

/** One more than asked for, if there are. */
async function rowsOfShop(
  { prisma }: Reading,
  shopId: number,
  kinds: readonly TransactionKind[],
  { after, size }: Asked,
): Promise<TransactionRow[]> {
  const found = await Promise.all(
    kinds.map((kind) =>
      prisma.ledgerTransaction.findMany({
        where: { shopId, kind, ...behind(after, kind) },
        orderBy: [{ at: "desc" }, { sourceId: "asc" }, { sequence: "asc" }],
        take: size + 1,
      }),
    ),
  );
  // Of one kind the database's own order stays.
  return found.flat().sort(byTimeAndKind);
}

/** A member's history is short: it is read whole, under every number that the member has had. */
async function rowsOfMember(
  { prisma }: Reading,
  shopId: number,
  memberId: number,
  kind: TransactionKind | null,
  { after, size }: Asked,
): Promise<TransactionRow[]> {
  const former = await prisma.member.findMany({ where: { shopId, aliasOfId: memberId } });
  const memberIds = [memberId, ...former.map(({ id }) => id)];
  const all = await prisma.ledgerTransaction.findMany({ where: { shopId, memberId: { in: memberIds } } });
  const rows = all.filter((row) => kind === null || row.kind === kind).sort(newestFirst);
  const from = after ? rows.findIndex((row) => newestFirst(row, { ...after, at: BigInt(after.at) }) > 0) : 0;
  return from < 0 ? [] : rows.slice(from, from + size + 1);
}

const PLACE_OF_KIND = new Map<string, number>(TRANSACTION_KINDS.map((kind, place) => [kind, place]));
const placeOfKind = (kind: string) => PLACE_OF_KIND.get(kind) ?? -1;

type RowPlace = Pick<TransactionRow, "at" | "kind" | "sourceId" | "sequence">;

function byTimeAndKind(a: RowPlace, b: RowPlace): number {
  return Number(b.at - a.at) || placeOfKind(a.kind) - placeOfKind(b.kind);
}

function newestFirst(a: RowPlace, b: RowPlace): number {
  if (a.sourceId !== b.sourceId) return byTimeAndKind(a, b) || (a.sourceId < b.sourceId ? -1 : 1);
  return byTimeAndKind(a, b) || a.sequence - b.sequence;
}

/** What of a kind comes after a line. The time stands in each, so that both databases go by it. */
function behind(after: ActivityPlace | null, kind: TransactionKind): Prisma.LedgerTransactionWhereInput {
  if (after === null) return { at: { lte: Number.MAX_SAFE_INTEGER } };
  const { at, sourceId, sequence } = after;
  if (placeOfKind(kind) > placeOfKind(after.kind)) return { at: { lte: at } };
  if (kind !== after.kind) return { at: { lt: at } };
  const later = [
    { at: { lt: at } },
    { sourceId: { gt: sourceId } },
    { sourceId, sequence: { gt: sequence } },
  ];
  return { at: { lte: at }, OR: later };
}

function placeOf({ at, kind, sourceId, sequence }: ActivityPlace): ActivityPlace {
  return { at, kind, sourceId, sequence };
}

const KEYS_AT_ONCE = 100;

async function linesOf(
  db: Reading,
  shopId: number,
  rows: readonly TransactionRow[],
): Promise<ActivityLine[]> {
  const customers = await customersBehind(db, shopId, [...new Set(rows.map((row) => row.memberId))]);
  const lines: ActivityLine[] = [];
  for (const some of chunks(rows, KEYS_AT_ONCE)) {
    for (const transaction of await withPostings(db, shopId, some)) {
      const { memberId, reason, opensLot } = transaction;
      const { ripensAt = null, expiresAt = null } = opensLot ?? {};
      // A merge is told of the member who is left; within it points only change hands.
      const sums = memberSums([transaction], new Set([memberId]));
      const customerId = customers.get(memberId) ?? null;
      lines.push({ ...placeOf(transaction), ...sums, memberId, customerId, reason, ripensAt, expiresAt });
    }
  }
  return lines;
}

async function customersBehind(
  db: Reading,
  shopId: number,
  memberIds: readonly number[],
): Promise<Map<number, number>> {
  const current = await currentMembers(db, shopId, memberIds);
  const customers = new Map<number, number>();
  for (const some of chunks([...new Set(current.values())], KEYS_AT_ONCE)) {
    const links = await db.prisma.memberLink.findMany({ where: { shopId, memberId: { in: some } } });
    for (const { memberId, customerId } of links) customers.set(memberId, Number(customerId));
  }
  return new Map(
    [...current].flatMap(([id, now]) => {
      const customerId = customers.get(now);
      return customerId === undefined ? [] : [[id, customerId] as const];
    }),
  );
}
