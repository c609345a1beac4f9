/** An order as far as its buyer may ask for it: somebody else's is as good as none. */
import { plain } from "../plain.ts";
import type { Reading } from "../types.ts";

export interface OwnOrder {
  placedAt: number;
  paidAt: number | null;
  cancelledAt: number | null;
  /** Bits of app/core/order-flags.ts. */
  flags: number;
}

/** `null`: there is none of this customer. */
export async function ownOrder(
  db: Reading,
  shopId: number,
  orderId: number,
  customerId: number,
): Promise<OwnOrder | null> {
  const row = await db.prisma.order.findFirst({
    where: { shopId, id: orderId, customerId },
    select: { placedAt: true, paidAt: true, cancelledAt: true, flags: true },
  });
  return row && plain(row);
}
