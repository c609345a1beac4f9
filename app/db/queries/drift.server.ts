/** What reconciliation found that webhooks had not brought: the target is nothing. */
import { plain } from "../plain.ts";
import type { Reconciliation } from "../stores/reconciliations.server.ts";
import type { Reading } from "../types.ts";

export interface Drift {
  /** Finished sweeps and audits since `since`, newest first. */
  runs: Reconciliation[];
  checkedCount: number;
  missingCount: number;
  staleCount: number;
  surplusCount: number;
}

export async function driftSince(db: Reading, shopId: number, since: number): Promise<Drift> {
  const rows = await db.prisma.reconciliation.findMany({
    where: { shopId, startedAt: { gte: since }, finishedAt: { not: null } },
    orderBy: { startedAt: "desc" },
    omit: { shopId: true },
  });
  const runs = rows.map((row) => plain(row) as Reconciliation);
  const sum = (count: (run: Reconciliation) => number) => runs.reduce((total, run) => total + count(run), 0);
  return {
    runs,
    checkedCount: sum((run) => run.checkedCount),
    missingCount: sum((run) => run.missingCount),
    staleCount: sum((run) => run.staleCount),
    surplusCount: sum((run) => run.surplusCount),
  };
}
