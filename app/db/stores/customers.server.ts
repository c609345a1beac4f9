/** Writes customers, and follows them when Shopify merges or deletes one. */
import type { Customer } from "../../core/customer.ts";
import { ORDER_FLAGS } from "../../core/order-flags.ts";
import { currentCustomers } from "../order-rows.ts";
import { chunks } from "../plain.ts";
import { hashSubject } from "../subject-hash.ts";
import type { Transaction } from "../types.ts";
import { bumpDataVersion, lockShop } from "./shops.server.ts";

/** Saves customers that are newer than the stored ones; merged, deleted and erased ones stay away. */
export async function saveCustomers(
  tx: Transaction,
  shopId: number,
  customers: readonly Customer[],
): Promise<{ applied: number }> {
  await lockShop(tx, shopId);
  let applied = 0;
  let version: number | undefined;
  for (const batch of chunks(customers, 200)) {
    const ids = batch.map(({ id }) => id);
    const gone = await presentCustomers(tx, shopId, new Set(ids));
    const stored = await tx.prisma.customer.findMany({
      where: { shopId, id: { in: ids } },
      select: { id: true, updatedAt: true },
    });
    const applicable = applicableCustomers(
      batch,
      new Map(stored.map(({ id, updatedAt }) => [Number(id), Number(updatedAt)])),
      gone,
    );
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

export interface CustomerRow extends Customer {
  shopId: number;
  version: number;
}

export function customerRow(shopId: number, customer: Customer, version: number): CustomerRow {
  const { id, createdAt, updatedAt, state, excluded } = customer;
  return { shopId, id, createdAt, updatedAt, state, excluded, version };
}

export function applicableCustomers(
  customers: readonly Customer[],
  storedUpdatedAt: ReadonlyMap<number, number>,
  gone: ReadonlyMap<number, number | null>,
): Customer[] {
  const newest = new Map<number, Customer>();
  for (const customer of customers) {
    if (gone.has(customer.id)) continue;
    const known = newest.get(customer.id)?.updatedAt ?? storedUpdatedAt.get(customer.id);
    if (known === undefined || customer.updatedAt >= known) newest.set(customer.id, customer);
  }
  return [...newest.values()];
}

/** Those of the customers that are another one by now (merged) or nobody (deleted or erased). */
export async function presentCustomers(
  tx: Transaction,
  shopId: number,
  customerIds: ReadonlySet<number>,
): Promise<Map<number, number | null>> {
  const aliases = new Map<number, number>();
  for (let asked = [...customerIds]; asked.length > 0;) {
    const found: number[] = [];
    for (const ids of chunks(asked, 500)) {
      const rows = await tx.prisma.customerAlias.findMany({ where: { shopId, fromId: { in: ids } } });
      for (const { fromId, toId } of rows) {
        aliases.set(Number(fromId), Number(toId));
        found.push(Number(toId));
      }
    }
    asked = found.filter((id) => !customerIds.has(id) && !aliases.has(id));
  }
  const erased = await erasedAmong(tx, shopId, new Set([...customerIds, ...aliases.values()]));
  return currentCustomers(customerIds, aliases, (id) => erased.has(id));
}

async function erasedAmong(tx: Transaction, shopId: number, ids: ReadonlySet<number>): Promise<Set<number>> {
  // Most shops have no erasure at all, and hashing every customer of a batch is not free.
  if (ids.size === 0 || !(await tx.prisma.erasure.findFirst({ where: { shopId } }))) return new Set();
  const owners = new Map<string, number>();
  for (const id of ids) {
    for (const hash of hashSubject(tx.subjectKeys(), shopId, id)) owners.set(hash, id);
  }
  const erased = new Set<number>();
  for (const hashes of chunks([...owners.keys()], 500)) {
    const rows = await tx.prisma.erasure.findMany({ where: { shopId, subjectHash: { in: hashes } } });
    for (const { subjectHash } of rows) {
      const id = owners.get(subjectHash);
      if (id !== undefined) erased.add(id);
    }
  }
  return erased;
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
  // The latest merge is right about who survives.
  await tx.prisma.customerAlias.deleteMany({ where: { shopId, fromId: toId } });
  if (changed.get(toId) === null) {
    await forgetCustomer(tx, shopId, fromId, at);
    return;
  }
  await tx.prisma.customerAlias.updateMany({ where: { shopId, toId: fromId }, data: { toId } });
  await tx.prisma.customerAlias.deleteMany({ where: { shopId, fromId } });
  await tx.prisma.customerAlias.create({ data: { shopId, fromId, toId, mergedAt: at } });
  const version = await bumpDataVersion(tx, shopId);
  const mine = { shopId, customerId: fromId };
  await tx.prisma.order.updateMany({ where: mine, data: { customerId: toId, version } });
  await tx.prisma.abandonedCheckout.updateMany({ where: mine, data: { customerId: toId } });
  await tx.prisma.customer.deleteMany({ where: { shopId, id: fromId } });
}

/** Shopify deleted the customer: the orders stay as a guest's. A merged one lives on in the survivor and is left alone. */
export async function deleteCustomer(
  tx: Transaction,
  shopId: number,
  customerId: number,
  at: number,
): Promise<void> {
  await lockShop(tx, shopId);
  const alias = await tx.prisma.customerAlias.findUnique({
    where: { shopId_fromId: { shopId, fromId: customerId } },
  });
  if (alias) return;
  await forgetCustomer(tx, shopId, customerId, at);
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
      update: {},
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
  return ids;
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
