/** Whether a shop's storefront shows what is published. */
import type { Storefront as StorefrontRow } from "../generated/sqlite/client.ts";
import { plain, type Plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";

export type StorefrontState = "on" | "off" | "stopped";

export interface Storefront extends Omit<Plain<StorefrontRow>, "state"> {
  state: StorefrontState;
}

export async function findStorefront(db: Reading, shopId: number): Promise<Storefront | null> {
  const row = await db.prisma.storefront.findUnique({ where: { shopId } });
  if (!row) return null;
  // Written by saveStorefront and endStorefront only.
  return { ...plain(row), state: row.state as StorefrontState };
}

export async function saveStorefront(
  tx: Transaction,
  shopId: number,
  storefront: { state: StorefrontState; startedAt: number },
): Promise<void> {
  await tx.prisma.storefront.upsert({
    where: { shopId },
    create: { shopId, ...storefront },
    update: storefront,
  });
}

/** The app has left the shop and took its data along: should it come back, everything is to be written again. */
export async function endStorefront(tx: Transaction, shopId: number): Promise<void> {
  await tx.prisma.storefront.updateMany({ where: { shopId }, data: { state: "off" } });
  await tx.prisma.publication.deleteMany({ where: { shopId } });
  await tx.prisma.bulkPublication.deleteMany({ where: { shopId } });
}
