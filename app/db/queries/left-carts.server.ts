/** The carts that known customers left lately and have not completed since. */
import { CART_DAYS, type LeftCart } from "../../core/clv/what-to-do.ts";
import { Prisma } from "../generated/sqlite/client.ts";
import type { Reading } from "../types.ts";

/** Ids rise with time, so the newest are found by the key; more would not be looked after one by one. */
const NEWEST = 2_000;
const DAY_MS = 86_400_000;

export async function leftCarts(db: Reading, shopId: number, now = Date.now()): Promise<LeftCart[]> {
  return db.sql.rows<LeftCart>(
    Prisma.sql`SELECT "customerId", "createdAt" FROM (
        SELECT "id", "customerId", "createdAt", "completedAt" FROM "AbandonedCheckout"
        WHERE "shopId" = ${shopId} ORDER BY "shopId" DESC, "id" DESC LIMIT ${NEWEST}
      ) newest
      WHERE "customerId" IS NOT NULL AND "completedAt" IS NULL AND "createdAt" >= ${now - CART_DAYS * DAY_MS}
      ORDER BY "id" DESC`,
  );
}
