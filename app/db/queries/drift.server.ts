/** What reconciliation found that webhooks had not brought: the target is nothing. */
import { plain } from "../plain.ts";
import type { Reconciliation } from "../stores/reconciliations.server.ts";
import { countUnreadable } from "../stores/unreadable-records.server.ts";
import type { Reading } from "../types.ts";

export interface Drift {
  runCount: number;
  /** Of the finished sweeps and audits the newest, and those that found something: most of a month's found nothing. */
  runs: Reconciliation[];
  /** Of all runs. */
  checkedCount: number;
  missingCount: number;
  staleCount: number;
  surplusCount: number;
  /** Records that could not be read, as of now: webhooks brought them, and nothing is repaired by fetching them. */
  unreadableCount: number;
}

const NEWEST_SHOWN = 5;
const FOUND_SHOWN = 20;
const FOUND_SOMETHING = {
  OR: [{ missingCount: { gt: 0 } }, { staleCount: { gt: 0 } }, { surplusCount: { gt: 0 } }],
};

export async function driftSince(db: Reading, shopId: number, since: number): Promise<Drift> {
  const finished = { shopId, startedAt: { gte: since }, finishedAt: { not: null } };
  const latest = (where: object, take: number) =>
    db.prisma.reconciliation.findMany({
      where: { ...finished, ...where },
      orderBy: { startedAt: "desc" },
      omit: { shopId: true },
      take,
    });
  const rows = [...(await latest({}, NEWEST_SHOWN)), ...(await latest(FOUND_SOMETHING, FOUND_SHOWN))];
  const runs = new Map(rows.map((row) => [row.id, plain(row) as Reconciliation]));
  const { _count, _sum } = await db.prisma.reconciliation.aggregate({
    where: finished,
    _count: { _all: true },
    _sum: { checkedCount: true, missingCount: true, staleCount: true, surplusCount: true },
  });
  return {
    runCount: _count._all,
    runs: [...runs.values()].toSorted((a, b) => b.startedAt - a.startedAt),
    checkedCount: _sum.checkedCount ?? 0,
    missingCount: _sum.missingCount ?? 0,
    staleCount: _sum.staleCount ?? 0,
    surplusCount: _sum.surplusCount ?? 0,
    unreadableCount: await countUnreadable(db, shopId),
  };
}

/** Every finished run since then, the newest first. */
export async function driftRuns(db: Reading, shopId: number, since: number): Promise<Reconciliation[]> {
  const rows = await db.prisma.reconciliation.findMany({
    where: { shopId, startedAt: { gte: since }, finishedAt: { not: null } },
    orderBy: { startedAt: "desc" },
    omit: { shopId: true },
  });
  return rows.map((row) => plain(row) as Reconciliation);
}
