/** When a shop's ledger began, and from when on something may still be written into it with an earlier time. */
import type { Reading } from "../types.ts";
import { TRANSACTION_KINDS } from "./ledger-activity.server.ts";

/** `null`: there are no points. */
export async function firstTransactionAt({ prisma }: Reading, shopId: number): Promise<number | null> {
  const firsts = await Promise.all(
    TRANSACTION_KINDS.map((kind) =>
      prisma.ledgerTransaction.findFirst({
        where: { shopId, kind },
        orderBy: { at: "asc" },
        select: { at: true },
      }),
    ),
  );
  const times = firsts.flatMap((first) => (first ? [Number(first.at)] : []));
  return times.length > 0 ? Math.min(...times) : null;
}

/** What was due before it was written has the time at which it was due. `null`: nothing falls due. */
export async function nextDueAt({ prisma }: Reading, shopId: number): Promise<number | null> {
  const next = await prisma.memberBalance.findFirst({
    where: { shopId, nextDueAt: { not: null } },
    orderBy: { nextDueAt: "asc" },
    select: { nextDueAt: true },
  });
  return next ? Number(next.nextDueAt) : null;
}
