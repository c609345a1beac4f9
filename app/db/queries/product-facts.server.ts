/** What recommendations need to know of each product of a shop. */
import type { ProductFact } from "../../core/recommendations/product-facts.ts";
import type { Reading } from "../types.ts";

/** `withMargins`: reads every variant's price and unit cost, too. */
export async function readProductFacts(
  db: Reading,
  shopId: number,
  withMargins: boolean,
): Promise<ProductFact[]> {
  const rows = await db.prisma.product.findMany({
    where: { shopId },
    select: { id: true, productType: true, vendor: true, status: true, isGiftCard: true, publishedAt: true },
  });
  const margins = withMargins ? await marginsOf(db, shopId) : null;
  return rows.map(({ id, publishedAt, ...facts }) => ({
    ...facts,
    productId: Number(id),
    publishedAt: publishedAt === null ? null : Number(publishedAt),
    margin: margins?.get(Number(id)) ?? null,
  }));
}

/** The mean of a product's variants, each at today's price and unit cost; those without either are left out. */
async function marginsOf(db: Reading, shopId: number): Promise<Map<number, number>> {
  const costs = await db.prisma.unitCost.findMany({
    where: { shopId },
    orderBy: { validFrom: "asc" },
    select: { variantId: true, costMinor: true },
  });
  const latest = new Map(costs.map(({ variantId, costMinor }) => [variantId, Number(costMinor)]));
  const variants = await db.prisma.productVariant.findMany({
    where: { shopId, priceMinor: { gt: 0 } },
    select: { id: true, productId: true, priceMinor: true },
  });
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { id, productId, priceMinor } of variants) {
    const cost = latest.get(id);
    if (cost === undefined) continue;
    const { sum, count } = sums.get(Number(productId)) ?? { sum: 0, count: 0 };
    sums.set(Number(productId), { sum: sum + 1 - cost / Number(priceMinor), count: count + 1 });
  }
  return new Map([...sums].map(([id, { sum, count }]) => [id, sum / count]));
}
