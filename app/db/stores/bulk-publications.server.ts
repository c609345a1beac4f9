/** How far a shop's customers are published by bulk operations: one row, and so one run, of a shop. */
import type { NewJob } from "../../core/job.ts";
import type { BulkPublication as BulkPublicationRow } from "../generated/sqlite/client.ts";
import { chunks, plain, type Plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";
import { enqueue } from "./jobs.server.ts";
import { publicationFrom, type Publication } from "./publication-row.ts";

type BulkPublicationState = "idle" | "collecting" | "uploaded" | "running";

export interface BulkPublication extends Omit<Plain<BulkPublicationRow>, "state"> {
  state: BulkPublicationState;
}

export async function findBulkPublication(db: Reading, shopId: number): Promise<BulkPublication | null> {
  const row = await db.prisma.bulkPublication.findUnique({ where: { shopId } });
  if (!row) return null;
  // Written by saveBulkPublication only.
  return { ...plain(row), state: row.state as BulkPublicationState };
}

export type BulkPublicationChange = Partial<Omit<BulkPublication, "shopId" | "changedAt">>;

/** Changes it where it still is in that state and round; answers whether it was. */
export async function changeBulkPublication(
  tx: Transaction,
  { shopId, state, round }: Pick<BulkPublication, "round" | "shopId" | "state">,
  change: BulkPublicationChange,
): Promise<boolean> {
  const { count } = await tx.prisma.bulkPublication.updateMany({
    where: { shopId, state, round },
    data: { ...change, changedAt: Date.now() },
  });
  return count > 0;
}

/** Begins a run and adds its job. */
export async function beginBulkPublication(
  tx: Transaction,
  shopId: number,
  total: number,
  now: number,
): Promise<void> {
  const begun = {
    ...{ state: "collecting", startedAt: now, changedAt: now, finishedAt: null, notBefore: null, total },
    ...{
      written: 0,
      stale: 0,
      refused: 0,
      attempts: 0,
      operationDone: 0,
      operationId: null,
      stagedPath: null,
    },
  };
  await tx.prisma.bulkPublication.upsert({
    where: { shopId },
    create: { shopId, ...begun },
    update: begun,
  });
  // Whom an earlier run has left over is taken along again.
  await tx.prisma.publication.updateMany({
    where: { shopId, ownerType: "customer", bulkRound: { not: null } },
    data: UNMARKED,
  });
  await enqueue(tx, bulkJob(shopId));
}

/** The job of a run that nobody seems to work at. */
export async function resumeBulkPublication(tx: Transaction, shopId: number): Promise<void> {
  await tx.prisma.bulkPublication.updateMany({ where: { shopId }, data: { changedAt: Date.now() } });
  await enqueue(tx, bulkJob(shopId));
}

function bulkJob(shopId: number): NewJob<"publish-in-bulk"> {
  const kind = "publish-in-bulk";
  return { shopId, kind, payload: {}, key: kind, queue: kind };
}

const UNMARKED = { bulkRound: null, bulkWishes: null };
/** Left to the ordinary way. */
const BY_HAND = 0;

/** Where gathering goes on. */
export interface Place {
  dueAt: number;
  ownerId: number;
}

/** Customers who wait and whom no operation has taken along yet, the longest waiting first; those after a place. */
export async function waitingForBulk(
  db: Reading,
  shopId: number,
  after: Place | null,
  limit: number,
): Promise<(Publication & Place)[]> {
  const later = after && {
    dueAt: { gte: after.dueAt },
    OR: [{ dueAt: { gt: after.dueAt } }, { ownerId: { gt: after.ownerId } }],
  };
  const rows = await db.prisma.publication.findMany({
    where: { shopId, ownerType: "customer", bulkRound: null, dueAt: { not: null }, ...later },
    orderBy: [{ dueAt: "asc" }, { ownerId: "asc" }],
    take: limit,
  });
  return rows.map((row) => ({ ...publicationFrom(row), dueAt: Number(row.dueAt) }));
}

/** How many wait so, as far as `most`. */
export async function countWaitingForBulk(db: Reading, shopId: number, most: number): Promise<number> {
  const where = { shopId, ownerType: "customer", bulkRound: null, dueAt: { not: null } };
  const rows = await db.prisma.publication.findMany({ where, take: most, select: { ownerId: true } });
  return rows.length;
}

/** Notes who goes along with a round's file, as far as they still wish what it says; `null`: they are left to the ordinary way. */
export async function markForBulk(
  tx: Transaction,
  shopId: number,
  round: number | null,
  owners: readonly { ownerId: number; wishes: number }[],
): Promise<void> {
  for (const [wishes, alike] of Map.groupBy(owners, (each) => each.wishes)) {
    for (const some of chunks(alike, 500)) {
      const ownerId = { in: some.map((each) => each.ownerId) };
      await tx.prisma.publication.updateMany({
        where: { shopId, ownerType: "customer", ownerId, wishes },
        data: { bulkRound: round ?? BY_HAND, bulkWishes: round === null ? null : wishes },
      });
    }
  }
}

/** Of whom the answer says that they were written: those of the round, with what they wished, and those who are not written down any more. */
export async function takenAlong(
  tx: Transaction,
  shopId: number,
  round: number,
  customerIds: readonly number[],
): Promise<{ taken: Publication[]; gone: number[] }> {
  const rows = await tx.prisma.publication.findMany({
    where: { shopId, ownerType: "customer", ownerId: { in: [...customerIds] } },
  });
  const known = new Set(rows.map(({ ownerId }) => Number(ownerId)));
  return {
    taken: rows
      .filter(({ bulkRound }) => bulkRound === round)
      .map((row) => ({ ...publicationFrom(row), wishes: row.bulkWishes ?? 0 })),
    gone: customerIds.filter((id) => !known.has(id)),
  };
}

/** Of an operation that failed: whoever it did not tell of is gathered again. */
export async function unmarkRound(tx: Transaction, shopId: number, bulkRound: number): Promise<void> {
  await tx.prisma.publication.updateMany({
    where: { shopId, ownerType: "customer", bulkRound },
    data: UNMARKED,
  });
}
