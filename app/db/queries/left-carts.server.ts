/** The carts that known customers left lately and have not completed since. */
import { CART_DAYS, type LeftCart } from "../../core/clv/what-to-do.ts";
import type { Reading } from "../types.ts";

/** Ids rise with time, so the newest are found by the key; more would not be looked after one by one. */
const NEWEST = 2_000;
const DAY_MS = 86_400_000;

export async function leftCarts(db: Reading, shopId: number, now = Date.now()): Promise<LeftCart[]> {
  const rows = await db.prisma.abandonedCheckout.findMany({
    where: { shopId },
    orderBy: [{ shopId: "desc" }, { id: "desc" }],
    take: NEWEST,
    select: { customerId: true, createdAt: true, completedAt: true },
  });
  const since = now - CART_DAYS * DAY_MS;
  return rows.flatMap(({ customerId, createdAt, completedAt }) =>
    customerId !== null && completedAt === null && Number(createdAt) >= since
      ? [{ customerId: Number(customerId), createdAt: Number(createdAt) }]
      : [],
  );
}
