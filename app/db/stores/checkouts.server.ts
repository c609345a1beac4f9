/** Writes abandoned checkouts: that one happened, when and whose, never what stood in it. */
import type { AbandonedCheckout } from "../../core/checkout.ts";
import { currentCustomer } from "../order-rows.ts";
import { chunks } from "../plain.ts";
import type { Transaction } from "../types.ts";
import { presentCustomers } from "./customers.server.ts";
import { lockShop } from "./shops.server.ts";

export async function saveCheckouts(
  tx: Transaction,
  shopId: number,
  checkouts: readonly AbandonedCheckout[],
): Promise<{ applied: number }> {
  await lockShop(tx, shopId);
  let applied = 0;
  for (const batch of chunks(checkouts, 200)) {
    const stored = await tx.prisma.abandonedCheckout.findMany({
      where: { shopId, id: { in: batch.map(({ id }) => id) } },
      select: { id: true, updatedAt: true },
    });
    const updatedAt = new Map(stored.map((row) => [Number(row.id), Number(row.updatedAt)]));
    const newest = new Map<number, AbandonedCheckout>();
    for (const checkout of batch) {
      const known = newest.get(checkout.id)?.updatedAt ?? updatedAt.get(checkout.id);
      if (known === undefined || checkout.updatedAt >= known) newest.set(checkout.id, checkout);
    }
    const changed = await presentCustomers(
      tx,
      shopId,
      new Set([...newest.values()].flatMap(({ customerId }) => customerId ?? [])),
    );
    await tx.prisma.abandonedCheckout.deleteMany({ where: { shopId, id: { in: [...newest.keys()] } } });
    await tx.prisma.abandonedCheckout.createMany({
      data: [...newest.values()].map(({ id, customerId, createdAt, updatedAt, completedAt }) => {
        const present = currentCustomer(customerId, changed);
        return { shopId, id, customerId: present, createdAt, updatedAt, completedAt };
      }),
    });
    applied += newest.size;
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
