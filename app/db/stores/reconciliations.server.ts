/** What each sweep and audit checked and repaired: the drift is a figure. */
import type { Transaction } from "../types.ts";

export interface Reconciliation {
  id: string;
  kind: "sweep" | "audit";
  startedAt: number;
  finishedAt: number | null;
  checkedCount: number;
  missingCount: number;
  staleCount: number;
  surplusCount: number;
}

/** Stores one, or the next state of a running one. */
export async function saveReconciliation(
  tx: Transaction,
  shopId: number,
  reconciliation: Reconciliation,
): Promise<void> {
  const { id, ...facts } = reconciliation;
  await tx.prisma.reconciliation.upsert({
    where: { shopId_id: { shopId, id } },
    create: { shopId, ...reconciliation },
    update: facts,
  });
}

export async function expireReconciliations(
  tx: Transaction,
  shopId: number,
  before: number,
): Promise<number> {
  const { count } = await tx.prisma.reconciliation.deleteMany({
    where: { shopId, startedAt: { lt: before } },
  });
  return count;
}
