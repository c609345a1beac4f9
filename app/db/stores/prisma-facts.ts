/** What is known about a batch, asked through Prisma in the caller's transaction. */
import type { FactSource } from "../order-facts.ts";
import { chunks } from "../plain.ts";
import type { Transaction } from "../types.ts";

/** Both databases limit the parameters of one statement. */
const LIST_SIZE = 500;

async function inParts<Id, Row>(ids: Id[], ask: (part: Id[]) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (const part of chunks(ids, LIST_SIZE)) rows.push(...(await ask(part)));
  return rows;
}

export function prismaFacts({ prisma, subjectKeys }: Transaction, shopId: number): FactSource {
  return {
    shopId,
    subjectKeys,
    storedOrders: async (ids) => {
      const select = { id: true, updatedAt: true };
      const rows = await inParts(ids, (part) =>
        prisma.order.findMany({ where: { shopId, id: { in: part } }, select }),
      );
      return rows.map(({ id, updatedAt }) => [Number(id), Number(updatedAt)]);
    },
    storedCustomers: async (ids) => {
      const select = { id: true, updatedAt: true };
      const rows = await inParts(ids, (part) =>
        prisma.customer.findMany({ where: { shopId, id: { in: part } }, select }),
      );
      return rows.map(({ id, updatedAt }) => [Number(id), Number(updatedAt)]);
    },
    storedCheckouts: async (ids) => {
      const select = { id: true, updatedAt: true };
      const rows = await inParts(ids, (part) =>
        prisma.abandonedCheckout.findMany({ where: { shopId, id: { in: part } }, select }),
      );
      return rows.map(({ id, updatedAt }) => [Number(id), Number(updatedAt)]);
    },
    deletedOrders: async (ids) => {
      const rows = await inParts(ids, (part) =>
        prisma.orderTombstone.findMany({
          where: { shopId, orderId: { in: part } },
          select: { orderId: true },
        }),
      );
      return rows.map(({ orderId }) => Number(orderId));
    },
    storedCosts: async (ids) => {
      const select = { orderId: true, id: true, unitCostMinor: true };
      const rows = await inParts(ids, (part) =>
        prisma.orderLine.findMany({
          where: { shopId, orderId: { in: part }, unitCostMinor: { not: null } },
          select,
        }),
      );
      return rows.map(({ orderId, id, unitCostMinor }) => [
        Number(orderId),
        Number(id),
        Number(unitCostMinor),
      ]);
    },
    unitCosts: async (ids) => {
      const rows = await inParts(ids, (part) =>
        prisma.unitCost.findMany({
          where: { shopId, variantId: { in: part } },
          orderBy: { validFrom: "asc" },
        }),
      );
      return rows.map((row) => [Number(row.variantId), Number(row.validFrom), Number(row.costMinor)]);
    },
    aliases: async (ids) => {
      const rows = await inParts(ids, (part) =>
        prisma.customerAlias.findMany({ where: { shopId, fromId: { in: part } } }),
      );
      return rows.map(({ fromId, toId }) => [Number(fromId), Number(toId)]);
    },
    hasErasures: async () => (await prisma.erasure.findFirst({ where: { shopId } })) !== null,
    erased: async (hashes) => {
      const rows = await inParts(hashes, (part) =>
        prisma.erasure.findMany({ where: { shopId, subjectHash: { in: part } } }),
      );
      return rows.map(({ subjectHash, rejoinedAt }) => [
        subjectHash,
        rejoinedAt === null ? null : Number(rejoinedAt),
      ]);
    },
  };
}
