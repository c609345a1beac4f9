/** Writes abandoned checkouts: that one happened, when and whose, never what stood in it. */
import type { AbandonedCheckout } from "../../core/checkout.ts";
import { applicableCheckouts } from "../order-facts.ts";
import { chunks } from "../plain.ts";
import type { Transaction } from "../types.ts";
import { prismaFacts } from "./prisma-facts.ts";
import { lockShop } from "./shops.server.ts";

export async function saveCheckouts(
  tx: Transaction,
  shopId: number,
  checkouts: readonly AbandonedCheckout[],
): Promise<{ applied: number }> {
  await lockShop(tx, shopId);
  const source = prismaFacts(tx, shopId);
  let applied = 0;
  for (const batch of chunks(checkouts, 200)) {
    const rows = await applicableCheckouts(source, batch);
    await tx.prisma.abandonedCheckout.deleteMany({ where: { shopId, id: { in: rows.map(({ id }) => id) } } });
    await tx.prisma.abandonedCheckout.createMany({ data: rows });
    applied += rows.length;
  }
  return { applied };
}

/** Removes what is older than the retention period. */
export async function expireCheckouts(tx: Transaction, shopId: number, before: number): Promise<number> {
  const { count } = await tx.prisma.abandonedCheckout.deleteMany({
    where: { shopId, createdAt: { lt: before } },
  });
  return count;
}
