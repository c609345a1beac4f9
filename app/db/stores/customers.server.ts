/** Writes customers, and follows them when Shopify merges or deletes one. */
import type { Customer } from "../../core/customer.ts";
import { ORDER_FLAGS } from "../../core/order-flags.ts";
import { applicableCustomers, loadCurrentCustomers } from "../order-facts.ts";
import { chunks } from "../plain.ts";
import { hashSubject } from "../subject-hash.ts";
import type { Transaction } from "../types.ts";
import { customerRow } from "../order-rows.ts";
import { mergeLinkedMembers, unlinkMembers } from "./members.server.ts";
import { forgetImported } from "./points-imports.server.ts";
import { prismaFacts } from "./prisma-facts.ts";
import { mergeEventsOf } from "./outgoing-events.server.ts";
import { forgetPublications, publishLater } from "./publications.server.ts";
import { mergeRiskFalls } from "./risk-falls.server.ts";
import { bumpDataVersion, lockShop } from "./shops.server.ts";

/** Saves customers that are newer than the stored ones; merged and erased ones stay away. */
export async function saveCustomers(
  tx: Transaction,
  shopId: number,
  customers: readonly Customer[],
): Promise<{ applied: number }> {
  await lockShop(tx, shopId);
  const source = prismaFacts(tx, shopId);
  let applied = 0;
  let version: number | undefined;
  for (const batch of chunks(customers, 200)) {
    const applicable = await applicableCustomers(source, batch);
    if (applicable.length === 0) continue;
    const written = (version ??= await bumpDataVersion(tx, shopId));
    await tx.prisma.customer.deleteMany({ where: { shopId, id: { in: applicable.map(({ id }) => id) } } });
    await tx.prisma.customer.createMany({
      data: applicable.map((customer) => customerRow(shopId, customer, written)),
    });
    applied += applicable.length;
  }
  return { applied };
}

/** What Shopify says that a customer is now. */
export type SeenCustomer = Pick<Customer, "id" | "updatedAt" | "state" | "excluded">;

/**
 * Those of whom nothing that we keep has changed: our own metafields move a customer's time of change and nothing else. The time is kept, so
 * that nobody takes it for a change that was missed; the figures' version is not moved.
 */
export async function noteUnchanged(
  tx: Transaction,
  shopId: number,
  seen: readonly SeenCustomer[],
): Promise<Set<number>> {
  const rows = await tx.prisma.customer.findMany({
    where: { shopId, id: { in: seen.map(({ id }) => id) } },
    select: { id: true, state: true, excluded: true },
  });
  const stored = new Map(rows.map((row) => [Number(row.id), row]));
  const same = seen.filter(({ id, state, excluded }) => {
    const row = stored.get(id);
    return row !== undefined && row.state === state && row.excluded === excluded;
  });
  for (const [updatedAt, alike] of Map.groupBy(same, (each) => each.updatedAt)) {
    const ids = alike.map(({ id }) => id);
    await tx.prisma.customer.updateMany({
      where: { shopId, id: { in: ids }, updatedAt: { lt: updatedAt } },
      data: { updatedAt },
    });
  }
  // Of one that was told twice, with and without a change, none is passed over.
  const changed = new Set(seen.filter((each) => !same.includes(each)).map(({ id }) => id));
  return new Set(same.flatMap(({ id }) => (changed.has(id) ? [] : [id])));
}

/** Leaves customers out of the figures, or takes them in again, but for those written after `sinceVersion`. */
export async function setExcluded(
  tx: Transaction,
  shopId: number,
  customerIds: readonly number[],
  excluded: boolean,
  sinceVersion: number,
): Promise<void> {
  await lockShop(tx, shopId);
  const version = await bumpDataVersion(tx, shopId);
  await tx.prisma.customer.updateMany({
    where: { shopId, id: { in: [...customerIds] }, version: { lte: sinceVersion } },
    data: { excluded, version },
  });
}

/** Those of the customers that are another one by now (merged) or nobody (erased). */
export async function presentCustomers(
  tx: Transaction,
  shopId: number,
  customerIds: ReadonlySet<number>,
): Promise<ReadonlyMap<number, number | null>> {
  return loadCurrentCustomers(prismaFacts(tx, shopId), customerIds);
}

