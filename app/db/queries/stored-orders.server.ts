/** Orders as they are stored, for rules that look at a whole order: without what only Shopify tells of a refund's units. */
import { ORDER_FLAGS } from "../../core/order-flags.ts";
import type { FinancialStatus, Order } from "../../core/order.ts";
import type { Order as OrderRow } from "../generated/sqlite/client.ts";
import { plain } from "../plain.ts";
import type { Reading } from "../types.ts";

/** Whose each order is now follows merges and erasures. `orderIds` are few enough for one statement. */
export async function storedOrders(
  { prisma }: Reading,
  shopId: number,
  orderIds: readonly number[],
): Promise<Order[]> {
  const rows = await prisma.order.findMany({ where: { shopId, id: { in: [...orderIds] } } });
  const ofThem = { shopId, orderId: { in: rows.map(({ id }) => id) } };
  const lines = await prisma.orderLine.findMany({ where: ofThem, orderBy: { id: "asc" } });
  const refunds = await prisma.refund.findMany({ where: ofThem, orderBy: { id: "asc" } });
  const linesOf = Map.groupBy(lines, ({ orderId }) => orderId);
  const refundsOf = Map.groupBy(refunds, ({ orderId }) => orderId);
  return rows.map((row) => ({
    ...orderFrom(row),
    lines: (linesOf.get(row.id) ?? []).map(plain),
    refunds: (refundsOf.get(row.id) ?? []).map((refund) => ({ ...plain(refund), returnedUnits: [] })),
  }));
}

function orderFrom(row: OrderRow): Omit<Order, "lines" | "refunds"> {
  const { flags, discountCodes, financialStatus, ...facts } = plain(row);
  const has = (flag: number) => (flags & flag) !== 0;
  return {
    ...facts,
    // Written by saveOrders and the bulk writer only.
    discountCodes: JSON.parse(discountCodes) as string[],
    financialStatus: financialStatus as FinancialStatus,
    isTest: has(ORDER_FLAGS.test),
    isDraft: has(ORDER_FLAGS.draft),
    isSubscription: has(ORDER_FLAGS.subscription),
    isPos: has(ORDER_FLAGS.pos),
    isB2b: has(ORDER_FLAGS.b2b),
  };
}
