/** Erasure on request: of one customer, and of a whole shop. See docs/decisions/006-erasure.md. */
import { chunks } from "../plain.ts";
import type { Transaction } from "../types.ts";
import { forgetCustomer, releaseOrders } from "./customers.server.ts";
import { bumpDataVersion, lockShop } from "./shops.server.ts";

/** Removes every trace of a customer's ids but their keyed hashes. `orderIds` are the orders that Shopify names. */
export async function eraseCustomer(
  tx: Transaction,
  shopId: number,
  customerId: number,
  orderIds: readonly number[],
  at: number,
): Promise<void> {
  await lockShop(tx, shopId);
  const ids = await forgetCustomer(tx, shopId, customerId, at);
  const version = await bumpDataVersion(tx, shopId);
  for (const some of chunks(orderIds, 500)) await releaseOrders(tx, { shopId, id: { in: some } }, version);
  await tx.prisma.dataRequest.deleteMany({ where: { shopId, customerId: { in: ids } } });
  await blankEvents(tx, shopId, new Set(ids));
}

/** Events keep their key, so that a redelivery is still known, and lose the ids. */
async function blankEvents(tx: Transaction, shopId: number, ids: ReadonlySet<number>): Promise<void> {
  const named = await tx.prisma.inboxEvent.findMany({
    where: {
      shopId,
      OR: [...ids].flatMap((id) => [{ resourceId: id }, { relatedIds: { contains: String(id) } }]),
    },
  });
  for (const { topic, eventId, resourceId, relatedIds } of named) {
    const related = JSON.parse(relatedIds) as unknown[];
    const names = ids.has(Number(resourceId)) || related.some((id) => ids.has(Number(id)));
    if (!names) continue;
    await tx.prisma.inboxEvent.update({
      where: { shopId_topic_eventId: { shopId, topic, eventId } },
      data: {
        resourceId: ids.has(Number(resourceId)) ? 0 : resourceId,
        relatedIds: JSON.stringify(related.filter((id) => !ids.has(Number(id)))),
      },
    });
  }
}

/** Removes everything of a shop. The job that does this may still be running and is left for its engine to remove. */
export async function eraseShop(tx: Transaction, shopId: number): Promise<void> {
  const where = { shopId };
  await tx.prisma.session.deleteMany({ where });
  await tx.prisma.orderLine.deleteMany({ where });
  await tx.prisma.refund.deleteMany({ where });
  await tx.prisma.order.deleteMany({ where });
  await tx.prisma.orderTombstone.deleteMany({ where });
  await tx.prisma.customer.deleteMany({ where });
  await tx.prisma.customerAlias.deleteMany({ where });
  await tx.prisma.erasure.deleteMany({ where });
  await tx.prisma.productVariant.deleteMany({ where });
  await tx.prisma.product.deleteMany({ where });
  await tx.prisma.unitCost.deleteMany({ where });
  await tx.prisma.abandonedCheckout.deleteMany({ where });
  await tx.prisma.inboxEvent.deleteMany({ where });
  await tx.prisma.syncState.deleteMany({ where });
  await tx.prisma.backfillWindow.deleteMany({ where });
  await tx.prisma.reconciliation.deleteMany({ where });
  await tx.prisma.dataRequest.deleteMany({ where });
  await tx.prisma.cronTick.deleteMany({ where });
  await tx.prisma.job.deleteMany({ where: { shopId, lockedAt: null } });
  await tx.prisma.shop.deleteMany({ where: { id: shopId } });
}
