/** What an id of a customer stands for here: somebody, somebody merged into another, somebody erased, or nobody. */
import { hashSubject } from "../subject-hash.ts";
import type { Database } from "../types.ts";

type CustomerStanding =
  /** `createdAt` is `null` where only orders name the customer. */
  | { kind: "known"; createdAt: number | null; excluded: boolean; formerIds: number[] }
  | { kind: "merged"; intoId: number }
  | { kind: "erased"; erasedAt: number }
  | { kind: "unknown" };

export async function customerStanding(
  db: Database,
  shopId: number,
  customerId: number,
): Promise<CustomerStanding> {
  const [row, alias, order, formers] = await Promise.all([
    db.prisma.customer.findUnique({ where: { shopId_id: { shopId, id: customerId } } }),
    db.prisma.customerAlias.findUnique({ where: { shopId_fromId: { shopId, fromId: customerId } } }),
    db.prisma.order.findFirst({ where: { shopId, customerId }, select: { id: true } }),
    db.prisma.customerAlias.findMany({ where: { shopId, toId: customerId }, select: { fromId: true } }),
  ]);
  if (alias) return { kind: "merged", intoId: Number(alias.toId) };
  if (row || order) {
    return {
      kind: "known",
      createdAt: row ? Number(row.createdAt) : null,
      excluded: row?.excluded ?? false,
      formerIds: formers.map(({ fromId }) => Number(fromId)),
    };
  }
  const subjectHash = { in: hashSubject(db.subjectKeys(), shopId, customerId) };
  const erasure = await db.prisma.erasure.findFirst({
    where: { shopId, subjectHash, rejoinedAt: null },
  });
  return erasure ? { kind: "erased", erasedAt: Number(erasure.erasedAt) } : { kind: "unknown" };
}
