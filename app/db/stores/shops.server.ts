/** The shop itself: who it is, whether it is installed, and the version of its data. */
import { plain, type Plain } from "../plain.ts";
import { Prisma, type Shop as ShopRow } from "../generated/sqlite/client.ts";
import type { Reading, Transaction } from "../types.ts";

export type Shop = Plain<ShopRow>;

// Every request and every step of a job asks for its shop, and Prisma compiles a query each time it is asked: written in SQL it takes
// a fifth of the time.
export async function findShop(db: Reading, domain: string): Promise<Shop | null> {
  const [row] = await db.sql.rows<Shop>(Prisma.sql`SELECT * FROM "Shop" WHERE "domain" = ${domain}`);
  return row ?? null;
}

export async function findShopById(db: Reading, shopId: number): Promise<Shop | null> {
  const [row] = await db.sql.rows<Shop>(Prisma.sql`SELECT * FROM "Shop" WHERE "id" = ${shopId}`);
  return row ?? null;
}

export async function installedShops(db: Reading): Promise<Shop[]> {
  const rows = await db.prisma.shop.findMany({
    where: { installedAt: { not: null }, uninstalledAt: null },
    orderBy: { id: "asc" },
  });
  return rows.map(plain);
}

export async function allShops(db: Reading): Promise<Shop[]> {
  const rows = await db.prisma.shop.findMany({ orderBy: { id: "asc" } });
  return rows.map(plain);
}

/** The shop of this domain, added if it is new. */
export async function ensureShop(tx: Transaction, domain: string): Promise<Shop> {
  return plain(await tx.prisma.shop.upsert({ where: { domain }, create: { domain }, update: {} }));
}

export interface ShopFacts {
  timeZone?: string;
  currency?: string;
  planName?: string;
  appPlan?: string;
  countryCode?: string | null;
  scopes?: string;
}

/** Records an install. Opening an installed app again changes only the facts; the generation grows with each new install. */
export async function markInstalled(
  tx: Transaction,
  shopId: number,
  facts: ShopFacts,
  at: number,
): Promise<{ installGeneration: number; isNewInstall: boolean }> {
  const shop = await lockShop(tx, shopId);
  const isNewInstall = shop.installedAt === null || shop.uninstalledAt !== null;
  const { installGeneration } = await tx.prisma.shop.update({
    where: { id: shopId },
    data: {
      ...facts,
      ...(isNewInstall ? { installGeneration: { increment: 1 }, installedAt: at, uninstalledAt: null } : {}),
    },
  });
  return { installGeneration, isNewInstall };
}

/** Ends an install and forgets its tokens; `false` where the shop has been installed anew since. */
export async function markUninstalled(
  tx: Transaction,
  shopId: number,
  installGeneration: number,
  at: number,
): Promise<boolean> {
  const shop = await lockShop(tx, shopId);
  if (shop.installGeneration !== installGeneration) return false;
  await tx.prisma.session.deleteMany({ where: { shopId } });
  if (shop.uninstalledAt !== null) return true;
  await tx.prisma.shop.update({ where: { id: shopId }, data: { uninstalledAt: at } });
  return true;
}

/** What the merchant decides, and how far a change of it has been followed. */
export type ShopSettings = Pick<
  Shop,
  | "countsTax"
  | "countsShipping"
  | "countsGiftCards"
  | "refundBasis"
  | "flatMarginBasisPoints"
  | "excludedTags"
  | "settingsVersion"
  | "settingsSavedAt"
  | "guideDismissedAt"
  | "tagsVersion"
  | "tagsAppliedVersion"
  | "taggedExpected"
  | "taggedFound"
>;

export async function changeShop(
  tx: Transaction,
  shopId: number,
  changes: ShopFacts & Partial<ShopSettings>,
): Promise<void> {
  await tx.prisma.shop.update({ where: { id: shopId }, data: changes });
}

/** Holds the shop's row until the transaction ends: orders and customers of a shop have one writer at a time. */
export async function lockShop(tx: Transaction, shopId: number): Promise<Shop> {
  // An update that changes nothing locks the row on PostgreSQL and starts the write on SQLite.
  const [row] = await tx.sql.rows<Shop>(
    Prisma.sql`UPDATE "Shop" SET "dataVersion" = "dataVersion" WHERE "id" = ${shopId} RETURNING *`,
  );
  if (!row) throw new Error(`there is no shop ${shopId}`);
  return row;
}

/** The version under which this transaction writes orders and customers. */
export async function bumpDataVersion(tx: Transaction, shopId: number): Promise<number> {
  const { dataVersion } = await tx.prisma.shop.update({
    where: { id: shopId },
    data: { dataVersion: { increment: 1 } },
    select: { dataVersion: true },
  });
  return dataVersion;
}
