/** What decides about members' tiers: what their orders come to now, what they earned otherwise, what they bought and were given. */
import { ORDER_FLAGS } from "../../core/order-flags.ts";
import type { Dated, TierFacts } from "../../core/loyalty/tier-standing.ts";
import type { TierRules } from "../../core/loyalty/tiers.ts";
import { chunks } from "../plain.ts";
import { customersOfMembers } from "../stores/members.server.ts";
import { grantsOf } from "../stores/tiers.server.ts";
import type { Reading } from "../types.ts";
import { excludedAmong } from "./earning-facts.server.ts";

export interface MemberTierFacts extends TierFacts {
  /** Of orders with their ids, so that one that is being decided can be told anew. */
  amounts: readonly (Dated & { orderId?: number })[];
}

const ORDERS_AT_ONCE = 500;
const NEVER = ORDER_FLAGS.test | ORDER_FLAGS.cancelled | ORDER_FLAGS.b2b;
const PAID = ["paid", "partially_refunded"];

interface CountedOrder {
  id: number;
  memberId: number;
  placedAt: number;
  netMinor: number;
}

/** By member; who has been erased is missing. `from`: what was done before counts nothing; what was bought may. The members are few enough for one statement. */
export async function tierFacts(
  db: Reading,
  shopId: number,
  rules: TierRules,
  memberIds: readonly number[],
  from: number | null,
): Promise<Map<number, MemberTierFacts>> {
  const customers = await customersOfMembers(db, shopId, memberIds);
  const linked = [...customers.keys()];
  const facts = new Map(linked.map((memberId) => [memberId, nothing()]));
  if (linked.length === 0) return facts;
  const sold = rules.ladder.flatMap((tier) => tier.sold.map(({ productId }) => productId));
  const orders = await countedOrders(db, shopId, customers, sold.length > 0 ? null : from);
  for (const { memberId, ...amount } of await amountsOf(db, shopId, rules.by, orders, linked))
    if (from === null || amount.at >= from) facts.get(memberId)?.amounts.push(amount);
  for (const { memberId, ...bought } of await purchasesOf(db, shopId, orders, sold))
    facts.get(memberId)?.purchases.push(bought);
  for (const { memberId, tierId, fromAt, untilAt, endedAt } of await grantsOf(db, shopId, linked))
    if (endedAt === null) facts.get(memberId)?.grants.push({ tierId, from: fromAt, until: untilAt });
  return facts;
}

interface Writable {
  amounts: (Dated & { orderId?: number })[];
  purchases: TierFacts["purchases"][number][];
  grants: TierFacts["grants"][number][];
}

function nothing(): Writable {
  return { amounts: [], purchases: [], grants: [] };
}

/** Paid, with something that was kept or never cost anything, and without a chargeback that is open or lost. */
async function countedOrders(
  db: Reading,
  shopId: number,
  customers: ReadonlyMap<number, number>,
  from: number | null,
): Promise<CountedOrder[]> {
  const members = new Map([...customers].map(([memberId, customerId]) => [customerId, memberId]));
  const excluded = await excludedAmong(db, shopId, [...members.keys()]);
  const customerIds = [...members.keys()].filter((id) => !excluded.has(id));
  const rows = await db.prisma.order.findMany({
    where: {
      ...{ shopId, customerId: { in: customerIds }, financialStatus: { in: PAID } },
      OR: [{ netMinor: { gt: 0 } }, { netMinor: 0, refundMinor: 0 }],
      ...(from !== null && { placedAt: { gte: from } }),
    },
    select: { id: true, customerId: true, placedAt: true, netMinor: true, flags: true },
  });
  const charged = await chargedBack(
    db,
    shopId,
    rows.map(({ id }) => Number(id)),
  );
  return rows.flatMap(({ id, customerId, placedAt, netMinor, flags }) => {
    const memberId = members.get(Number(customerId));
    if (memberId === undefined || (flags & NEVER) !== 0 || charged.has(Number(id))) return [];
    return [{ id: Number(id), memberId, placedAt: Number(placedAt), netMinor: Number(netMinor) }];
  });
}

/** Those whose money the bank has taken back, or may. */
async function chargedBack(db: Reading, shopId: number, orderIds: readonly number[]): Promise<Set<number>> {
  const charged = new Set<number>();
  for (const some of chunks(orderIds, ORDERS_AT_ONCE)) {
    const rows = await db.prisma.orderAccrual.findMany({
      where: { shopId, orderId: { in: some }, disputeState: { in: ["open", "lost"] } },
      select: { orderId: true },
    });
    for (const { orderId } of rows) charged.add(Number(orderId));
  }
  return charged;
}

async function amountsOf(
  db: Reading,
  shopId: number,
  by: TierRules["by"],
  orders: readonly CountedOrder[],
  memberIds: readonly number[],
): Promise<(Dated & { memberId: number; orderId?: number })[]> {
  if (by !== "points") {
    return orders.flatMap(({ id: orderId, memberId, placedAt: at, netMinor }) =>
      netMinor > 0 ? [{ memberId, orderId, at, amount: by === "spend" ? netMinor : 1 }] : [],
    );
  }
  const points = await pointsOf(db, shopId, orders);
  const others = await db.prisma.lot.findMany({
    where: { shopId, memberId: { in: [...memberIds] }, kind: { in: ["survey", "activity"] } },
    select: { memberId: true, points: true, earnedAt: true },
  });
  return [
    ...orders.flatMap(({ id: orderId, memberId, placedAt: at }) => {
      const amount = points.get(orderId) ?? 0;
      return amount > 0 ? [{ memberId, orderId, at, amount }] : [];
    }),
    ...others.map(({ memberId, points: given, earnedAt }) => ({
      ...{ memberId, at: Number(earnedAt), amount: Number(given) },
    })),
  ];
}

/** What orders earn in their present state. */
async function pointsOf(
  db: Reading,
  shopId: number,
  orders: readonly CountedOrder[],
): Promise<Map<number, number>> {
  const points = new Map<number, number>();
  for (const some of chunks(orders, ORDERS_AT_ONCE)) {
    const rows = await db.prisma.orderAccrual.findMany({
      where: { shopId, orderId: { in: some.map(({ id }) => id) } },
      select: { orderId: true, targetPoints: true },
    });
    for (const { orderId, targetPoints } of rows) points.set(Number(orderId), Number(targetPoints));
  }
  return points;
}

async function purchasesOf(
  db: Reading,
  shopId: number,
  orders: readonly CountedOrder[],
  productIds: readonly number[],
): Promise<{ memberId: number; at: number; productId: number; units: number }[]> {
  if (productIds.length === 0) return [];
  const byId = new Map(orders.map((order) => [order.id, order]));
  const bought: { memberId: number; at: number; productId: number; units: number }[] = [];
  for (const some of chunks(orders, ORDERS_AT_ONCE)) {
    const lines = await db.prisma.orderLine.findMany({
      where: { shopId, orderId: { in: some.map(({ id }) => id) }, productId: { in: [...productIds] } },
      select: { orderId: true, productId: true, quantity: true, refundedQuantity: true },
    });
    for (const { orderId, productId, quantity, refundedQuantity } of lines) {
      const order = byId.get(Number(orderId));
      const units = quantity - refundedQuantity;
      if (order && units > 0)
        bought.push({ memberId: order.memberId, at: order.placedAt, productId: Number(productId), units });
    }
  }
  return bought;
}
