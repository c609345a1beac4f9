/** Writes orders with their lines and refunds: whole, only what is newer, and never one that was deleted. */
import type { Order } from "../../core/order.ts";
import { failpoint } from "../../observability/failpoint.ts";
import {
  addOrderRows,
  applicableOrders,
  type OrderFacts,
  type OrderRows,
  type UnitCostSnapshot,
} from "../order-rows.ts";
import { chunks } from "../plain.ts";
import type { Transaction } from "../types.ts";
import { presentCustomers } from "./customers.server.ts";
import { bumpDataVersion, lockShop } from "./shops.server.ts";

/** Keeps every statement's parameters far below both databases' limits. */
const BATCH = 200;

/**
 * Saves orders in the caller's transaction. Saving the same orders again changes nothing but their version. For a whole
 * history use writeOrdersInBulk, which leaves the same rows.
 */
export async function saveOrders(
  tx: Transaction,
  shopId: number,
  orders: readonly Order[],
): Promise<{ applied: number }> {
  await lockShop(tx, shopId);
  let applied = 0;
  let version: number | undefined;
  for (const batch of chunks(orders, BATCH)) {
    const known = await loadKnown(tx, shopId, batch);
    const applicable = applicableOrders(batch, known);
    if (applicable.length === 0) continue;
    version ??= await bumpDataVersion(tx, shopId);
    const facts = { ...known, ...(await loadFacts(tx, shopId, applicable)) };
    const rows: OrderRows = { orders: [], lines: [], refunds: [] };
    for (const order of applicable) addOrderRows(rows, shopId, order, facts, version);
    await replaceRows(tx, shopId, rows);
    applied += applicable.length;
  }
  failpoint("orders:before-commit");
  return { applied };
}

async function loadKnown(tx: Transaction, shopId: number, orders: readonly Order[]) {
  const ids = orders.map(({ id }) => id);
  const stored = await tx.prisma.order.findMany({
    where: { shopId, id: { in: ids } },
    select: { id: true, updatedAt: true },
  });
  const deleted = await tx.prisma.orderTombstone.findMany({
    where: { shopId, orderId: { in: ids } },
    select: { orderId: true },
  });
  return {
    storedUpdatedAt: new Map(stored.map(({ id, updatedAt }) => [Number(id), Number(updatedAt)])),
    deletedOrderIds: new Set(deleted.map(({ orderId }) => Number(orderId))),
  };
}

async function loadFacts(
  tx: Transaction,
  shopId: number,
  orders: readonly Order[],
): Promise<Pick<OrderFacts, "storedCosts" | "customers" | "unitCosts">> {
  const customerIds = new Set(orders.flatMap(({ customerId }) => customerId ?? []));
  const variantIds = new Set(
    orders.flatMap(({ lines }) => lines.flatMap(({ variantId }) => variantId ?? [])),
  );
  return {
    storedCosts: await loadStoredCosts(
      tx,
      shopId,
      orders.map(({ id }) => id),
    ),
    customers: await presentCustomers(tx, shopId, customerIds),
    unitCosts: await loadUnitCosts(tx, shopId, [...variantIds]),
  };
}

async function loadStoredCosts(
  tx: Transaction,
  shopId: number,
  orderIds: number[],
): Promise<Map<number, Map<number, number>>> {
  const lines = await tx.prisma.orderLine.findMany({
    where: { shopId, orderId: { in: orderIds }, unitCostMinor: { not: null } },
    select: { orderId: true, id: true, unitCostMinor: true },
  });
  const costs = new Map<number, Map<number, number>>();
  for (const { orderId, id, unitCostMinor } of lines) {
    const ofOrder = costs.get(Number(orderId)) ?? new Map<number, number>();
    costs.set(Number(orderId), ofOrder.set(Number(id), Number(unitCostMinor)));
  }
  return costs;
}

async function loadUnitCosts(
  tx: Transaction,
  shopId: number,
  variantIds: number[],
): Promise<Map<number, UnitCostSnapshot[]>> {
  const costs = new Map<number, UnitCostSnapshot[]>();
  for (const ids of chunks(variantIds, 500)) {
    const snapshots = await tx.prisma.unitCost.findMany({
      where: { shopId, variantId: { in: ids } },
      orderBy: { validFrom: "asc" },
    });
    for (const { variantId, validFrom, costMinor } of snapshots) {
      const ofVariant = costs.get(Number(variantId)) ?? [];
      ofVariant.push({ validFrom: Number(validFrom), costMinor: Number(costMinor) });
      costs.set(Number(variantId), ofVariant);
    }
  }
  return costs;
}

async function replaceRows(tx: Transaction, shopId: number, rows: OrderRows): Promise<void> {
  const ids = rows.orders.map(({ id }) => id);
  await tx.prisma.orderLine.deleteMany({ where: { shopId, orderId: { in: ids } } });
  await tx.prisma.refund.deleteMany({ where: { shopId, orderId: { in: ids } } });
  await tx.prisma.order.deleteMany({ where: { shopId, id: { in: ids } } });
  await tx.prisma.order.createMany({ data: rows.orders });
  for (const lines of chunks(rows.lines, 500)) await tx.prisma.orderLine.createMany({ data: lines });
  for (const refunds of chunks(rows.refunds, 500)) await tx.prisma.refund.createMany({ data: refunds });
}

/** Takes an order that Shopify deleted out of the figures for good. */
export async function deleteOrder(
  tx: Transaction,
  shopId: number,
  orderId: number,
  at: number,
): Promise<void> {
  await lockShop(tx, shopId);
  const where = { shopId_orderId: { shopId, orderId } };
  if (await tx.prisma.orderTombstone.findUnique({ where })) return;
  const version = await bumpDataVersion(tx, shopId);
  await tx.prisma.orderTombstone.create({ data: { shopId, orderId, deletedAt: at, version } });
  await tx.prisma.orderLine.deleteMany({ where: { shopId, orderId } });
  await tx.prisma.refund.deleteMany({ where: { shopId, orderId } });
  await tx.prisma.order.deleteMany({ where: { shopId, id: orderId } });
}
