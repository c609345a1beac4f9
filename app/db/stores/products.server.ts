/** Writes products with their variants, and keeps each unit cost from the moment it was first seen. */
import type { Product } from "../../core/product.ts";
import { chunks, plain } from "../plain.ts";
import type { Transaction } from "../types.ts";
import { forgetPublications } from "./publications.server.ts";
import { lockShop } from "./shops.server.ts";

/**
 * Saves products that are not older than the stored ones; `at` is when Shopify told their unit costs. `firstCosts` variants had
 * none before: orders of them may stand without.
 */
export async function saveProducts(
  tx: Transaction,
  shopId: number,
  products: readonly Product[],
  at: number,
): Promise<{ applied: number; firstCosts: number }> {
  await lockShop(tx, shopId);
  let applied = 0;
  let firstCosts = 0;
  for (const batch of chunks(products, 100)) {
    const stored = await tx.prisma.product.findMany({
      where: { shopId, id: { in: batch.map(({ id }) => id) } },
      select: { id: true, updatedAt: true },
    });
    const updatedAt = new Map(stored.map((row) => [Number(row.id), Number(row.updatedAt)]));
    const newest = new Map<number, Product>();
    for (const product of batch) {
      const known = newest.get(product.id)?.updatedAt ?? updatedAt.get(product.id);
      if (known === undefined || product.updatedAt >= known) newest.set(product.id, product);
    }
    await replaceProducts(tx, shopId, [...newest.values()]);
    firstCosts += await snapshotCosts(tx, shopId, [...newest.values()], at);
    applied += newest.size;
  }
  if (applied > 0) await bumpProductsVersion(tx, shopId);
  return { applied, firstCosts };
}

/** What Shopify tells of a product without being asked. */
export type SeenProduct = Omit<Product, "createdAt" | "isGiftCard" | "variants"> & {
  variants: readonly Pick<Product["variants"][number], "id" | "priceMinor" | "title">[];
};

/** Those of which nothing that we keep has changed: our own metafields move a product's time of change and nothing else. The time is kept. */
export async function noteUnchangedProducts(
  tx: Transaction,
  shopId: number,
  seen: readonly SeenProduct[],
): Promise<Set<number>> {
  const ids = seen.map(({ id }) => id);
  const rows = await tx.prisma.product.findMany({ where: { shopId, id: { in: ids } } });
  const variants = await tx.prisma.productVariant.findMany({ where: { shopId, productId: { in: ids } } });
  const variantsOf = Map.groupBy(variants, ({ productId }) => Number(productId));
  const stored = new Map(
    rows.map((row) => {
      const facts = plain(row);
      return [facts.id, spelt({ ...facts, variants: (variantsOf.get(facts.id) ?? []).map(plain) })];
    }),
  );
  const changed = new Set<number>();
  for (const product of seen) if (stored.get(product.id) !== spelt(product)) changed.add(product.id);
  const same = seen.filter(({ id }) => !changed.has(id));
  for (const { id, updatedAt } of same) {
    await tx.prisma.product.updateMany({
      where: { shopId, id, updatedAt: { lt: updatedAt } },
      data: { updatedAt },
    });
  }
  return new Set(same.map(({ id }) => id));
}

/** All that is kept but the time of change, in one way of writing. */
function spelt({ id, title, productType, vendor, status, publishedAt, variants }: SeenProduct): string {
  const all = variants
    .map((variant): [number, string, number] => [variant.id, variant.title, variant.priceMinor])
    .toSorted(([a], [b]) => a - b);
  return JSON.stringify([id, title, productType, vendor, status, publishedAt, all]);
}

async function replaceProducts(tx: Transaction, shopId: number, products: readonly Product[]): Promise<void> {
  const ids = products.map(({ id }) => id);
  await tx.prisma.productVariant.deleteMany({ where: { shopId, productId: { in: ids } } });
  await tx.prisma.product.deleteMany({ where: { shopId, id: { in: ids } } });
  await tx.prisma.product.createMany({
    data: products.map(({ variants: _, ...facts }) => ({ shopId, ...facts })),
  });
  const variants = products.flatMap((product) =>
    product.variants.map(({ id, title, priceMinor }) => ({
      shopId,
      id,
      productId: product.id,
      title,
      priceMinor,
    })),
  );
  for (const some of chunks(variants, 500)) await tx.prisma.productVariant.createMany({ data: some });
}

async function snapshotCosts(
  tx: Transaction,
  shopId: number,
  products: readonly Product[],
  at: number,
): Promise<number> {
  const told = new Map(
    products.flatMap(({ variants }) =>
      variants.flatMap(({ id, unitCostMinor }) =>
        unitCostMinor === null ? [] : [[id, unitCostMinor] as const],
      ),
    ),
  );
  let first = 0;
  for (const ids of chunks([...told.keys()], 500)) {
    const known = await tx.prisma.unitCost.findMany({
      where: { shopId, variantId: { in: ids } },
      orderBy: { validFrom: "asc" },
    });
    const latest = new Map(known.map((row) => [Number(row.variantId), row]));
    const changed = ids.filter((id) => {
      const last = latest.get(id);
      return !last || (Number(last.costMinor) !== told.get(id) && Number(last.validFrom) <= at);
    });
    first += changed.filter((id) => !latest.has(id)).length;
    await tx.prisma.unitCost.deleteMany({ where: { shopId, variantId: { in: changed }, validFrom: at } });
    await tx.prisma.unitCost.createMany({
      data: changed.map((variantId) => ({
        shopId,
        variantId,
        validFrom: at,
        costMinor: told.get(variantId) ?? 0,
      })),
    });
  }
  return first;
}

/** Removes a product that Shopify deleted; its unit costs stay, because orders of it stay. */
export async function deleteProduct(tx: Transaction, shopId: number, productId: number): Promise<void> {
  await tx.prisma.productVariant.deleteMany({ where: { shopId, productId } });
  await tx.prisma.product.deleteMany({ where: { shopId, id: productId } });
  await forgetPublications(tx, shopId, "product", [productId]);
  await bumpProductsVersion(tx, shopId);
}

async function bumpProductsVersion(tx: Transaction, shopId: number): Promise<void> {
  await tx.prisma.shop.update({ where: { id: shopId }, data: { productsVersion: { increment: 1 } } });
}
