/** Products that only members of a tier may buy. Whoever writes here holds the shop's row. */
import type { AccessRule } from "../../core/loyalty/product-access.ts";
import type { ProductAccess } from "../generated/sqlite/client.ts";
import type { Reading, Transaction } from "../types.ts";

export interface StoredAccess extends AccessRule {
  productId: number;
}

/** By product. */
export async function accessRules(db: Reading, shopId: number): Promise<StoredAccess[]> {
  const rows = await db.prisma.productAccess.findMany({ where: { shopId }, orderBy: { productId: "asc" } });
  return rows.map(accessFrom);
}

export async function accessRulesOf(
  db: Reading,
  shopId: number,
  productIds: readonly number[],
): Promise<StoredAccess[]> {
  const rows = await db.prisma.productAccess.findMany({
    where: { shopId, productId: { in: [...productIds] } },
  });
  return rows.map(accessFrom);
}

export async function saveAccess(
  tx: Transaction,
  shopId: number,
  { productId, steps, openFrom }: StoredAccess,
): Promise<void> {
  const facts = { steps: JSON.stringify(steps), openFrom };
  await tx.prisma.productAccess.upsert({
    where: { shopId_productId: { shopId, productId } },
    create: { shopId, productId, ...facts },
    update: facts,
  });
}

/** `false`: there was none. */
export async function removeAccess(tx: Transaction, shopId: number, productId: number): Promise<boolean> {
  const { count } = await tx.prisma.productAccess.deleteMany({ where: { shopId, productId } });
  return count > 0;
}

function accessFrom({ productId, steps, openFrom }: ProductAccess): StoredAccess {
  // Written by saveAccess only.
  return { productId: Number(productId), steps: JSON.parse(steps) as AccessRule["steps"], openFrom };
}
