/** The lots of points that an order has brought. */
import { lotId } from "../../core/loyalty/ledger.ts";
import type { Lot } from "../../core/loyalty/member-account.ts";
import { lotFrom } from "../stores/ledger.server.ts";
import type { Reading } from "../types.ts";

/** `changes`: how often the ledger was written to for the order, of which each may have opened a lot. */
export async function lotsOfOrder(
  db: Reading,
  shopId: number,
  orderId: number,
  changes: number,
): Promise<Lot[]> {
  const ids = Array.from({ length: changes }, (_, sequence) => lotId("earn", String(orderId), sequence));
  const rows = await db.prisma.lot.findMany({ where: { shopId, id: { in: ids } } });
  return rows.map(lotFrom);
}
