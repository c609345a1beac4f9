/** The customers whom the figures leave out now. */
import type { Reading } from "../types.ts";

export async function excludedCustomers(db: Reading, shopId: number): Promise<Set<number>> {
  const rows = await db.prisma.customer.findMany({ where: { shopId, excluded: true }, select: { id: true } });
  return new Set(rows.map(({ id }) => Number(id)));
}
