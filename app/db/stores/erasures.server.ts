/** Erasure on request: of one customer, and of a whole shop. See docs/decisions/006-erasure.md. */
import { deleteSomeRows, SHOP_TABLES } from "../bulk/delete-rows.ts";
import { chunks } from "../plain.ts";
import type { Transaction } from "../types.ts";
import { forgetCustomer, releaseOrders } from "./customers.server.ts";
import { removeWaitingJobs } from "./jobs.server.ts";
import { forgetEventsOf } from "./outgoing-events.server.ts";
import { bumpDataVersion, findShopById, lockShop } from "./shops.server.ts";

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
  await tx.prisma.unreadableRecord.deleteMany({ where: { shopId, resource: "customers", id: { in: ids } } });
  await tx.prisma.segmentTag.deleteMany({ where: { shopId, customerId: { in: ids } } });
  await tx.prisma.riskFall.deleteMany({ where: { shopId, customerId: { in: ids } } });
  await forgetEventsOf(tx, shopId, ids);
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

/** What a shop is called while it is erased: nothing that a request, a webhook or an install could name. */
function domainWhileErased(shopId: number): string {
  return `erased:${shopId}`;
}

export function isBeingErased({ id, domain }: { id: number; domain: string }): boolean {
  return domain === domainWhileErased(id);
}

/**
 * Takes a shop's name and tokens away, in one transaction, so that nobody finds what is left of it while the rows go: a merchant who
 * comes back begins as a new shop. `false` where the shop has come back before.
 */
export async function beginShopErasure(
  tx: Transaction,
  shopId: number,
  installGeneration: number,
): Promise<boolean> {
  if (!(await findShopById(tx, shopId))) return false;
  const shop = await lockShop(tx, shopId);
  if (shop.uninstalledAt === null || shop.installGeneration !== installGeneration) return false;
  await tx.prisma.shop.update({ where: { id: shopId }, data: { domain: domainWhileErased(shopId) } });
  await tx.prisma.session.deleteMany({ where: { shopId } });
  return true;
}

/**
 * Removes the shop itself, with what a writer that was under way left behind its back; whoever locks the shop's row later finds
 * none. The job that does this is running and is left for its engine to remove.
 */
export async function endShopErasure(tx: Transaction, shopId: number): Promise<void> {
  if (!(await findShopById(tx, shopId))) return;
  const shop = await lockShop(tx, shopId);
  if (!isBeingErased(shop)) throw new Error(`shop ${shopId} is not being erased`);
  for (const table of SHOP_TABLES) {
    while ((await deleteSomeRows(tx, shopId, table, LEFTOVERS)) === LEFTOVERS);
  }
  await removeWaitingJobs(tx, shopId);
  await tx.prisma.shop.deleteMany({ where: { id: shopId } });
}

/** Of a table that was emptied a moment ago. */
const LEFTOVERS = 1_000;