/** Gives everything of `fromId` to `toId` and remembers the way, for answers that still name the former. */
export async function mergeCustomers(
  tx: Transaction,
  shopId: number,
  fromId: number,
  toId: number,
  at: number,
): Promise<void> {
  if (fromId === toId) return;
  await lockShop(tx, shopId);
  const changed = await presentCustomers(tx, shopId, new Set([fromId, toId]));
  // Someone erased is not written down again, not even as an alias; the orders are a guest's already.
  if (changed.get(fromId) === null) return;
  // News of merges comes in any order: the survivor may have been merged away since.
  const survivorId = changed.get(toId) === undefined ? toId : (changed.get(toId) ?? null);
  if (survivorId === fromId) return;
  if (survivorId === null) {
    await forgetCustomer(tx, shopId, fromId, at);
    return;
  }
  await tx.prisma.customerAlias.updateMany({ where: { shopId, toId: fromId }, data: { toId: survivorId } });
  await tx.prisma.customerAlias.deleteMany({ where: { shopId, fromId } });
  await tx.prisma.customerAlias.create({ data: { shopId, fromId, toId: survivorId, mergedAt: at } });
  const version = await bumpDataVersion(tx, shopId);
  const mine = { shopId, customerId: fromId };
  await tx.prisma.order.updateMany({ where: mine, data: { customerId: survivorId, version } });
  await tx.prisma.abandonedCheckout.updateMany({ where: mine, data: { customerId: survivorId } });
  await mergeSegmentTags(tx, shopId, fromId, survivorId);
  await mergeRiskFalls(tx, shopId, fromId, survivorId);
  await mergeEventsOf(tx, shopId, fromId, survivorId);
  await mergeLinkedMembers(tx, shopId, fromId, survivorId, at);
  await forgetPublications(tx, shopId, "customer", [fromId]);
  await publishLater(tx, shopId, [survivorId], { first: false });
  await tx.prisma.customer.deleteMany({ where: { shopId, id: fromId } });
}

/** Shopify gives the survivor the tags of both. */
async function mergeSegmentTags(
  tx: Transaction,
  shopId: number,
  fromId: number,
  toId: number,
): Promise<void> {
  const tags = await tx.prisma.segmentTag.findMany({ where: { shopId, customerId: fromId } });
  for (const { name } of tags) {
    await tx.prisma.segmentTag.upsert({
      where: { shopId_name_customerId: { shopId, name, customerId: toId } },
      create: { shopId, name, customerId: toId, isTagged: true },
      update: {},
    });
  }
  await tx.prisma.segmentTag.deleteMany({ where: { shopId, customerId: fromId } });
}

/**
 * Removes the row of a customer whom Shopify no longer has. Orders keep the id: Shopify deletes nobody with orders, so one that still
 * names the customer was merged away unheard, and news of the merge must find it.
 */
export async function deleteCustomer(tx: Transaction, shopId: number, customerId: number): Promise<void> {
  await lockShop(tx, shopId);
  await bumpDataVersion(tx, shopId);
  await tx.prisma.customer.deleteMany({ where: { shopId, id: customerId } });
  await forgetPublications(tx, shopId, "customer", [customerId]);
}

/**
 * Takes a customer, by this and every former id, out of customers, orders and checkouts, and remembers the hashes so that
 * a late answer brings nothing back. Returns all the ids.
 */
export async function forgetCustomer(
  tx: Transaction,
  shopId: number,
  customerId: number,
  at: number,
): Promise<number[]> {
  const formers = await tx.prisma.customerAlias.findMany({ where: { shopId, toId: customerId } });
  const ids = [customerId, ...formers.map(({ fromId }) => Number(fromId))];
  for (const id of ids) {
    const [subjectHash] = hashSubject(tx.subjectKeys(), shopId, id);
    if (subjectHash === undefined) throw new Error("no key to hash erased customers with");
    await tx.prisma.erasure.upsert({
      where: { shopId_subjectHash: { shopId, subjectHash } },
      create: { shopId, subjectHash, erasedAt: at },
      update: { erasedAt: at, rejoinedAt: null },
    });
  }
  await tx.prisma.customerAlias.deleteMany({
    where: { shopId, OR: [{ toId: customerId }, { fromId: customerId }] },
  });
  const version = await bumpDataVersion(tx, shopId);
  await releaseOrders(tx, { shopId, customerId: { in: ids } }, version);
  await tx.prisma.abandonedCheckout.updateMany({
    where: { shopId, customerId: { in: ids } },
    data: { customerId: null },
  });
  await tx.prisma.customer.deleteMany({ where: { shopId, id: { in: ids } } });
  await unlinkMembers(tx, shopId, ids);
  await forgetImported(tx, shopId, ids);
  await forgetPublications(tx, shopId, "customer", ids);
  return ids;
}

/** An erased customer joins again: orders placed from now on are theirs, and nothing of what was before comes back. */
export async function letRejoin(
  tx: Transaction,
  shopId: number,
  customerId: number,
  at: number,
): Promise<void> {
  await lockShop(tx, shopId);
  await tx.prisma.erasure.updateMany({
    where: { shopId, subjectHash: { in: hashSubject(tx.subjectKeys(), shopId, customerId) } },
    // Shopify tells times of orders in whole seconds: what may have been before stays a guest's.
    data: { rejoinedAt: Math.ceil(at / 1000) * 1000 },
  });
}

/** Makes orders a guest's. */
export async function releaseOrders(
  tx: Transaction,
  where: { shopId: number; customerId?: { in: number[] }; id?: { in: number[] } },
  version: number,
): Promise<void> {
  await tx.prisma.order.updateMany({
    where: { ...where, customerId: where.customerId ?? { not: null } },
    data: { customerId: null, flags: { increment: ORDER_FLAGS.guest }, version },
  });
}
