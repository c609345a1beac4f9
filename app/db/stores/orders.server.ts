/** Writes orders with their lines and refunds: whole, only what is newer, and never one that was deleted. */
import type { Order } from "../../core/order.ts";
import { loadKnownOrders, loadOrderFacts } from "../order-facts.ts";
import { addOrderRows, applicableOrders, type OrderRows } from "../order-rows.ts";
import { chunks } from "../plain.ts";
import type { Transaction } from "../types.ts";
import { prismaFacts } from "./prisma-facts.ts";
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
  const source = prismaFacts(tx, shopId);
  let applied = 0;
  let version: number | undefined;
  for (const batch of chunks(orders, BATCH)) {
    const known = await loadKnownOrders(source, batch);
    const applicable = applicableOrders(batch, known);
    if (applicable.length === 0) continue;
    version ??= await bumpDataVersion(tx, shopId);
    const facts = await loadOrderFacts(source, applicable, known);
    const rows: OrderRows = { orders: [], lines: [], refunds: [] };
    for (const order of applicable) addOrderRows(rows, shopId, order, facts, version);
    await replaceRows(tx, shopId, rows);
    applied += applicable.length;
  }
  return { applied };
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
